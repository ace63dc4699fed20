import Determinism
import Identity

@testable import Raft

extension SimulatedGroup {
    // MARK: Start and crash

    mutating func start(_ position: Int) {
        let disk = hosts[position].disk
        let vote = options.sabotage == .forgetsVote ? nil : disk.hardState.vote
        let restored = RaftRestoredState(
            hardState: HardState(
                term: disk.hardState.term, vote: vote,
                commit: min(disk.hardState.commit, disk.lastIndex)),
            originIndex: disk.origin, originTerm: disk.originTerm,
            configuration: configuration(at: disk.applied), applied: disk.applied,
            appliedTerm: disk.term(at: disk.applied) ?? disk.originTerm,
            lastIndex: disk.lastIndex, lastTerm: disk.lastTerm,
            entries: Array(disk.entries.dropFirst(disk.applied.distance(from: disk.origin))),
            isSuspect: disk.isSuspect)
        do {
            try restored.validate()
        } catch {
            violations.append("\(hosts[position].id) restores \(error)")
            return
        }
        hosts[position].isDown = false
        hosts[position].applied = disk.applied
        hosts[position].writing = []
        hosts[position].toApply = []
        hosts[position].nextTick = step + generator.next(upperBound: UInt64(10))
        hosts[position].replica = RaftReplica(
            id: hosts[position].id, shard: ShardID(1), settings: settings, restored: restored,
            at: now, using: &generator)
    }

    /// Loses what is not on disk: a random suffix of the writes that are under way, and a random
    /// part of the applied state.
    mutating func crash(_ position: Int) {
        let survivors = generator.next(upperBound: UInt64(hosts[position].writing.count + 1))
        for work in hosts[position].writing.prefix(Int(survivors)) { complete(work, position) }
        hosts[position].replica = nil
        hosts[position].isDown = true
        let durable = hosts[position].disk.applied
        let lost = generator.next(
            upperBound: UInt64(hosts[position].applied.distance(from: durable) + 1))
        let applied = min(hosts[position].applied - Int(lost), hosts[position].disk.lastIndex)
        hosts[position].disk.applied = max(durable, applied)
        damage(position)
    }

    /// Bit rot: the end of the log, down to what is applied, is unreadable. One replica at a time.
    private mutating func damage(_ position: Int) {
        guard !isCalm, generator.chance(1, in: options.isRough ? 2 : 10),
            !hosts.contains(where: { $0.disk.isSuspect || $0.replica?.isSuspect ?? false })
        else { return }
        let disk = hosts[position].disk
        let exposed = disk.lastIndex.distance(from: disk.applied)
        guard exposed > 0 else { return }
        let lost = 1 + Int(generator.next(upperBound: UInt64(exposed)))
        hosts[position].disk.entries.removeLast(lost)
        hosts[position].disk.isSuspect = options.sabotage != .overlooksDamage
        suspicions += 1
    }

    func configuration(at index: LogIndex) -> Configuration {
        guard index >= RaftRestoredState.genesisIndex else { return .empty }
        return configurations.last { $0.index <= index }?.configuration ?? .empty
    }

    // MARK: The disk

    mutating func work(_ position: Int) {
        while let next = hosts[position].writing.first,
            generator.chance(isCalm ? 100 : writePercent, in: 100)
        {
            hosts[position].writing.removeFirst()
            complete(next, position)
            finish(next, position)
        }
        if !hosts[position].toApply.isEmpty, generator.chance(2, in: 3) { apply(position) }
        if generator.chance(1, in: 50) { flushState(position) }
    }

    private mutating func complete(_ work: Work, _ position: Int) {
        switch work {
        case .write(let ready):
            hosts[position].disk.write(ready)
        case .install(let metadata):
            hosts[position].disk.entries = []
            hosts[position].disk.origin = metadata.index
            hosts[position].disk.originTerm = metadata.term
            hosts[position].disk.applied = metadata.index
            hosts[position].applied = metadata.index
            snapshotsInstalled += 1
        }
    }

    /// Tells the replica, and lets the messages go that waited.
    private mutating func finish(_ work: Work, _ position: Int) {
        switch work {
        case .write(let ready):
            if options.sabotage != .confirmsBeforeDurable {
                hosts[position].replica?.persisted(through: ready.token)
                for message in ready.messagesAfterPersist { send(message) }
                if options.sabotage == .forgetsVote,
                    ready.messagesAfterPersist.contains(where: {
                        $0.body == .voteReply(granted: true)
                    })
                {
                    crash(position)
                    start(position)
                }
            }
        case .install(let metadata):
            hosts[position].toApply = []
            hosts[position].replica?.snapshotInstalled(metadata)
        }
    }

    private mutating func apply(_ position: Int) {
        let count = 1 + generator.next(upperBound: UInt64(hosts[position].toApply.count))
        for entry in hosts[position].toApply.prefix(Int(count)) {
            if entry.index != hosts[position].applied.next {
                violations.append("\(hosts[position].id) applies \(entry.index) out of order")
            }
            hosts[position].applied = entry.index
        }
        hosts[position].toApply.removeFirst(Int(count))
        let applied = hosts[position].applied
        hosts[position].replica?.applied(through: applied)
    }

    /// The applied state becomes durable; sometimes the log is compacted up to there.
    private mutating func flushState(_ position: Int) {
        guard
            !hosts[position].writing.contains(where: {
                if case .install = $0 { true } else { false }
            })
        else { return }
        hosts[position].disk.applied = hosts[position].applied
        guard generator.chance(1, in: 3) else { return }
        let index = hosts[position].applied - Int(generator.next(upperBound: UInt64(10)))
        hosts[position].disk.compact(through: index)
        if hosts[position].disk.origin == index {
            let term = hosts[position].disk.originTerm
            hosts[position].replica?.compacted(through: index, term: term)
        }
    }

    // MARK: Ready

    mutating func drain(_ position: Int) {
        while let ready = hosts[position].replica?.takeReady() {
            check(ready, position)
            for message in ready.messages { send(message) }
            hosts[position].writing.append(.write(ready))
            if options.sabotage == .confirmsBeforeDurable {
                hosts[position].replica?.persisted(through: ready.token)
                for message in ready.messagesAfterPersist { send(message) }
            }
            hosts[position].toApply += ready.committed
            for request in ready.logReads { answer(request, position) }
            for follower in ready.snapshotsToSend { stream(to: follower, from: position) }
        }
        if step % 16 == 0 { hosts[position].replica?.checkInvariants() }
    }

    private mutating func answer(_ request: LogReadRequest, _ position: Int) {
        let disk = hosts[position].disk
        var outcome = LogReadResult.Outcome.unavailable
        if let previousTerm = disk.term(at: request.from.previous),
            request.through <= disk.lastIndex
        {
            var entries: [LogEntry] = []
            var bytes = 0
            for entry in disk.entries
            where entry.index >= request.from && entry.index <= request.through {
                bytes += entry.byteCount
                if bytes > request.bytesMax, !entries.isEmpty { break }
                entries.append(entry)
            }
            outcome = .entries(previousTerm: previousTerm, entries)
        }
        post(
            .logRead(LogReadResult(request: request, outcome: outcome), to: hosts[position].id),
            after: 1 + generator.next(upperBound: UInt64(4)))
    }

    private mutating func stream(to follower: ReplicaID, from position: Int) {
        let host = hosts[position]
        let index = host.applied
        guard let term = host.disk.term(at: index), let replica = host.replica else {
            post(.snapshotSent(to: follower, success: false, at: host.id), after: 1)
            return
        }
        let metadata = SnapshotMetadata(
            index: index, term: term, configuration: configuration(at: index))
        let isLost = !isCalm && generator.chance(1, in: 4)
        let delay = 2 + generator.next(upperBound: UInt64(20))
        if !isLost {
            post(
                .snapshot(metadata, from: host.id, to: follower, term: replica.term), after: delay)
        }
        post(.snapshotSent(to: follower, success: !isLost, at: host.id), after: delay + 2)
    }

    // MARK: The network

    mutating func send(_ message: RaftMessage) {
        guard !blocked[Self.position(of: message.from)][Self.position(of: message.to)] else {
            return
        }
        let copies = !isCalm && generator.chance(duplicatePerMille, in: 1_000) ? 2 : 1
        for _ in 0..<copies {
            if !isCalm, generator.chance(lossPerMille, in: 1_000) { continue }
            post(.message(message), after: 1 + generator.next(upperBound: isCalm ? 1 : delayMax))
        }
    }

    private mutating func post(_ content: Packet.Content, after steps: UInt64) {
        packets.append(Packet(at: step + steps, content: content))
    }

    mutating func deliver() {
        let due = packets.filter { $0.at <= step }
        packets.removeAll { $0.at <= step }
        for packet in due {
            if case .message = packet.content {
                deliver(packet.content)
            } else if let busy = busyHost(packet.content), hosts[busy].pausedUntil > step {
                // What a host tells its own replica is late at most.
                packets.append(Packet(at: hosts[busy].pausedUntil, content: packet.content))
            } else {
                deliver(packet.content)
            }
        }
    }

    private mutating func deliver(_ content: Packet.Content) {
        switch content {
        case .message(let message):
            guard let position = reachable(message.to) else { return }
            let now = now
            hosts[position].replica?.receive(message, at: now, using: &generator)
            drain(position)
        case .logRead(let result, let id):
            guard let position = reachable(id) else { return }
            hosts[position].replica?.logRead(result)
            drain(position)
        case .snapshotSent(let follower, let success, let id):
            guard let position = reachable(id) else { return }
            hosts[position].replica?.snapshotSent(to: follower, success: success)
            drain(position)
        case .snapshot(let metadata, let sender, let id, let term):
            guard let position = reachable(id) else { return }
            let now = now
            let decision = hosts[position].replica?.receiveSnapshot(
                metadata, from: sender, term: term, at: now, using: &generator)
            if decision == .install {
                drain(position)
                hosts[position].writing.append(.install(metadata))
            }
            drain(position)
        }
    }

    private func busyHost(_ content: Packet.Content) -> Int? {
        switch content {
        case .message, .snapshot: nil
        case .logRead(_, let id), .snapshotSent(_, _, let id): Self.position(of: id)
        }
    }

    private func reachable(_ id: ReplicaID) -> Int? {
        let position = Self.position(of: id)
        return !hosts[position].isDown && hosts[position].pausedUntil <= step ? position : nil
    }

    /// Nodes are numbered from one, in the order of the hosts.
    private static func position(of id: ReplicaID) -> Int { Int(id.node.rawValue) - 1 }
}
