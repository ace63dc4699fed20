internal import Chat
internal import Determinism
internal import Identity
internal import Raft
internal import Search
internal import Storage
internal import Wire

extension ShardReplica {
    /// Applies committed entries, in order, as one batch: their effects, and how far the state is.
    func apply(
        _ entries: [LogEntry], store: NodeStore, step: inout NodeStep
    ) throws(StorageError) {
        guard !entries.isEmpty else { return }
        precondition(
            incoming?.isInstalling != true, "a state that is being replaced is not changed")
        var transaction = StateTransaction(
            shard: shard, generation: applied.generation, base: store,
            stateHash: applied.stateHash)
        for (offset, entry) in entries.enumerated() {
            var response: [UInt8] = []
            precondition(
                entry.index == applied.position.index + offset + 1, "entries are applied in order")
            switch entry.kind {
            case .noop:
                break
            case .configuration:
                // Raft has checked the payload when the entry was received.
                guard let configuration = try? Configuration(bytes: entry.payload) else {
                    throw .corrupt("\(shard): the configuration at \(entry.index) cannot be read")
                }
                applied.configuration = configuration
            case .command:
                let outcome = try ShardMachine.apply(
                    entry.payload, shard: shard, to: &transaction)
                response = outcome.response
                if outcome.hasEffects { mayHaveEffects = true }
                try extendIndexes(outcome, store: store, step: &step)
                try forgetWords(outcome, store: store, step: &step)
                publish(outcome, step: &step)
            }
            settleProposal(at: entry, response: response, step: &step)
        }
        let position = LogPlace(
            index: entries[entries.count - 1].index, term: entries[entries.count - 1].term,
            checksum: tail[entries.count - 1].checksum)
        tail.removeFirst(entries.count)
        applied.position = position
        applied.stateHash = transaction.stateHash
        step.batch.append(contentsOf: transaction.takeBatch())
        step.batch.put(applied.bytes, for: Keyspace.applied(shard), in: .raft)
        store.stage(&step)
        raft.applied(through: position.index)
        step.events.append(
            .applied(
                shard: shard, replica: id, entries: settings.reportsApplied ? entries : [],
                last: position.index, checksum: position.checksum, stateHash: applied.stateHash))
        try compact(store: store, step: &step)
    }

    /// Runs the queries whose index has been applied.
    func runReadyQueries(store: NodeStore, step: inout NodeStep) throws(StorageError) {
        guard !queriesReady.isEmpty else { return }
        var waiting: [(index: LogIndex, query: Query)] = []
        for (index, query) in queriesReady {
            guard index <= applied.position.index || Canary.earlyRead.lives else {
                waiting.append((index, query))
                continue
            }
            try run(query, store: store, step: &step)
        }
        queriesReady = waiting
    }

    /// A range read for the query `ticket` has ended.
    func finishQuery(
        _ ticket: UInt64, pairs: [KeyValue], step: inout NodeStep
    ) throws(StorageError) {
        guard let reading = queriesReading.removeValue(forKey: ticket) else { return }
        let response = try reading.finish(reading.store.logical(pairs))
        step.answers.append(
            NodeStep.Answer(requester: reading.requester, outcome: .done(response)))
    }

    private func run(
        _ query: Query, store: NodeStore, step: inout NodeStep
    ) throws(StorageError) {
        let view = self.store(over: store)
        switch try ShardMachine.query(query.bytes, shard: shard, store: view) {
        case .answer(let response):
            step.answers.append(
                NodeStep.Answer(requester: query.requester, outcome: .done(response)))
        case .range(let range, let finish):
            let ticket = nextTicket
            nextTicket += 1
            queriesReading[ticket] = QueryRead(
                requester: query.requester, store: view, finish: finish)
            step.reads.append(
                NodeStep.PendingRead(
                    purpose: .query(shard, id, ticket: ticket), view: nil,
                    range: view.physical(range)))
        case .question(let question):
            guard step.searchesOut < settings.searchesMax else {
                step.answers.append(
                    NodeStep.Answer(
                        requester: query.requester,
                        outcome: .done(ShardMachine.failure(.overloaded))))
                return
            }
            step.searchesOut += 1
            let ticket = nextTicket
            nextTicket += 1
            queriesReading[ticket] = QueryRead(
                requester: query.requester, store: view, finish: { _ in [] })
            step.questions.append(
                NodeStep.PendingQuestion(
                    purpose: .search(shard, id, ticket: ticket), question: question))
        }
    }

    /// A search for the query `ticket` has ended.
    func finishSearch(_ ticket: UInt64, bytes: [UInt8], step: inout NodeStep) {
        guard let reading = queriesReading.removeValue(forKey: ticket) else { return }
        step.answers.append(
            NodeStep.Answer(requester: reading.requester, outcome: .done(bytes)))
    }

    /// Every so many entries the index of a chat is extended, if the chat has one.
    private func extendIndexes(
        _ outcome: ShardMachine.Outcome, store: NodeStore, step: inout NodeStep
    ) throws(StorageError) {
        for entry in outcome.published {
            guard case .chat(let chat) = entry.log,
                entry.seq.rawValue.isMultiple(of: UInt64(settings.indexStep))
            else { continue }
            let place = Indexing.Place(shard: shard, chat: chat)
            if try isIndexed(place, store: store, step: step) { step.behind.append(place) }
        }
    }

    /// What an index may name of a message whose words go is noted in the same batch. The store
    /// still has the message as it was before; a message of this very batch is in no index.
    private func forgetWords(
        _ outcome: ShardMachine.Outcome, store: NodeStore, step: inout NodeStep
    ) throws(StorageError) {
        guard let message = outcome.rewritten else { return }
        let place = Indexing.Place(shard: shard, chat: message.chat)
        guard try isIndexed(place, store: store, step: step) else { return }
        let messages = ChatMessages(
            chat: message.chat, shard: shard, state: self.store(over: store), limitOfSight: nil)
        guard let before = try messages.document(at: message.seq) else { return }
        SearchIndexer.forget(
            before, before: message.change, in: indexKey(of: message.chat), to: &step.derived)
        step.behind.append(place)
    }

    /// Whether a chat has an index, or is about to have one.
    private func isIndexed(
        _ place: Indexing.Place, store: NodeStore, step: NodeStep
    ) throws(StorageError) -> Bool {
        if step.indexed == place { return true }
        return try indexKey(of: place.chat).exists(in: store)
    }

    private func indexKey(of chat: ChatID) -> SearchIndexKey {
        SearchIndexKey(chat, of: shard, generation: applied.generation)
    }

    private func publish(_ outcome: ShardMachine.Outcome, step: inout NodeStep) {
        guard isLeader else { return }
        if !outcome.published.isEmpty {
            step.publications.append(.entries(shard, raft.term, outcome.published))
        }
        if let change = outcome.marks {
            step.publications.append(
                .marks(
                    shard, raft.term, change.chat, version: change.fields.version,
                    change.fields.marks))
        }
    }

    private func settleProposal(at entry: LogEntry, response: [UInt8], step: inout NodeStep) {
        guard let proposal = proposals.removeValue(forKey: entry.index) else { return }
        let isMine = proposal.term == entry.term && entry.kind == .command
        step.answers.append(
            NodeStep.Answer(
                requester: proposal.requester,
                outcome: isMine ? .done(response) : .notLeader(hint: leaderHint)))
    }
}
