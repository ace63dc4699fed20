package import Determinism
internal import Identity
internal import Wire

/// The network between simulated nodes: who can reach whom, how long it takes, and what gets lost.
///
/// Datagrams are lost, doubled and reordered. Streams keep their order and lose nothing while they
/// stand: what is sent into a cut waits for the cut to heal or for the stream to break. What is on
/// its way when a stream breaks is gone, and neither side learns how much arrived.
struct SimulatedNetwork {
    /// One direction between two nodes.
    struct Path: Hashable {
        let from: NodeID
        let to: NodeID

        var back: Path { Path(from: to, to: from) }
    }

    /// The stream over which `from` sends to `to`.
    struct Stream {
        /// Which of the successive streams of the path this is.
        var number: UInt64
        var isOpen: Bool
        /// When the last bytes under way arrive: later ones are not faster.
        var busyUntil: Instant
        /// What was sent while the path was cut.
        var held: [[PeerMessage]] = []
    }

    var settings: NetworkSettings
    /// Datagrams that were lost, doubled and delayed.
    private(set) var lostCount: UInt64 = 0
    private(set) var doubledCount: UInt64 = 0
    private(set) var delayedCount: UInt64 = 0
    private var streams: [Path: Stream] = [:]
    private var blocked: [Path] = []
    private var nextNumber: UInt64 = 1

    init(settings: NetworkSettings) {
        self.settings = settings
    }

    /// Whether bytes get from one node to the other now.
    func isBlocked(_ path: Path) -> Bool { blocked.contains(path) }

    /// Cuts the path, in this direction only.
    mutating func block(_ path: Path) {
        if !blocked.contains(path) { blocked.append(path) }
    }

    /// Heals every path; answers which were cut.
    mutating func healAll() -> [Path] {
        defer { blocked = [] }
        return blocked
    }

    /// The stream of the path, if it is open.
    func stream(_ path: Path) -> Stream? {
        guard let stream = streams[path], stream.isOpen else { return nil }
        return stream
    }

    /// Opens a new stream on the path and returns its number.
    mutating func open(_ path: Path, at now: Instant) -> UInt64 {
        let number = nextNumber
        nextNumber += 1
        streams[path] = Stream(number: number, isOpen: true, busyUntil: now)
        return number
    }

    /// Closes the stream of the path; its number, if it was open.
    mutating func close(_ path: Path) -> UInt64? {
        guard let stream = streams[path], stream.isOpen else { return nil }
        streams[path]?.isOpen = false
        streams[path]?.held = []
        return stream.number
    }

    /// Keeps what was sent into a cut.
    mutating func hold(_ messages: [PeerMessage], on path: Path) {
        streams[path]?.held.append(messages)
    }

    /// Takes out what was kept, in order.
    mutating func takeHeld(of path: Path) -> [[PeerMessage]] {
        defer { streams[path]?.held = [] }
        return streams[path]?.held ?? []
    }

    /// Nothing arrives on the path's stream before `instant`.
    mutating func stall(_ path: Path, until instant: Instant) {
        guard let stream = stream(path) else { return }
        streams[path]?.busyUntil = max(stream.busyUntil, instant)
    }

    /// When bytes that are sent on the path's stream now arrive.
    mutating func arrival(
        on path: Path, at now: Instant, using generator: inout SeededGenerator
    ) -> Instant {
        let delay = settings.delayMin.jittered(by: settings.delayWidth, using: &generator)
        let arrival = max(streams[path]?.busyUntil ?? now, now + delay)
        streams[path]?.busyUntil = arrival
        return arrival
    }

    /// When the copies of a datagram arrive: none, one or two.
    mutating func arrivals(at now: Instant, using generator: inout SeededGenerator) -> [Instant] {
        if generator.chance(settings.lossPerMille, in: 1_000) {
            lostCount += 1
            return []
        }
        let isDoubled = generator.chance(settings.duplicationPerMille, in: 1_000)
        if isDoubled { doubledCount += 1 }
        return (0..<(isDoubled ? 2 : 1)).map { _ in
            let isSlow = generator.chance(settings.reorderPerMille, in: 1_000)
            if isSlow { delayedCount += 1 }
            let width = isSlow ? settings.delayWidth * 20 : settings.delayWidth
            return now + settings.delayMin.jittered(by: width, using: &generator)
        }
    }
}

/// How good the simulated network is.
package struct NetworkSettings: Hashable, Sendable {
    /// The least time that anything takes from node to node.
    package var delayMin = Interval.microseconds(100)
    /// How much longer it may take.
    package var delayWidth = Interval.microseconds(400)
    /// How many of a thousand datagrams are lost.
    package var lossPerMille: UInt64 = 0
    /// How many of a thousand datagrams arrive twice.
    package var duplicationPerMille: UInt64 = 0
    /// How many of a thousand datagrams arrive late.
    package var reorderPerMille: UInt64 = 0

    /// A good local network.
    package init() {}
}
