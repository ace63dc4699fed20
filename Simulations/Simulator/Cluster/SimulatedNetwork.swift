package import Determinism
internal import Identity
internal import Wire

/// The network between simulated nodes: who can reach whom, how long it takes, and what gets lost.
///
/// Datagrams are lost, doubled, delayed, damaged and recorded. Streams keep their order while they
/// stand: what is sent into a cut waits for the cut to heal or for the stream to break. What is on
/// its way when a stream breaks may be gone, and neither side learns how much arrived.
///
/// Faults of the network are of paths. A path is calm once ``calm(among:)`` has healed it: no fault
/// touches it any more. What is not calm then stays as it is for ever.
///
/// A class, because it is asked at every message: asking a value that a class holds copies it
/// first.
final class SimulatedNetwork {
    /// One direction between two nodes.
    struct Path: Hashable {
        let from: NodeID
        let to: NodeID

        var back: Path { Path(from: to, to: from) }
    }

    /// What there is of one path.
    struct PathState {
        /// How many cuts it is part of.
        var cutCount = 0
        /// The last stream over it.
        var stream: Stream?
        /// How slowly the receiver reads; nil when it is as fast as anything.
        var reading: SlowReading?
    }

    /// Which nodes no fault touches any more.
    private enum Calm {
        case nobody
        /// Ascending.
        case among([NodeID])
        case everybody
    }

    var settings: NetworkSettings
    /// How much longer things may take while there is a delay spike; nil when there is none.
    var spikeWidth: Interval?
    var datagramFaults: DatagramFaults
    /// Batches that senders dropped because of slow readers, messages that filters took out, frames
    /// that ended in the middle, damaged datagrams whose bare body made a message all the same, and
    /// strangers that answered at a node's address.
    var batchesDropped: UInt64 = 0
    var messagesFiltered: UInt64 = 0
    var framesTorn: UInt64 = 0
    var damagedDecoded: UInt64 = 0
    var strangersMet: UInt64 = 0
    /// The faults that last until they are healed, oldest first.
    private(set) var lasting: [LastingFault] = []
    /// How many of them are filters: asked at every message.
    private var filterCount = 0
    /// Of all paths, one row for each sender: looked up at every message, so no dictionary.
    private var paths: [PathState] = []
    private var side = 0
    private var calm = Calm.nobody
    private var nextFault: UInt64 = 1
    private var nextStream: UInt64 = 1

    init(settings: NetworkSettings, seed: UInt64) {
        self.settings = settings
        datagramFaults = DatagramFaults(seed: seed)
    }

    // MARK: Paths

    /// What there is of a path.
    subscript(path: Path) -> PathState {
        let from = Int(path.from.rawValue)
        let to = Int(path.to.rawValue)
        return from < side && to < side ? paths[from * side + to] : PathState()
    }

    /// Changes what there is of a path, in place.
    func update<Result>(
        _ path: Path, _ change: (inout PathState) -> Result
    ) -> Result {
        let from = Int(path.from.rawValue)
        let to = Int(path.to.rawValue)
        if max(from, to) >= side { grow(to: max(16, 2 * (max(from, to) + 1))) }
        return change(&paths[from * side + to])
    }

    private func grow(to newSide: Int) {
        var grown = [PathState](repeating: PathState(), count: newSide * newSide)
        for from in 0..<side {
            for to in 0..<side { grown[from * newSide + to] = paths[from * side + to] }
        }
        paths = grown
        side = newSide
    }

    /// The number of the next stream.
    func takeStreamNumber() -> UInt64 {
        defer { nextStream += 1 }
        return nextStream
    }

    /// Whether bytes do not get from one node to the other now.
    func isBlocked(_ path: Path) -> Bool { self[path].cutCount > 0 }

    /// Whether no fault touches the path any more.
    func isCalm(_ path: Path) -> Bool {
        switch calm {
        case .nobody: false
        case .among(let nodes): nodes.contains(path.from) && nodes.contains(path.to)
        case .everybody: true
        }
    }

    /// How long something takes on the path.
    func delay(of path: Path, using generator: inout SeededGenerator) -> Interval {
        settings.delayMin.jittered(by: width(of: path), using: &generator)
    }

    /// How much longer than the least something may take on the path.
    func width(of path: Path) -> Interval {
        guard let spikeWidth, !isCalm(path) else { return settings.delayWidth }
        return spikeWidth
    }

    // MARK: Faults that last

    /// Lets a fault begin that lasts until it is healed; paths that are calm are spared.
    func begin(_ effect: LastingFault.Effect) -> LastingFault.ID {
        let fault = LastingFault(id: LastingFault.ID(rawValue: nextFault), effect: effect)
        nextFault += 1
        guard let fault = fault.filtered(by: { !isCalm($0) }) else { return fault.id }
        lasting.append(fault)
        switch fault.effect {
        case .cut(let paths): for path in paths { update(path) { $0.cutCount += 1 } }
        case .slowReading(let path, let reading): update(path) { $0.reading = reading }
        case .filter: filterCount += 1
        case .clientCut: break
        }
        return fault.id
    }

    /// Ends a fault; answers which paths may be better than before.
    func heal(_ id: LastingFault.ID) -> [Path] {
        guard let position = lasting.firstIndex(where: { $0.id == id }) else { return [] }
        return undo(lasting.remove(at: position).effect)
    }

    /// Makes the paths between `nodes`, or all when that is nil, calm for ever, and all nodes of
    /// `machines` free for clients; answers which of the paths may be better than before. Faults of
    /// other paths stay.
    func calm(among nodes: [NodeID]?, machines: [Int]) -> [Path] {
        calm = nodes.map { .among($0.sorted()) } ?? .everybody
        let before = lasting
        lasting = []
        var healed: [Path] = []
        for fault in before {
            switch fault.effect {
            case .filter: lasting.append(fault)
            case .clientCut(let cut):
                if !machines.contains(cut.machine) { lasting.append(fault) }
            case .cut, .slowReading:
                if let rest = fault.filtered(by: { !isCalm($0) }) { lasting.append(rest) }
                if let gone = fault.filtered(by: { isCalm($0) }) { healed += undo(gone.effect) }
            }
        }
        return healed
    }

    private func undo(_ effect: LastingFault.Effect) -> [Path] {
        switch effect {
        case .cut(let paths):
            for path in paths { update(path) { $0.cutCount -= 1 } }
            return paths.filter { !isBlocked($0) }
        case .slowReading(let path, _):
            update(path) { $0.reading = nil }
            return [path]
        case .filter:
            filterCount -= 1
            return []
        case .clientCut: return []
        }
    }

    /// The filters in force on a path.
    func filters(on path: Path) -> [MessageFilter] {
        guard filterCount > 0, !isCalm(path) else { return [] }
        return lasting.compactMap { fault in
            guard case .filter(let filter) = fault.effect, filter.touches(path) else { return nil }
            return filter
        }
    }

    /// Whether nothing gets from the person, or from somebody without a name, to the machine, or
    /// back.
    func isCutOff(person: Int?, from machine: Int) -> Bool {
        lasting.contains { fault in
            guard case .clientCut(let cut) = fault.effect, cut.machine == machine else {
                return false
            }
            guard let people = cut.people else { return true }
            return person.map { people.contains($0) } ?? false
        }
    }
}

/// How good the simulated network is.
package struct NetworkSettings: Hashable, Sendable {
    /// The least time that anything takes from node to node.
    package var delayMin = Interval.microseconds(100)
    /// How much longer it may take.
    package var delayWidth = Interval.microseconds(400)

    /// A good local network.
    package init() {}
}
