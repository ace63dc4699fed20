package import Determinism

/// The sessions of one I/O loop.
package struct SessionHub {
    /// A hub of the node whose clients reconnect to `nodes`.
    package init(digest: any SecretDigest, nodes: [String] = []) {
        self.digest = digest
        self.nodes = nodes
    }

    private let digest: any SecretDigest
    private var nodes: [String]

    /// When `advance(to:wall:using:)` has something to do; nil when nothing waits for time.
    package var nextDeadline: Instant? { nil }

    /// Takes in what happened at `now`; answers what to do, in order.
    package mutating func receive(
        _ input: HubInput, at now: Instant, wall: WallTime,
        using generator: inout some RandomNumberGenerator
    ) -> [HubEffect] { [] }

    /// Does what is due at `now`.
    package mutating func advance(
        to now: Instant, wall: WallTime, using generator: inout some RandomNumberGenerator
    ) -> [HubEffect] { [] }
}
