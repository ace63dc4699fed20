internal import Determinism
internal import Identity
internal import Raft
internal import Storage

extension ShardReplica {
    /// What a search of the disk for the replica of a shard found.
    enum Restored {
        case none
        /// It was given up; nothing is addressed to this incarnation or an earlier one.
        case destroyed(ReplicaID)
        case replica(ShardReplica)
    }

    /// Reads the replica of `shard` from the disk, checking its log against its own checksums and
    /// the durable watermark. Linear in the entries that are not applied yet.
    static func restored(
        shard: ShardID, store: NodeStore, settings: NodeSettings, at now: Instant,
        step: inout NodeStep, using generator: inout some RandomNumberGenerator
    ) throws(StorageError) -> Restored {
        guard let bytes = try store.value(for: Keyspace.replica(shard), in: .raft) else {
            return .none
        }
        var record = try ReplicaRecord(bytes: bytes)
        if record.isDestroyed { return .destroyed(record.id) }
        if record.isSuspect { Mark.restartedSuspect.hit() }
        let applied = try place(Keyspace.applied(shard), store: store)
        let origin = try place(Keyspace.origin(shard), store: store)
        let log = try readTail(shard: shard, after: applied.position, store: store)
        let last = log.last.map { $0.place } ?? applied.position
        // Entries behind a damaged one must not come back to life when that one is written again.
        let behind = KeyRange(
            .raft, from: Keyspace.logEntry(shard, index: last.index.next.rawValue),
            to: Keyspace.logEntry(shard, index: .max), countMax: 1)
        if try !store.pairs(behind).isEmpty {
            step.batch.deleteRange(from: behind.from, to: behind.to, in: .raft)
        }
        if last.index < record.watermark.index, !Canary.uncheckedWatermark.lives {
            Mark.watermarkAccused.hit()
            record.isSuspect = true
        }
        let atWatermark = log.first { $0.place.index == record.watermark.index }
        if let atWatermark, atWatermark.place.checksum != record.watermark.checksum {
            record.isSuspect = true
        }
        var hardState = record.hardState
        hardState.commit = min(max(hardState.commit, applied.position.index), last.index)
        hardState.term = max(hardState.term, last.term)
        let restoredState = RaftRestoredState(
            hardState: hardState, originIndex: origin.position.index,
            originTerm: origin.position.term, configuration: applied.configuration,
            applied: applied.position.index, appliedTerm: applied.position.term,
            lastIndex: last.index, lastTerm: last.term, entries: log.map { $0.entry },
            isSuspect: record.isSuspect)
        do {
            try restoredState.validate()
        } catch {
            throw .corrupt("\(shard): the parts of the replica contradict each other: \(error)")
        }
        let replica = ShardReplica(
            shard: shard,
            raft: RaftReplica(
                id: record.id, shard: shard, settings: settings.raft, restored: restoredState,
                at: now, using: &generator),
            applied: applied, origin: origin.position,
            tail: log.map { TailEntry(term: $0.place.term, checksum: $0.place.checksum) },
            watermark: record.isSuspect ? record.watermark : min(record.watermark, last),
            hardState: hardState, isSuspect: record.isSuspect, settings: settings)
        return .replica(replica)
    }

    /// A replica of a group that begins with it, and what to write for it.
    static func genesis(
        shard: ShardID, id: ReplicaID, configuration: Configuration, stateHash: UInt64,
        settings: NodeSettings, at now: Instant, step: inout NodeStep,
        using generator: inout some RandomNumberGenerator
    ) -> ShardReplica {
        created(
            shard: shard, id: id, from: .genesis(configuration), stateHash: stateHash,
            settings: settings, at: now, step: &step, using: &generator)
    }

    /// A replica that has nothing yet and waits for a leader to send it the state.
    static func empty(
        shard: ShardID, id: ReplicaID, settings: NodeSettings, at now: Instant,
        step: inout NodeStep, using generator: inout some RandomNumberGenerator
    ) -> ShardReplica {
        created(
            shard: shard, id: id, from: .uninitialized, stateHash: 0, settings: settings, at: now,
            step: &step, using: &generator)
    }

    /// Erases the replica for good; its id is remembered.
    func destroy(step: inout NodeStep) {
        var record = ReplicaRecord(id: id, hardState: HardState(), watermark: .zero)
        record.isDestroyed = true
        let end = KeyRange.end(of: Keyspace.statePrefix(shard))
        step.batch.deleteRange(from: Keyspace.statePrefix(shard), to: end, in: .data)
        step.batch.deleteRange(from: Keyspace.statePrefix(shard), to: end, in: .search)
        step.batch.deleteRange(from: Keyspace.statePrefix(shard), to: end, in: .raft)
        step.batch.put(record.bytes, for: Keyspace.replica(shard), in: .raft)
        step.mustSync = true
        for snapshot in outgoing { step.viewsClosed.append(snapshot.stream) }
        step.snapshotsOut -= outgoing.count
        if incoming != nil { step.snapshotsIn -= 1 }
        outgoing = []
        incoming = nil
        abandonRequests(step: &step)
        step.events.append(.replicaDestroyed(shard: shard, id))
    }

    private static func created(
        shard: ShardID, id: ReplicaID, from state: RaftRestoredState, stateHash: UInt64,
        settings: NodeSettings, at now: Instant, step: inout NodeStep,
        using generator: inout some RandomNumberGenerator
    ) -> ShardReplica {
        let place = LogPlace(
            index: state.originIndex, term: state.originTerm, checksum: 0)
        let replica = ShardReplica(
            shard: shard,
            raft: RaftReplica(
                id: id, shard: shard, settings: settings.raft, restored: state, at: now,
                using: &generator),
            applied: AppliedRecord(
                position: place, configuration: state.configuration, stateHash: stateHash,
                generation: 0),
            origin: place, tail: [], watermark: place, hardState: state.hardState,
            isSuspect: false, settings: settings)
        step.batch.put(replica.applied.bytes, for: Keyspace.applied(shard), in: .raft)
        replica.writeOrigin(step: &step)
        replica.writeRecord(step: &step)
        step.mustSync = true
        step.events.append(.replicaCreated(shard: shard, id))
        return replica
    }

    private static func place(
        _ key: [UInt8], store: NodeStore
    ) throws(StorageError) -> AppliedRecord {
        guard let bytes = try store.value(for: key, in: .raft) else {
            throw .corrupt("a replica has no record of how far it is")
        }
        return try AppliedRecord(bytes: bytes)
    }

    /// An entry of the log, and its place.
    struct ReadEntry {
        let entry: LogEntry
        let place: LogPlace
    }

    /// The entries after `start`, up to the first that is missing or does not fit the chain of
    /// checksums.
    private static func readTail(
        shard: ShardID, after start: LogPlace, store: NodeStore
    ) throws(StorageError) -> [ReadEntry] {
        var entries: [ReadEntry] = []
        var last = start
        while true {
            let page = try store.pairs(
                KeyRange(
                    .raft, from: Keyspace.logEntry(shard, index: last.index.next.rawValue),
                    to: Keyspace.logEntry(shard, index: .max), countMax: 1_024))
            if page.isEmpty { return entries }
            for pair in page {
                guard let entry = nextEntry(pair, shard: shard, after: last) else {
                    Mark.damagedTailCut.hit()
                    return entries
                }
                entries.append(entry)
                last = entry.place
            }
        }
    }

    /// The entry in `pair` if it is the one that follows `last`.
    static func nextEntry(
        _ pair: KeyValue, shard: ShardID, after last: LogPlace
    ) -> ReadEntry? {
        let index = last.index.next
        guard pair.key == Keyspace.logEntry(shard, index: index.rawValue),
            let stored = try? StoredEntry(bytes: pair.value, index: index),
            stored.checksum
                == StoredEntry.checksum(of: stored.entry, shard: shard, after: last.checksum)
        else { return nil }
        return ReadEntry(
            entry: stored.entry,
            place: LogPlace(
                index: index, term: stored.entry.term, checksum: stored.checksum))
    }
}

private func min(_ lhs: LogPlace, _ rhs: LogPlace) -> LogPlace {
    lhs.index <= rhs.index ? lhs : rhs
}
