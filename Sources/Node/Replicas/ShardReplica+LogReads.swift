internal import Identity
internal import Raft
internal import Storage

extension ShardReplica {
    /// Asks the disk for entries that a slow follower needs, and for the one before them, whose
    /// checksum the chain begins with.
    func readLog(_ request: LogReadRequest, step: inout NodeStep) {
        let from = max(request.from.previous, origin.index.next)
        step.reads.append(
            NodeStep.PendingRead(
                purpose: .log(shard, request), view: nil,
                range: KeyRange(
                    .raft, from: Keyspace.logEntry(shard, index: from.rawValue),
                    to: Keyspace.logEntry(shard, index: request.through.next.rawValue),
                    countMax: request.through.distance(from: from) + 1,
                    bytesMax: request.bytesMax + 2 * settings.raft.entryBytesMax)))
    }

    /// The disk answered ``readLog(_:step:)``: hands the entries to Raft if they are whole.
    func finishLogRead(
        _ request: LogReadRequest, pairs: [KeyValue], store: NodeStore, step: inout NodeStep
    ) throws(StorageError) {
        raft.logRead(LogReadResult(request: request, outcome: outcome(of: request, pairs: pairs)))
        try pump(store: store, step: &step)
    }

    private func outcome(
        of request: LogReadRequest, pairs: [KeyValue]
    ) -> LogReadResult.Outcome {
        guard request.from > origin.index else { return .unavailable }
        var last = origin
        var rest = pairs[...]
        if request.from.previous > origin.index {
            guard let first = rest.popFirst(),
                first.key == Keyspace.logEntry(shard, index: request.from.previous.rawValue),
                let stored = try? StoredEntry(bytes: first.value, index: request.from.previous)
            else { return .unavailable }
            last = LogPlace(
                index: stored.entry.index, term: stored.entry.term, checksum: stored.checksum)
        }
        let previousTerm = last.term
        var entries: [LogEntry] = []
        var byteCount = 0
        for pair in rest {
            guard let found = Self.nextEntry(pair, shard: shard, after: last) else { break }
            byteCount += found.entry.byteCount
            if byteCount > request.bytesMax, !entries.isEmpty { break }
            entries.append(found.entry)
            last = found.place
        }
        return entries.isEmpty ? .unavailable : .entries(previousTerm: previousTerm, entries)
    }
}
