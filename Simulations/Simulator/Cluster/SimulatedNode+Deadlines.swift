internal import Determinism
internal import Node

/// When a machine wants to be woken. Asked in place, because asking an optional value that a class
/// holds copies the whole node first.
extension SimulatedNode {
    /// When its node does; nil while it has none.
    var nextDeadline: Instant? { Self.deadline(of: &node) }

    /// When its hub does; nil for never.
    var nextHubDeadline: Instant? { Self.deadline(of: &hub) }

    private static func deadline(of node: inout ClusterNode?) -> Instant? { node?.nextDeadline }

    private static func deadline(of hub: inout SessionHub?) -> Instant? { hub?.nextDeadline }
}
