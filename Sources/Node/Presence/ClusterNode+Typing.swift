internal import Chat
internal import Determinism
internal import Identity
internal import Membership
internal import Registry
internal import Storage
internal import Wire

/// Who types: from a socket to the owner of the chat, and from there to the nodes that follow it.
/// Nothing is kept, repeated or answered; what is lost is said again three seconds later.
extension ClusterNode {
    /// A hub says something about who types or is there.
    mutating func receive(_ signal: HubSignal, from hub: HubID) throws(StorageError) {
        guard registry.shardCount > 0 else { return }
        switch signal {
        case .typing(let account, let chat): try say(account, typesIn: chat)
        case .presence(let account, let isActive):
            try note(account, isActive: isActive, at: hub)
        case .watch(let accounts): try watch(accounts, for: hub)
        case .unwatch(let accounts): presence.unwatch(accounts, for: hub)
        }
    }

    private mutating func say(_ account: AccountID, typesIn chat: ChatID) throws(StorageError) {
        let shard = ShardKey(chat).shard(count: UInt32(registry.shardCount))
        if let replica = replica(of: shard), replica.isLeader {
            try relayTyping(of: account, in: chat, shard: shard, from: identity.node)
        } else if let owner = presenceOwner(of: shard, attempt: 0) {
            step.outbound.append(
                .typing(shard: shard, chat: chat, account: account), to: owner)
        }
    }

    /// Passes on that somebody types, if this node owns the chat and the account may write there.
    mutating func relayTyping(
        of account: AccountID, in chat: ChatID, shard: ShardID, from node: NodeID
    ) throws(StorageError) {
        guard let replica = replica(of: shard), replica.isLeader else {
            return sayNotOwner(of: shard, to: node)
        }
        guard registry.shardCount > 0,
            ShardKey(chat).shard(count: UInt32(registry.shardCount)) == shard,
            typing.admits(account, in: chat, at: step.now)
        else { return }
        // In its turn behind what was applied just now: followers are to hear of that first.
        step.publications.append(.typing(shard, chat, account))
    }

    /// Tells the followers of a chat that somebody types there, if the account may write.
    mutating func publishTyping(
        of account: AccountID, in chat: ChatID, shard: ShardID
    ) throws(StorageError) {
        guard let replica = replica(of: shard), replica.isLeader else { return }
        let state = replica.store(over: store)
        var head = try ChatQueries.headForWriter(account, of: chat, in: shard, state)
        if head == nil, Canary.uncheckedTyping.lives {
            head = try ChatQueries.head(of: chat, in: shard, state)
        }
        guard let head else { return Mark.typingRefused.hit() }
        for follower in replica.interest.followers(of: .chat(chat)) {
            if follower == identity.node {
                receiveTyped(by: account, in: chat, epoch: head.epoch, seq: head.seq)
            } else if speaksPresence(follower) {
                step.outbound.append(
                    .typed(
                        shard: shard, chat: chat, account: account, epoch: head.epoch,
                        seq: head.seq), to: follower)
            }
        }
    }

    /// The owner of a followed chat says that somebody types there.
    mutating func receiveTyped(
        by account: AccountID, in chat: ChatID, epoch: UInt64, seq: SequenceNumber
    ) {
        guard let followed = following[.chat(chat)] else { return }
        deliver(.typing(chat, epoch: epoch, seq: seq, account), to: followed.hubs)
    }

    // MARK: What typing and presence share

    /// Who probably owns `shard`, if messages about presence are known there. Where no link is up,
    /// one is opened for what is sent there, which may get lost.
    func presenceOwner(of shard: ShardID, attempt: Int) -> NodeID? {
        guard let owner = likelyLeader(of: shard, attempt: attempt), speaksPresence(owner) else {
            return nil
        }
        return owner
    }

    /// Whether the node knows messages about presence; older ones would end the link.
    func speaksPresence(_ node: NodeID) -> Bool {
        guard let record = members.member(node) else { return false }
        return record.facts.protocolMax >= PeerLimits.presenceProtocolMin
    }

    /// Tells a node that thought otherwise who owns a shard.
    func notOwner(of shard: ShardID) -> PeerMessage {
        let hint = replica(of: shard)?.leaderHint ?? leaders[shard]
        return .notOwner(shard: shard, hint: hint == identity.node ? nil : hint)
    }

    mutating func sayNotOwner(of shard: ShardID, to node: NodeID) {
        guard node != identity.node else { return }
        step.outbound.append(notOwner(of: shard), to: node)
    }
}
