internal import Determinism
internal import Identity
internal import Wire

/// Streams between nodes: each is of one path, because each side dials its own.
extension SimulatedNetwork {
    /// The stream over which `from` sends to `to`.
    struct Stream {
        /// Which of all streams this is.
        let number: UInt64
        var isOpen = true
        /// When the last bytes under way arrive: later ones are not faster.
        var busyUntil: Instant
        /// Nothing that is sent before this time moves.
        var stalledUntil = Instant.start
        /// How many batches are under way.
        var underWay = 0
        /// What was sent while the path was cut, or its reader slow.
        var held: [[PeerMessage]] = []
        /// The other end knows nothing of the stream any more: what is sent is lost, and only
        /// silence tells.
        var isHalfOpen = false
        /// What is still read of it after its end; nil for nothing.
        var remains: Remains?
    }

    /// What a receiver still reads of a stream that its sender has given up: all that arrives until
    /// some time, and a part of what comes next.
    struct Remains {
        let until: Instant
        /// Draws how the last frame is torn.
        let seed: UInt64
    }

    /// What reaches the receiver of a batch.
    enum Reception {
        case whole
        /// The bytes end in the middle.
        case torn(seed: UInt64)
        case nothing
    }

    /// The stream of the path, if it is open.
    func stream(_ path: Path) -> Stream? {
        guard let stream = self[path].stream, stream.isOpen else { return nil }
        return stream
    }

    /// Opens a new stream on the path and returns its number.
    func open(_ path: Path, at now: Instant) -> UInt64 {
        let number = takeStreamNumber()
        update(path) { $0.stream = Stream(number: number, busyUntil: now) }
        return number
    }

    /// Closes the stream of the path; its number, if it was open. Of what is under way the receiver
    /// reads the `remains`.
    func close(_ path: Path, remains: Remains? = nil) -> UInt64? {
        update(path) { state in
            guard let stream = state.stream, stream.isOpen else { return nil }
            state.stream?.isOpen = false
            state.stream?.held = []
            state.stream?.remains = remains
            return stream.number
        }
    }

    /// What becomes of a batch of the stream `number` that arrives now.
    func receive(on path: Path, stream number: UInt64, at now: Instant) -> Reception {
        update(path) { state in
            guard let stream = state.stream, stream.number == number else { return .nothing }
            state.stream?.underWay -= 1
            if stream.isOpen { return stream.isHalfOpen ? .nothing : .whole }
            guard let remains = stream.remains else { return .nothing }
            if now <= remains.until { return .whole }
            state.stream?.remains = nil
            return .torn(seed: remains.seed)
        }
    }

    /// Whether what is sent on the path's stream is not heard for long: such a stream is given up.
    func isDead(_ path: Path, at now: Instant) -> Bool {
        if isBlocked(path) || isBlocked(path.back) { return true }
        guard let stream = stream(path) else { return false }
        return stream.isHalfOpen || stream.stalledUntil > now
    }

    // MARK: Waiting

    /// Whether a new batch may go now, rather than wait.
    func hasRoom(on path: Path) -> Bool {
        guard let stream = self[path].stream, stream.held.isEmpty else { return false }
        return hasRoomForHeld(on: path)
    }

    /// Whether the oldest batch that waits may go now.
    func hasRoomForHeld(on path: Path) -> Bool {
        let state = self[path]
        guard state.cutCount == 0, let stream = state.stream else { return false }
        guard let reading = state.reading else { return true }
        return stream.underWay < reading.underWayMax
    }

    /// Keeps what cannot go. With a slow reader the oldest that wait are dropped when there are too
    /// many.
    func hold(_ messages: [PeerMessage], on path: Path) {
        let dropped = update(path) { state in
            state.stream?.held.append(messages)
            guard let reading = state.reading, let count = state.stream?.held.count,
                count > reading.waitingMax
            else { return 0 }
            state.stream?.held.removeFirst(count - reading.waitingMax)
            return count - reading.waitingMax
        }
        batchesDropped += UInt64(dropped)
    }

    /// Takes out the oldest of what was kept; nil when there is none.
    func takeHeld(of path: Path) -> [PeerMessage]? {
        update(path) { state in
            guard let stream = state.stream, !stream.held.isEmpty else { return nil }
            return state.stream?.held.removeFirst()
        }
    }

    /// Nothing arrives on the path's stream before `instant`.
    func stall(_ path: Path, until instant: Instant) {
        update(path) { state in
            guard let stream = state.stream, stream.isOpen else { return }
            state.stream?.busyUntil = max(stream.busyUntil, instant)
            state.stream?.stalledUntil = max(stream.stalledUntil, instant)
        }
    }

    /// The receiver forgets the path's stream; its sender does not know.
    func halfOpen(_ path: Path) {
        update(path) { $0.stream?.isHalfOpen = true }
    }

    /// When bytes that are sent on the path's stream now arrive.
    func arrival(
        on path: Path, at now: Instant, using generator: inout SeededGenerator
    ) -> Instant {
        let delay = delay(of: path, using: &generator)
        return update(path) { state in
            var arrival = max(state.stream?.busyUntil ?? now, now + delay)
            if let reading = state.reading { arrival = arrival + reading.pause }
            state.stream?.busyUntil = arrival
            state.stream?.underWay += 1
            return arrival
        }
    }
}
