internal import Identity
internal import Storage

/// The index of messages of this node's replicas: made of a chat once somebody has searched in it,
/// then kept behind the log, one piece a tick and one at a time, so that commands never wait for it
/// and chats in which nobody searches cost nothing.
extension ClusterNode {
    /// Begins the next piece of work, if nothing is under way.
    mutating func extendIndex() {
        guard indexing.work == nil else { return }
        while let place = indexing.take() {
            guard let replica = replica(of: place.shard) else { continue }
            let work = Indexing.Work(
                shard: place.shard, replica: replica.id, generation: replica.applied.generation,
                chat: place.chat)
            indexing.begin(work)
            step.indexed = place
            let question = ShardExecutor.indexing(
                place.chat, shard: place.shard, generation: work.generation)
            step.questions.append(
                NodeStep.PendingQuestion(purpose: .indexing(work), question: question))
            return
        }
    }

    /// No piece is under way any more.
    mutating func endIndexing() {
        indexing.end()
        step.indexed = nil
    }

    /// The host has answered a question.
    mutating func take(_ finding: StoreFinding, of token: UInt64) {
        switch reading.removeValue(forKey: token) {
        case .search(let shard, let id, let ticket):
            step.searchesOut -= 1
            guard let replica = replica(of: shard), replica.id == id else { return }
            replica.finishSearch(ticket, bytes: finding.bytes, step: &step)
            for (chat, count) in finding.behind where count >= UInt64(settings.indexStep) {
                step.behind.append(Indexing.Place(shard: shard, chat: chat))
            }
        case .indexing(let work):
            // Of a state that is gone nothing is derived any more.
            guard let replica = replica(of: work.shard), replica.id == work.replica,
                replica.applied.generation == work.generation
            else { return endIndexing() }
            if finding.derived.isEmpty {
                endIndexing()
            } else {
                // The next piece has to see what this one writes.
                step.derived.append(contentsOf: finding.derived)
                step.waits.append(NodeStep.Wait(shard: work.shard, notice: .indexed))
            }
            if !finding.behind.isEmpty { step.behind.append(work.place) }
        case .log, .query, .snapshot, nil:
            preconditionFailure("a read is not answered by a finding")
        }
    }
}
