internal import Accounts
internal import Determinism
internal import Identity
internal import Raft
internal import Registry
internal import Storage
internal import Wire

/// Who is there: claims from the nodes with the sockets to the owner of the account, answers and
/// changes from there to the nodes whose clients look.
///
/// A node asks for the accounts on its clients' screens in one message for each shard, and the
/// answer is a lease: for 75 s the owner tells it every change. Asking again every 30 s renews the
/// lease and heals whatever was lost, so nothing has to be confirmed. To follow each account like a
/// log would cost a head, a doubt and a retry for each, and heal no better; to ask alone, every few
/// seconds, would cost ten times as much to be as quick.
///
/// With 10,000 people at a node, who look at 30 others each, 100,000 accounts in all at the worst:
/// 60 kB/s of questions, 80 kB/s of answers and 3,300 reads of a record a second at their owners
/// together; claims are 12 kB/s; six changes an hour of each watched account are 170 a second, 25
/// bytes each. Nothing is replicated but one record when somebody leaves.
///
/// After a fault, within 75 s: a claim that is not repeated ends after 40 s, and is looked for
/// every 5 s; what is asked comes within 30 s. A new owner says of nobody that they are gone before
/// every node had the time to claim them, which is 20 s.
extension ClusterNode {
    // MARK: This node has the sockets

    mutating func note(
        _ account: AccountID, isActive: Bool, at hub: HubID
    ) throws(StorageError) {
        guard !isActive || presence.count < settings.presenceMax else { return }
        let isNews = presence.note(
            account, isActive: isActive, at: hub, now: step.now, wall: wall,
            grace: settings.presenceGrace)
        if isNews { try claim([PresenceClaim(account: account, left: nil)]) }
    }

    /// Says and asks again what is due, and looks after the accounts that this node owns; once a
    /// tick.
    mutating func refreshPresence() throws(StorageError) {
        guard registry.shardCount > 0 else { return }
        let now = step.now
        try claim(presence.takeDepartures(at: now))
        if presence.nextClaim <= now {
            presence.nextClaim = now + settings.presenceClaimInterval
            try claim(presence.claims)
        }
        if presence.nextWatch <= now {
            presence.nextWatch = now + settings.presenceWatchInterval
            try askOwners(of: presence.watchedAccounts)
        }
        if presence.nextRetry <= now {
            presence.nextRetry = now + ClusterNode.presenceRetryInterval
            try sayAgain(of: Set(presence.takeDoubted()))
        }
        for replica in replicas where replica.isLeader && replica.presence.isSweepDue(at: now) {
            let changed = replica.presence.sweep(at: now, settings: settings)
            try tellWatchers(of: changed, replica)
            try writeLastSeen(of: nil, replica)
        }
    }

    /// Says and asks again what the owners of `shards` may not know.
    private mutating func sayAgain(of shards: Set<ShardID>) throws(StorageError) {
        guard !shards.isEmpty else { return }
        try claim(presence.claims.filter { shards.contains(shard(of: $0.account)) })
        try askOwners(of: presence.watchedAccounts.filter { shards.contains(shard(of: $0)) })
    }

    /// How long an owner that was not found has to be looked for.
    private static let presenceRetryInterval = Interval.seconds(1)

    private func shard(of account: AccountID) -> ShardID {
        ShardKey(account).shard(count: UInt32(registry.shardCount))
    }

    /// Says to the owners of accounts who is here and who left.
    private mutating func claim(_ claims: [PresenceClaim]) throws(StorageError) {
        for (shard, claims) in grouped(claims, by: \.account) {
            if replica(of: shard)?.isLeader == true {
                try receive(claims, of: shard, from: identity.node)
            } else if let owner = ownerToTell(of: shard) {
                for part in parts(of: claims) {
                    step.outbound.append(.presenceClaims(shard: shard, claims: part), to: owner)
                }
            }
        }
    }

    /// Who probably owns `shard`. What goes where no link is up may get lost while one is opened,
    /// or nobody may be there: it is said again soon, and after some tries to others.
    private mutating func ownerToTell(of shard: ShardID) -> NodeID? {
        let owner = presenceOwner(of: shard, attempt: presence.tries(of: shard))
        if owner.map({ links.contains($0) }) != true { presence.doubt(shard) }
        return owner
    }

    // MARK: This node has those who look

    mutating func watch(_ accounts: [AccountID], for hub: HubID) throws(StorageError) {
        let (known, asked) = presence.watch(accounts, for: hub, countMax: settings.presenceMax)
        if !known.isEmpty { deliver(.presence(known), to: [hub]) }
        try askOwners(of: asked)
    }

    /// Asks the owners of accounts whether they are there.
    private mutating func askOwners(of accounts: [AccountID]) throws(StorageError) {
        for (shard, accounts) in grouped(accounts, by: \.self) {
            if replica(of: shard)?.isLeader == true {
                try answerWatch(of: accounts, shard: shard, for: identity.node)
            } else if let owner = ownerToTell(of: shard) {
                for part in parts(of: accounts) {
                    step.outbound.append(.presenceWatch(shard: shard, accounts: part), to: owner)
                }
            }
        }
    }

    /// An owner says whether accounts are there.
    mutating func receive(_ states: [PersonPresence]) {
        var news: [HubID: [PersonPresence]] = [:]
        for state in states {
            for hub in presence.take(state) { news[hub, default: []].append(state) }
        }
        for hub in news.keys.sorted() { deliver(.presence(news[hub] ?? []), to: [hub]) }
    }

    // MARK: This node owns the accounts

    /// A node says who is at its sockets.
    mutating func receive(
        _ claims: [PresenceClaim], of shard: ShardID, from node: NodeID
    ) throws(StorageError) {
        guard let replica = replica(of: shard), replica.isLeader, registry.shardCount > 0 else {
            return sayNotOwner(of: shard, to: node)
        }
        var changed: [AccountID] = []
        for claim in claims where self.shard(of: claim.account) == shard {
            let isNews = replica.presence.take(
                claim, from: node, until: step.now + settings.presenceLifetime, wall: wall,
                countMax: settings.presenceMax)
            if isNews { changed.append(claim.account) }
        }
        try tellWatchers(of: changed, replica)
        try writeLastSeen(of: claims.filter { $0.left != nil }.map(\.account), replica)
    }

    /// A node asks whether accounts are there, and wants to hear of their changes.
    mutating func answerWatch(
        of accounts: [AccountID], shard: ShardID, for node: NodeID
    ) throws(StorageError) {
        guard let replica = replica(of: shard), replica.isLeader, registry.shardCount > 0 else {
            return sayNotOwner(of: shard, to: node)
        }
        let asked = accounts.filter { self.shard(of: $0) == shard }
        let until = step.now + settings.presenceWatchLifetime
        for account in asked {
            replica.presence.watch(
                account, by: node, until: until, countMax: settings.presenceMax)
        }
        try tell(asked, of: replica, to: node)
    }

    /// Entries of inboxes may be another rule about who may know.
    mutating func tellOwners(
        of entries: [PublishedEntry], shard: ShardID
    ) throws(StorageError) {
        guard let replica = replica(of: shard), replica.isLeader else { return }
        for entry in entries {
            guard case .inbox(let account) = entry.log,
                case .privacyChanged = try InboxEntry(decoding: entry.bytes).kind
            else { continue }
            try tellWatchers(of: [account], replica)
        }
    }

    private mutating func tellWatchers(
        of accounts: [AccountID], _ replica: ShardReplica
    ) throws(StorageError) {
        var news: [NodeID: [AccountID]] = [:]
        for account in accounts {
            for node in replica.presence.watchers(of: account) {
                news[node, default: []].append(account)
            }
        }
        for node in news.keys.sorted() { try tell(news[node] ?? [], of: replica, to: node) }
    }

    private mutating func tell(
        _ accounts: [AccountID], of replica: ShardReplica, to node: NodeID
    ) throws(StorageError) {
        var states: [PersonPresence] = []
        for account in accounts {
            guard let presence = try state(of: account, replica) else { continue }
            states.append(PersonPresence(account: account, presence: presence))
        }
        if states.isEmpty { return }
        if node == identity.node { return receive(states) }
        for part in parts(of: states) {
            step.outbound.append(.presenceStates(shard: replica.shard, states: part), to: node)
        }
    }

    /// What others may know of an account; nil when it is none, or when it only seems to be gone.
    private func state(
        of account: AccountID, _ replica: ShardReplica
    ) throws(StorageError) -> Presence? {
        let state = replica.store(over: store)
        guard let facts = try AccountQueries.account(account, in: replica.shard, state) else {
            return nil
        }
        let table = replica.presence
        guard table.isThere(account) || table.isWarm else { return nil }
        let presence =
            table.isThere(account)
            ? Presence.online : .offline(lastSeen: max(facts.lastSeen, table.left(account)))
        switch facts.lastSeenRule {
        case .everybody: return presence
        case .nobody: return presence.blurred(at: wall)
        }
    }

    /// Has it written when accounts were last there that have left, each at most once in the
    /// interval. Nil: all of the shard.
    private mutating func writeLastSeen(
        of accounts: [AccountID]?, _ replica: ShardReplica
    ) throws(StorageError) {
        let unwritten = replica.presence.takeUnwritten(
            of: accounts, at: step.now, pause: settings.lastSeenInterval)
        guard !unwritten.isEmpty, doAllKnowPresence(of: replica.shard) else { return }
        let state = replica.store(over: store)
        for (account, left) in unwritten {
            guard let facts = try AccountQueries.account(account, in: replica.shard, state),
                facts.lastSeen < left
            else {
                replica.presence.isWritten(account, lastSeen: left)
                continue
            }
            replica.presence.wroteLeft(account, at: step.now)
            let command = ShardCommand.account(
                AccountCommand(
                    account: account, cmid: MessageID(unkeptAt: wall), time: wall,
                    body: .see(at: left)))
            try request(
                replica.shard, ShardRequest.command(command).encoded(), origin: .lastSeen)
        }
    }

    /// Whether every replica can read the entry: one that cannot would stop.
    private func doAllKnowPresence(of shard: ShardID) -> Bool {
        guard let placement = registry.placement(of: shard), let replica = replica(of: shard)
        else { return false }
        let members = replica.withRaft { $0.configuration.members }
        return (placement.desired + members).map(\.node).allSatisfy {
            $0 == identity.node || speaksPresence($0)
        }
    }

    // MARK: Pieces

    /// `things` by the shards of their accounts, which ascend; each list in its old order.
    private func grouped<Thing>(
        _ things: [Thing], by account: (Thing) -> AccountID
    ) -> [(shard: ShardID, things: [Thing])] {
        var groups: [ShardID: [Thing]] = [:]
        for thing in things { groups[shard(of: account(thing)), default: []].append(thing) }
        return groups.keys.sorted().map { ($0, groups[$0] ?? []) }
    }

    /// `things` in pieces that fit into a message.
    private func parts<Thing>(of things: [Thing]) -> [[Thing]] {
        stride(from: 0, to: things.count, by: PeerLimits.accountsMax).map {
            Array(things[$0..<min($0 + PeerLimits.accountsMax, things.count)])
        }
    }
}
