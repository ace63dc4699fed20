internal import Determinism
internal import Identity
internal import Raft
internal import Storage

extension ShardReplica {
    /// Adds to the step's batch what Raft wants on disk, and holds back what may leave only then.
    func persist(_ ready: RaftReady, step: inout NodeStep) throws(StorageError) {
        var changesRecord = false
        if let from = ready.truncateFrom {
            truncate(from: from, step: &step)
            changesRecord = true
        }
        for entry in ready.entries { append(entry, step: &step) }
        if settings.reportsApplied, !ready.entries.isEmpty {
            let log = outline
            step.events.append(
                .appended(
                    shard: shard, replica: id,
                    ready.entries.compactMap { log.place(at: $0.index) }))
        }
        if let hardState = ready.hardState,
            !Canary.forgottenVote.lives || !ready.entries.isEmpty
        {
            self.hardState = hardState
            changesRecord = true
        }
        if let suspicion = ready.suspicion {
            isSuspect = suspicion
            changesRecord = true
        }
        if !ready.entries.isEmpty {
            changesRecord = true
            // Only a synced watermark may accuse the log later, so it moves with synced batches
            // only.
            if ready.mustSync { watermark = lastPosition }
        }
        if changesRecord { writeRecord(step: &step) }
        if ready.mustSync { step.mustSync = true }
        let isDurable = !changesRecord && writesOutstanding == 0
        if isDurable || Canary.ackBeforeSync.lives {
            // Nothing of this token goes to the disk, and nothing of an earlier one is on its way.
            raft.persisted(through: ready.token)
            for message in ready.messagesAfterPersist { step.outbound.append(message) }
        } else {
            writesOutstanding += 1
            step.waits.append(
                NodeStep.Wait(
                    shard: shard,
                    notice: .persisted(
                        id, token: ready.token, messages: ready.messagesAfterPersist)))
        }
    }

    /// The disk has all through `token`.
    func persisted(
        through token: UInt64, messages: [RaftMessage], store: NodeStore, step: inout NodeStep
    ) throws(StorageError) {
        writesOutstanding -= 1
        raft.persisted(through: token)
        for message in messages { step.outbound.append(message) }
        try pump(store: store, step: &step)
    }

    /// The newest entry of the log and the checksum of all up to there.
    var lastPosition: LogPlace {
        guard let last = tail.last else { return applied.position }
        return LogPlace(
            index: applied.position.index + tail.count, term: last.term, checksum: last.checksum)
    }

    /// Writes what the replica may never forget.
    func writeRecord(step: inout NodeStep) {
        var record = ReplicaRecord(id: id, hardState: hardState, watermark: watermark)
        record.isSuspect = isSuspect
        step.batch.put(record.bytes, for: Keyspace.replica(shard), in: .raft)
    }

    /// Writes where the log begins.
    func writeOrigin(step: inout NodeStep) {
        let record = AppliedRecord(
            position: origin, configuration: .empty, stateHash: 0, generation: 0)
        step.batch.put(record.bytes, for: Keyspace.origin(shard), in: .raft)
    }

    /// Drops the oldest part of the log when it is long and every follower that is alive has it, or
    /// when it is too long to wait for the slowest.
    func compact(store: NodeStore, step: inout NodeStep) throws(StorageError) {
        let length = applied.position.index.distance(from: origin.index)
        guard length >= settings.logTruncationStep, incoming == nil else { return }
        let isFull = logBytes > settings.logBytesMax
        let isForced = Perturbation.earlyCompaction.fires
        guard isFull || length > settings.logEntriesMax || isForced else { return }
        var through =
            isForced ? applied.position.index : applied.position.index - settings.logEntriesKept
        if isLeader, !isFull, let slowest = slowestLiveMatch {
            if slowest < through { Mark.compactionWaited.hit() }
            through = min(through, slowest)
        }
        through = min(through, raft.durableIndex)
        guard through >= origin.index + settings.logTruncationStep else { return }
        let position = try appliedPlace(at: through, store: store)
        // The place up to which all is applied may be ahead of the disk.
        guard position.index <= raft.durableIndex else { return }
        step.batch.deleteRange(
            from: Keyspace.logEntry(shard, index: origin.index.next.rawValue),
            to: Keyspace.logEntry(shard, index: position.index.next.rawValue), in: .raft)
        let share = position.index.distance(from: origin.index)
        logBytes -= min(logBytes, logBytes / max(1, length) * share)
        origin = position
        writeOrigin(step: &step)
        raft.compacted(through: position.index, term: position.term)
        step.events.append(.compacted(shard: shard, replica: id, through: position.index))
    }

    /// The place of an entry that was applied and is in the log; where it cannot be read any more,
    /// nobody can be sent it either, and the place up to which all is applied does as well. Reads
    /// two entries.
    private func appliedPlace(
        at index: LogIndex, store: NodeStore
    ) throws(StorageError) -> LogPlace {
        let before =
            index.previous == origin.index
            ? origin.checksum : try storedEntry(at: index.previous, store: store)?.checksum
        guard let before, let stored = try storedEntry(at: index, store: store),
            stored.checksum == StoredEntry.checksum(of: stored.entry, shard: shard, after: before)
        else { return applied.position }
        return LogPlace(index: index, term: stored.entry.term, checksum: stored.checksum)
    }

    /// The entry at `index` as it is on disk; its checksum is not compared.
    private func storedEntry(
        at index: LogIndex, store: NodeStore
    ) throws(StorageError) -> StoredEntry? {
        let bytes = try store.value(
            for: Keyspace.logEntry(shard, index: index.rawValue), in: .raft)
        return bytes.flatMap { try? StoredEntry(bytes: $0, index: index) }
    }

    private var slowestLiveMatch: LogIndex? {
        raft.progress.filter { $0.isActive && $0.state != .snapshot }.map(\.match).min()
    }

    private func append(_ entry: LogEntry, step: inout NodeStep) {
        precondition(entry.index == lastPosition.index.next, "the log on disk has no gaps")
        let checksum = StoredEntry.checksum(
            of: entry, shard: shard, after: lastPosition.checksum)
        tail.append(TailEntry(term: entry.term, checksum: checksum))
        logBytes += entry.byteCount
        step.batch.put(
            StoredEntry(entry: entry, checksum: checksum).bytes,
            for: Keyspace.logEntry(shard, index: entry.index.rawValue), in: .raft)
    }

    private func truncate(from index: LogIndex, step: inout NodeStep) {
        precondition(index > applied.position.index, "what was applied is never truncated")
        let last = lastPosition.index
        guard index <= last else { return }
        step.batch.deleteRange(
            from: Keyspace.logEntry(shard, index: index.rawValue),
            to: Keyspace.logEntry(shard, index: last.next.rawValue), in: .raft)
        tail.removeLast(last.distance(from: index) + 1)
        // Entries that were synced are gone on purpose: the watermark may not accuse the log of it.
        if watermark.index >= index {
            Mark.watermarkMovedBack.hit()
            watermark = lastPosition
        }
    }
}
