internal import Determinism
internal import Identity
internal import Raft
internal import Registry
internal import Storage
internal import Wire

/// Followed logs: this node's hubs on one side, the owners of the shards on the other.
extension ClusterNode {
    // MARK: This node follows

    mutating func follow(_ log: LogID, for hub: HubID) {
        guard registry.shardCount > 0,
            following.count < settings.followsMax || following[log] != nil
        else {
            step.events.append(.ignored("a follow of \(log), over the limit"))
            return
        }
        let shard = ShardKey(log).shard(count: UInt32(registry.shardCount))
        if following.add(hub, to: log, of: shard) {
            ask([log], of: shard)
        } else if let head = following[log]?.head {
            deliver(head, to: [hub])
        }
    }

    mutating func unfollow(_ log: LogID, for hub: HubID) {
        guard let shard = following.remove(hub, from: log) else { return }
        if let replica = replica(of: shard), replica.isLeader {
            replica.interest.remove(identity.node, from: log)
        } else if let leader = leaders[shard] {
            step.outbound.append(.unfollow(shard: shard, logs: [log]), to: leader)
        }
    }

    /// Asks again where nobody has answered, and now and then everywhere; once a tick.
    mutating func refreshFollowing() {
        if nextFollowRefresh <= step.now {
            nextFollowRefresh = step.now + settings.followRefreshInterval
            for shard in following.shards { following.doubt(shard) }
            askUnconfirmed()
        } else if nextFollowRetry <= step.now {
            askUnconfirmed()
        }
    }

    mutating func askUnconfirmed() {
        nextFollowRetry = step.now + settings.followRetryInterval
        followRedirects = [:]
        for shard in following.shards { askUnconfirmed(of: shard) }
    }

    mutating func askUnconfirmed(of shard: ShardID) {
        let logs = following.unconfirmed(of: shard)
        if !logs.isEmpty { ask(logs, of: shard) }
    }

    private mutating func ask(_ logs: [LogID], of shard: ShardID) {
        if let replica = replica(of: shard), replica.isLeader {
            // The answer comes like one from afar, in the next round of this step.
            step.publications.append(.followedHere(shard, logs))
            return
        }
        followAttempts += 1
        guard let target = likelyLeader(of: shard, attempt: followAttempts) else { return }
        var rest = logs[...]
        while !rest.isEmpty {
            step.outbound.append(
                .follow(shard: shard, logs: Array(rest.prefix(PeerLimits.logsMax))), to: target)
            rest = rest.dropFirst(PeerLimits.logsMax)
        }
    }

    /// The owner tells where followed logs end.
    mutating func receive(_ heads: [LogHead], of shard: ShardID, from node: NodeID) {
        leaders[shard] = node
        var unwanted: [LogID] = []
        for head in heads {
            guard var followed = following[head.log], followed.shard == shard else {
                unwanted.append(head.log)
                continue
            }
            followed.isConfirmed = true
            let known = followed.head
            // An owner that was deposed may answer late with an older head; it has nothing to say.
            let isNews =
                known.map {
                    $0.epoch != head.epoch || $0.seq < head.seq
                        || $0.marksVersion < head.marksVersion
                } ?? true
            if !isNews, let known, head.seq < known.seq { Mark.headOfDeposed.hit() }
            if isNews { followed.head = head }
            following[head.log] = followed
            if let known, head.seq > known.seq { Mark.headsFoundNews.hit() }
            if isNews { deliver(head, to: followed.hubs) }
        }
        endFollow(of: unwanted, shard: shard, at: node)
    }

    /// The owner believes that this node follows logs that it does not: an unfollow got lost with
    /// a link, or this is another run of the node.
    private mutating func endFollow(of logs: [LogID], shard: ShardID, at node: NodeID) {
        guard !logs.isEmpty, node != identity.node else { return }
        Mark.followForgotten.hit()
        step.outbound.append(.unfollow(shard: shard, logs: logs), to: node)
    }

    /// Entries of followed logs, as their owner publishes them.
    mutating func receive(_ entries: [PublishedEntry], of shard: ShardID, from node: NodeID) {
        var doubted: [LogID] = []
        var unwanted: [LogID] = []
        for entry in entries {
            if following[entry.log] == nil, unwanted.last != entry.log {
                unwanted.append(entry.log)
            }
            guard var followed = following[entry.log], followed.shard == shard,
                let head = followed.head, head.epoch == entry.epoch
            else { continue }
            if entry.seq <= head.seq { continue }
            guard entry.seq == head.seq.next else {
                // Something is missing: the head of the log will say up to where.
                Mark.publicationGap.hit()
                if doubted.last != entry.log { doubted.append(entry.log) }
                continue
            }
            followed.head = LogHead(
                log: entry.log, epoch: entry.epoch, seq: entry.seq, n: max(head.n, entry.n),
                marksVersion: head.marksVersion)
            following[entry.log] = followed
            deliver(
                .published(entry.log, epoch: entry.epoch, [entry]), to: followed.hubs)
        }
        if !doubted.isEmpty { ask(doubted, of: shard) }
        endFollow(of: unwanted, shard: shard, at: node)
    }

    /// Marks of a followed chat, as its owner publishes them.
    mutating func receive(
        _ marks: [ReadMark], version: UInt64, of chat: ChatID, shard: ShardID
    ) {
        guard let followed = following[.chat(chat)], followed.shard == shard,
            let head = followed.head
        else { return }
        guard version > head.marksVersion else { return }
        if version - head.marksVersion > UInt64(marks.count) {
            Mark.marksGap.hit()
            ask([.chat(chat)], of: followed.shard)
            return
        }
        following[.chat(chat)]?.head = LogHead(
            log: head.log, epoch: head.epoch, seq: head.seq, n: head.n, marksVersion: version)
        deliver(.marks(chat, version: version, marks), to: followed.hubs)
    }

    /// Whoever was thought to own `shard` does not.
    mutating func ownerLost(_ shard: ShardID, from node: NodeID, hint: NodeID?) {
        if leaders[shard] == node { leaders[shard] = nil }
        if let hint, hint != node { leaders[shard] = hint }
        following.doubt(shard)
        presence.doubt(shard)
        // Nodes that know no better may send each other's followers in circles.
        guard hint != nil, followRedirects[shard, default: 0] < Self.followRedirectsMax else {
            if hint != nil { Mark.followedInCircles.hit() }
            return
        }
        followRedirects[shard, default: 0] += 1
        askUnconfirmed(of: shard)
    }

    /// How many hints about the owner of a shard are followed at once, until the next retry.
    private static let followRedirectsMax = 3

    // MARK: This node owns

    /// Another node follows logs of a shard that this node may own.
    mutating func answerFollow(
        of logs: [LogID], shard: ShardID, for node: NodeID
    ) throws(StorageError) {
        guard let replica = replica(of: shard), replica.isLeader else {
            let hint = replica(of: shard)?.leaderHint ?? leaders[shard]
            step.outbound.append(
                .notOwner(shard: shard, hint: hint == identity.node ? nil : hint), to: node)
            return
        }
        let count = UInt32(registry.shardCount)
        let logs = logs.filter { count > 0 && ShardKey($0).shard(count: count) == shard }
        for log in logs where replica.interest.count < settings.interestMax {
            replica.interest.add(node, to: log)
        }
        let heads = try heads(of: logs, replica: replica)
        if node == identity.node {
            receive(heads, of: shard, from: node)
        } else {
            step.outbound.append(
                .heads(shard: shard, term: replica.raft.term, heads: heads), to: node)
        }
    }

    /// The link to `node` is open again: what was published meanwhile was lost, and only the heads
    /// tell so. The other side dials its own link and may have noticed nothing.
    mutating func repeatHeads(to node: NodeID) throws(StorageError) {
        for replica in replicas where replica.isLeader {
            var rest = replica.interest.logs(of: node)[...]
            while !rest.isEmpty {
                let heads = try heads(
                    of: Array(rest.prefix(PeerLimits.logsMax)), replica: replica)
                step.outbound.append(
                    .heads(shard: replica.shard, term: replica.raft.term, heads: heads), to: node)
                rest = rest.dropFirst(PeerLimits.logsMax)
            }
        }
    }

    private func heads(
        of logs: [LogID], replica: ShardReplica
    ) throws(StorageError) -> [LogHead] {
        var heads: [LogHead] = []
        let state = replica.store(over: store)
        for log in logs {
            if let head = try ShardMachine.head(of: log, shard: replica.shard, store: state) {
                heads.append(head)
            }
        }
        return heads
    }

    /// Tells those who follow what was committed: one message to each node.
    mutating func publish(_ publication: Publication) throws(StorageError) {
        switch publication {
        case .entries(let shard, let term, let entries):
            try publish(entries, of: shard, term: term)
            try tellOwners(of: entries, shard: shard)
        case .marks(let shard, let term, let chat, let version, let marks):
            guard let replica = replica(of: shard) else { return }
            let isLost = version % 4 == 0 && Perturbation.lostPublication.fires
            for node in replica.interest.followers(of: .chat(chat)) {
                if isLost, node != identity.node { continue }
                if node == identity.node {
                    receive(marks, version: version, of: chat, shard: shard)
                } else {
                    step.outbound.append(
                        .marks(
                            shard: shard, term: term, chat: chat, version: version, marks: marks),
                        to: node)
                }
            }
        case .ownerLost(let shard, let followers, let hint):
            for node in followers where node != identity.node {
                step.outbound.append(.notOwner(shard: shard, hint: hint), to: node)
            }
            if leaders[shard] == identity.node { leaders[shard] = hint }
            following.doubt(shard)
            askUnconfirmed(of: shard)
        case .typing(let shard, let chat, let account):
            try publishTyping(of: account, in: chat, shard: shard)
        case .followedHere(let shard, let logs):
            try answerFollow(of: logs, shard: shard, for: identity.node)
        }
    }

    private mutating func publish(
        _ entries: [PublishedEntry], of shard: ShardID, term: Term
    ) throws(StorageError) {
        guard let replica = replica(of: shard) else { return }
        var batches: [(node: NodeID, entries: [PublishedEntry])] = []
        for entry in entries {
            let isLost = entry.seq.rawValue % 4 == 0 && Perturbation.lostPublication.fires
            for node in replica.interest.followers(of: entry.log) {
                if isLost, node != identity.node { continue }
                if let position = batches.firstIndex(where: { $0.node == node }) {
                    batches[position].entries.append(entry)
                } else {
                    batches.append((node, [entry]))
                }
            }
        }
        for batch in batches {
            if batch.node == identity.node {
                receive(batch.entries, of: shard, from: batch.node)
            } else {
                step.outbound.append(
                    .published(shard: shard, term: term, entries: batch.entries), to: batch.node)
            }
        }
    }

    // MARK: Hubs

    mutating func deliver(_ delivery: HubDelivery, to hubs: [HubID]) {
        for hub in hubs { ready.deliveries.append(NodeDelivery(hub: hub, delivery: delivery)) }
    }

    private mutating func deliver(_ head: LogHead, to hubs: [HubID]) {
        let position = LogPosition(seq: head.seq, n: head.n)
        deliver(
            .head(head.log, epoch: head.epoch, position, marksVersion: head.marksVersion), to: hubs)
    }
}
