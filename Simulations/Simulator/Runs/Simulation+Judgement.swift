internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Registry
internal import Storage
internal import Wire

/// What must hold in the end.
extension Simulation {
    /// The logs of one shard as one replica has them on its disk.
    struct StoredShard {
        let pairs: [KeyValue]

        /// The entries of `log`, ascending.
        func entries(of log: LogID) -> [ClientEntry]? {
            let prefix =
                switch log {
                case .chat(let chat): Keyspace.chatEntries(chat)
                case .inbox(let account): Keyspace.inboxEntries(account)
                }
            var entries: [ClientEntry] = []
            for pair in pairs where pair.key.starts(with: prefix) {
                guard let entry = try? ClientEntry(stored: pair.value, of: log) else { return nil }
                entries.append(entry)
            }
            return entries
        }

        /// The chats that live here.
        var chats: [ChatID] {
            pairs.compactMap { pair in
                pair.key.first == StateKind.chat.rawValue
                    ? ChatID(bytes: pair.key.dropFirst()) : nil
            }
        }
    }

    /// What a machine has of a shard's state: the copy whose pairs have this hash; nil when no copy
    /// has.
    func stored(_ shard: ShardID, stateHash: UInt64, on node: SimulatedNode) -> StoredShard? {
        let range = KeyRange(
            .data, prefix: Keyspace.statePrefix(shard), countMax: .max, bytesMax: .max)
        let all = node.disk.content(of: range)
        for generation in UInt8.min...UInt8.max {
            let prefix = Keyspace.statePrefix(shard, generation: generation)
            let pairs = all.filter { $0.key.starts(with: prefix) }.map {
                KeyValue(key: Array($0.key.dropFirst(prefix.count)), value: $0.value)
            }
            guard !pairs.isEmpty || all.isEmpty else { continue }
            let hash = pairs.reduce(UInt64(0)) {
                $0 &+ StateTransaction.hash(key: $1.key, value: $1.value)
            }
            if hash == stateHash { return StoredShard(pairs: pairs) }
        }
        return all.isEmpty && stateHash == 0 ? StoredShard(pairs: []) : nil
    }

    /// Judges the disks of all nodes after convergence.
    func judge() -> [Violation] {
        // What a disk shows is compared with what its node says, so all has to be written.
        while let written = cluster.nodes.map(\.disk.busyUntil).max(), written > cluster.now {
            cluster.run(until: written)
        }
        var chatCount = 0
        var publicRooms: [ChatID] = []
        guard let first = cluster.nodes.first(where: \.isUp)?.status else { return [] }
        for position in first.shards.indices {
            var isFirst = true
            for node in cluster.nodes {
                // Since convergence the registry may have found a place for another replica, which
                // has no state yet.
                guard let line = node.status(of: first.shards[position].shard),
                    let local = line.local, line.shard != .registry,
                    local.voters.contains(local.replica)
                else { continue }
                guard let stored = stored(line.shard, stateHash: local.stateHash, on: node) else {
                    history.report(
                        "state hash", "node \(node.name): \(line.shard) is not what its hash says")
                    continue
                }
                for chat in stored.chats {
                    if isFirst {
                        chatCount += 1
                        if isOfCluster(chat, in: stored) { publicRooms.append(chat) }
                    }
                    judge(chat, in: stored, on: node)
                }
                isFirst = false
            }
        }
        if publicRooms.sorted() != rooms.map(\.chat).sorted() {
            history.report("public rooms", "the cluster has the rooms \(publicRooms)")
        }
        for person in people where person.isStarted {
            for chat in person.chats {
                guard let log = log(.chat(chat)), let head = log.last?.seq else { continue }
                history.delivery.ended(at: head, of: .chat(chat), for: person.index)
            }
        }
        history.authorisation.judge()
        history.directChats.judge()
        history.reactions.judge()
        history.pins.judge()
        judgeInvitations()
        // Of all runs together 70 % must succeed, which the summary looks at; a run that is full of
        // faults may have less, but must still get more than half done.
        history.availability.judge(
            succeeded: counters.operationsSucceeded, failed: counters.operationsFailed,
            because: counters.failureCodes.sorted { $0.key < $1.key }
                .map { "\($0.key): \($0.value)" })
        return history.violations
    }

    private func isOfCluster(_ chat: ChatID, in stored: StoredShard) -> Bool {
        guard let first = stored.entries(of: .chat(chat))?.first else { return false }
        return first.from == nil
    }

    private func judge(_ chat: ChatID, in stored: StoredShard, on node: SimulatedNode) {
        guard let entries = stored.entries(of: .chat(chat)) else {
            return history.report("records", "node \(node.name) cannot read \(chat)")
        }
        history.denseOrder.holds(entries, of: .chat(chat), on: "node \(node.name)")
        history.senderOrder.holds(
            entries.compactMap(\.cmid), of: chat, on: "node \(node.name)")
        history.edits.holds(entries, of: chat, on: "node \(node.name)")
        history.deletions.holds(entries, of: chat, on: "node \(node.name)")
        history.directChats.holds(entries, of: chat, on: "node \(node.name)")
        history.reactions.holds(entries, of: chat, on: "node \(node.name)")
        history.pins.holds(entries, of: chat)
        history.inviteLinks.holds(entries, of: chat)
        history.phoneInvitations.holds(entries, of: chat)
        history.typing.holds(entries, of: chat, isPublic: isOpen(chat))
        var messages: [SequenceNumber: MessageID] = [:]
        var nameless: Set<SequenceNumber> = []
        for entry in entries {
            history.forwards.saw(entry, of: chat, by: "node \(node.name)")
            history.edits.saw(entry, of: chat, by: "node \(node.name)")
            history.reactions.saw(entry, of: chat, by: nil, "node \(node.name)")
            history.deletions.saw(entry, of: chat, by: "node \(node.name)")
            if entry.isNameless { nameless.insert(entry.seq) }
            if let cmid = entry.cmid {
                messages[entry.seq] = cmid
                history.refusals.saw(cmid, in: chat)
                history.definiteErrors.saw(cmid, in: chat)
                history.exactlyOnce.saw(cmid, in: chat, at: entry.seq)
                history.replies.saw(
                    cmid, replyTo: entry.replyTo, at: entry.seq, of: chat, by: "node \(node.name)")
            }
            switch entry.content {
            case .created(let name, _):
                if Self.contestedNames.contains(name) {
                    history.authorisation.isPublic(chat)
                    if !publicChats.contains(chat) { publicChats.append(chat) }
                }
                if let from = entry.from {
                    history.authorisation.admits(from, to: chat, at: entry.seq)
                } else {
                    history.authorisation.isPublic(chat)
                }
            case .opened(let other):
                for account in [entry.from, other] {
                    guard let account else { continue }
                    history.authorisation.admits(account, to: chat, at: entry.seq)
                }
            case .memberAdded(let account, _):
                history.authorisation.admits(account, to: chat, at: entry.seq)
            case .memberRemoved(let account):
                history.authorisation.removes(account, from: chat, at: entry.seq)
            case .memberBanned(let account, let wasMember):
                history.authorisation.bans(account, from: chat, at: entry.seq)
                if wasMember {
                    history.authorisation.removes(account, from: chat, at: entry.seq)
                }
            case .memberUnbanned(let account):
                history.authorisation.unbans(account, from: chat)
            case .deleted:
                if entry.seq != entries.last?.seq {
                    history.report("deletion", "\(chat) goes on after \(entry.seq), its end")
                }
            default: break
            }
        }
        history.authorisation.holds(entries, of: chat, on: "node \(node.name)")
        history.durability.holds(
            messages, nameless: nameless, of: chat, on: "node \(node.name)")
    }

    /// The log as one of its replicas has it on disk; nil while no replica can be read.
    func log(_ log: LogID) -> [ClientEntry]? {
        guard let count = judged.first(where: \.isUp)?.registry?.shardCount, count > 0
        else { return nil }
        let shard = ShardKey(log).shard(count: UInt32(count))
        // While not all are equal, who is furthest knows best.
        let replicas = judged.compactMap { node in
            node.status(of: shard)?.local.map { (node, $0) }
        }
        for (node, local) in replicas.sorted(by: { $0.1.applied > $1.1.applied }) {
            if let read = readLogs[log], read.stateHash == local.stateHash { return read.entries }
            guard let stored = cached(shard, stateHash: local.stateHash, on: node) else { continue }
            let entries = stored.entries(of: log)
            readLogs[log] = (local.stateHash, entries)
            return entries
        }
        return nil
    }

    /// Equal hashes are equal states, so that each is read once.
    private func cached(
        _ shard: ShardID, stateHash: UInt64, on node: SimulatedNode
    ) -> StoredShard? {
        if let read = readShards[shard], read.stateHash == stateHash { return read.shard }
        guard let stored = stored(shard, stateHash: stateHash, on: node) else { return nil }
        readShards[shard] = (stateHash, stored)
        return stored
    }

    /// A person's chat list in the end.
    func judge(_ chats: [ClientChat], of person: SimulatedPerson) {
        guard let account = person.account, person.isStarted else { return }
        finalLists.append((person.index, chats))
        history.directChats.lists(chats, to: account)
        let listed = chats.map(\.id).sorted()
        if listed != person.chats.filter({ !person.visiting.contains($0) }).sorted() {
            history.report(
                "delivery", "client \(person.index) lists \(listed) and follows \(person.chats)")
        }
        for chat in chats {
            guard let log = log(.chat(chat.id)) else { continue }
            history.unreadCounts.lists(chat, for: account, log: log)
            judge(members: chat, log: log)
        }
    }

    private func judge(members chat: ClientChat, log: [ClientEntry]) {
        var members: [AccountID] = []
        for entry in log {
            switch entry.content {
            case .created: members += entry.from.map { [$0] } ?? []
            case .opened(let other): members = Set([entry.from ?? other, other]).sorted()
            case .memberAdded(let account, _): members.append(account)
            case .memberRemoved(let account), .memberBanned(let account, _):
                members.removeAll { $0 == account }
            default: break
            }
        }
        if UInt64(members.count) != chat.memberCount {
            history.report(
                "members", "\(chat.id) has \(members.count) members and lists \(chat.memberCount)")
        }
    }

    /// What clients still miss, in words.
    var clientDifferences: [String] {
        var differences: [String] = []
        for id in openOperations.prefix(4) {
            if let operation = operations[id] {
                differences.append("\(operation.request.word) is open")
            }
        }
        for (number, vandal) in vandals.enumerated() where vandal.outcome == nil && core == nil {
            differences.append("vandal \(number) (\(vandal.prank)) has no answer")
        }
        for person in people where person.isStarted && canReachCore(person) {
            dropRefused(of: person)
            if person.login.endedAt != nil {
                differences.append("client \(person.index) still uses a session that was closed")
            }
            if person.core.phase != .live {
                differences.append("client \(person.index) is \(person.core.phase.rawValue)")
                if person.core.phase == .offline { feed(.online, to: person) }
            }
            for item in person.core.outbox.prefix(2) {
                differences.append(
                    "client \(person.index) has sent \(item.message.cmid): \(item.state)")
            }
        }
        guard differences.isEmpty else { return differences }
        for person in people where person.isStarted && canReachCore(person) {
            for chat in person.chats {
                guard let head = log(.chat(chat))?.last?.seq else {
                    differences.append("\(chat) cannot be read")
                    continue
                }
                let position = history.delivery.position(of: person.index, in: .chat(chat))
                if position != head {
                    differences.append(
                        "client \(person.index) is at \(position ?? .zero) of \(chat), not \(head)")
                }
            }
            guard let account = person.account, let inbox = log(.inbox(account)) else { continue }
            let position = history.delivery.position(of: person.index, in: .inbox) ?? .zero
            if position != inbox.last?.seq ?? .zero {
                differences.append("client \(person.index) is at \(position) of its inbox")
            }
        }
        return differences
    }
}
