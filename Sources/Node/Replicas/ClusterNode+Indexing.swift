internal import Identity
internal import Storage

/// The index of messages of this node's replicas: made behind the log, one piece a tick and one at
/// a time, so that commands never wait for it.
extension ClusterNode {
    /// Begins the next piece of work, if nothing is under way.
    mutating func extendIndex() {
        guard indexing.work == nil else { return }
        if indexing.takeForgotten() { for replica in replicas { replica.unindexedFrom = [] } }
        while let place = indexing.take() {
            guard let replica = replica(of: place.shard) else { continue }
            return ask(
                replica, about: place.chat,
                ShardExecutor.indexing(
                    place.chat, shard: place.shard, generation: replica.applied.generation))
        }
        for replica in replicas where replica.shard != .registry {
            guard let from = replica.unindexedFrom else { continue }
            return ask(
                replica, about: nil,
                ShardExecutor.unindexed(
                    after: from, step: UInt64(settings.indexStep), shard: replica.shard,
                    generation: replica.applied.generation))
        }
    }

    private mutating func ask(
        _ replica: ShardReplica, about chat: ChatID?, _ question: StoreQuestion
    ) {
        let work = Indexing.Work(
            shard: replica.shard, replica: replica.id, generation: replica.applied.generation,
            chat: chat)
        indexing.begin(work)
        step.questions.append(
            NodeStep.PendingQuestion(purpose: .indexing(work), question: question))
    }

    /// The host has answered a question.
    mutating func take(_ finding: StoreFinding, of token: UInt64) {
        switch reading.removeValue(forKey: token) {
        case .search(let shard, let id, let ticket):
            step.searchesOut -= 1
            guard let replica = replica(of: shard), replica.id == id else { return }
            replica.finishSearch(ticket, bytes: finding.bytes, step: &step)
            note(finding.behind, of: shard)
        case .indexing(let work):
            // Of a state that is gone nothing is derived any more.
            guard let replica = replica(of: work.shard), replica.id == work.replica,
                replica.applied.generation == work.generation
            else { return indexing.end() }
            if finding.derived.isEmpty {
                indexing.end()
            } else {
                // The next piece has to see what this one writes.
                step.derived.append(contentsOf: finding.derived)
                step.waits.append(NodeStep.Wait(shard: work.shard, notice: .indexed))
            }
            note(finding.behind, of: work.shard)
            if work.chat == nil {
                replica.unindexedFrom = finding.bytes.isEmpty ? nil : finding.bytes
            }
        case .log, .query, .snapshot, nil:
            preconditionFailure("a read is not answered by a finding")
        }
    }

    private mutating func note(_ behind: [ChatID], of shard: ShardID) {
        step.behind += behind.map { Indexing.Place(shard: shard, chat: $0) }
    }
}
