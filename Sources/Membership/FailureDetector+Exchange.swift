package import Determinism
package import Identity

extension FailureDetector {
    /// A full exchange has arrived over the peer link from `node`.
    package mutating func receiveSync(
        _ sync: MembershipSync, from node: NodeID, at now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> [MembershipEffect] {
        var effects: [MembershipEffect] = []
        guard node != local.node, !removed.contains(node) else { return effects }
        for record in sync.members.prefix(MembershipSync.membersMax) {
            merge(record, from: node, at: now, using: &generator, &effects)
        }
        hasJoined = true
        if !sync.isReply {
            effects.append(.sendSync(fullSync(isReply: true, isJoin: false), to: node))
        }
        return effects
    }

    /// Takes another node's belief. Its dead are only suspected, so that they can refute.
    private mutating func merge(
        _ record: MemberRecord, from node: NodeID, at now: Instant,
        using generator: inout some RandomNumberGenerator, _ effects: inout [MembershipEffect]
    ) {
        switch record.status {
        case .alive:
            apply(record.aliveUpdate, at: now, using: &generator, &effects)
        case .suspect, .dead:
            if record.status == .suspect, record.node != local.node, table[record.node] == nil {
                // An accusation overtakes addresses: this may be an earlier process's.
                apply(record.addressUpdate, at: now, using: &generator, &effects)
            }
            if record.status == .dead, table[record.node]?.record.status == .alive {
                Mark.deadOnlySuspected.hit()
            }
            apply(
                .suspect(node: record.node, incarnation: record.incarnation, from: node), at: now,
                using: &generator, &effects)
        case .left:
            apply(
                .dead(node: record.node, incarnation: record.incarnation, from: record.node),
                at: now, using: &generator, &effects)
        }
    }

    /// All that this node believes.
    func fullSync(isReply: Bool, isJoin: Bool) -> MembershipSync {
        MembershipSync(members: members, isReply: isReply, isJoin: isJoin)
    }

    /// Asks `node` for everything, unless somebody was asked a moment ago.
    mutating func startSync(
        with node: NodeID, at now: Instant, _ effects: inout [MembershipEffect]
    ) {
        if let last = syncStartedAt, now < last + settings.syncIntervalMin { return }
        syncStartedAt = now
        effects.append(
            .sendSync(fullSync(isReply: false, isJoin: !hasJoined), to: node))
    }

    /// The first member that we hear of tells us about all others.
    mutating func joinIfNeeded(
        through node: NodeID, at now: Instant, _ effects: inout [MembershipEffect]
    ) {
        guard !hasJoined, local.status == .alive, table[node]?.record.isLive == true else { return }
        startSync(with: node, at: now, &effects)
    }

    // MARK: Digests

    /// Starts the anti-entropy of one period: a digest, or an exchange where a digest has no room.
    mutating func sendDigest(
        at now: Instant, using generator: inout some RandomNumberGenerator,
        _ effects: inout [MembershipEffect]
    ) {
        let live = table.members.filter(\.record.isLive)
        let isLarge = table.count + 1 > MemberDigest.entriesMax
        nextDigestAt = now + (isLarge ? scaledSyncInterval : settings.digestInterval)
        guard let partner = picked(1, of: live, using: &generator).first else { return }
        guard !isLarge else {
            startSync(with: partner.record.node, at: now, &effects)
            return
        }
        let entries = members.map {
            MemberDigest.Entry(node: $0.node, incarnation: $0.incarnation, status: $0.status)
        }
        send(
            .digest(MemberDigest(sorted: entries)), to: partner.record.endpoint.gossipAddress,
            &effects)
    }

    /// The interval of full exchanges: once more for each doubling above 32 members (memberlist).
    private var scaledSyncInterval: Interval {
        var factor: UInt64 = 1
        var size = 32
        while size < table.count + 1 {
            factor += 1
            size *= 2
        }
        return settings.syncInterval * factor
    }

    /// Compares beliefs; any difference that an exchange can settle starts one.
    mutating func compare(
        _ digest: MemberDigest, from node: NodeID, at now: Instant,
        _ effects: inout [MembershipEffect]
    ) {
        var differs = false
        var compared = 0
        for entry in digest.entries where !removed.contains(entry.node) {
            if entry.node == local.node {
                compareSelf(entry, at: now, &effects)
                continue
            }
            guard let member = table[entry.node] else {
                // Strangers that are gone stay strangers.
                differs = differs || entry.status <= .suspect
                continue
            }
            compared += 1
            if member.record.incarnation != entry.incarnation
                || member.record.status != entry.status
            {
                differs = true
            }
        }
        // Members that only we know matter while they live.
        if compared < table.count {
            differs =
                differs
                || table.members.contains { member in
                    member.record.isLive
                        && !digest.entries.contains { $0.node == member.record.node }
                }
        }
        if differs { startSync(with: node, at: now, &effects) }
    }

    private mutating func compareSelf(
        _ entry: MemberDigest.Entry, at now: Instant, _ effects: inout [MembershipEffect]
    ) {
        if entry.status == .alive {
            if entry.incarnation > local.incarnation {
                effects.append(.selfIsClonedOrOutdated(newer: entry.incarnation))
            } else if entry.incarnation < local.incarnation, local.status == .alive {
                news.enqueue(local.aliveUpdate)
            }
        } else {
            Mark.accusedInDigest.hit()
            applyAboutSelf(
                .suspect(node: entry.node, incarnation: entry.incarnation, from: entry.node),
                at: now, &effects)
        }
    }

    // MARK: Finding others

    /// True while a node that has somewhere to look knows of nobody live.
    var isLookingForOthers: Bool {
        (!seeds.isEmpty || !remembered.isEmpty) && !table.members.contains { $0.record.isLive }
    }

    /// First contact: pings every seed and a few remembered addresses, introducing this node.
    mutating func lookForOthers(
        at now: Instant, using generator: inout some RandomNumberGenerator,
        _ effects: inout [MembershipEffect]
    ) {
        nextJoinAt = now + settings.joinInterval
        for seed in seeds where seed != local.endpoint.gossipAddress {
            contact(seed, as: nil, &effects)
        }
        for place in picked(8, of: remembered, using: &generator) {
            contact(place.address, as: place.node, &effects)
        }
    }

    /// Tries one of those who should be there but are not: heals partitions after both sides have
    /// given each other up.
    mutating func reconnect(
        at now: Instant, using generator: inout some RandomNumberGenerator,
        _ effects: inout [MembershipEffect]
    ) {
        nextReconnectAt = now + settings.reconnectInterval
        var candidates: [(NodeID?, GossipAddress)] = []
        for member in table.members where member.record.status == .dead {
            guard registered?.contains(member.record.node) != false else { continue }
            candidates.append((member.record.node, member.record.endpoint.gossipAddress))
        }
        for place in remembered where table[place.node]?.record.isLive != true {
            guard registered?.contains(place.node) != false else { continue }
            candidates.append((place.node, place.address))
        }
        for seed in seeds where seed != local.endpoint.gossipAddress {
            guard !table.members.contains(where: { $0.record.endpoint.gossipAddress == seed })
            else { continue }
            candidates.append((nil, seed))
        }
        if let (node, address) = picked(1, of: candidates, using: &generator).first {
            contact(address, as: node, &effects)
        }
    }

    private mutating func contact(
        _ address: GossipAddress, as node: NodeID?, _ effects: inout [MembershipEffect]
    ) {
        let accusation = node.flatMap { table[$0]?.accusation(by: local.node) }
        send(
            .ping(sequence: takeSequence(), target: node), to: address,
            leading: [local.aliveUpdate] + [accusation].compactMap { $0 }, wantsRecord: true,
            &effects)
    }

    // MARK: Sending

    /// Pushes news to a few random members, the recently dead among them (memberlist).
    mutating func gossip(
        at now: Instant, using generator: inout some RandomNumberGenerator,
        _ effects: inout [MembershipEffect]
    ) {
        nextGossipAt = now + settings.gossipInterval
        let listeners = table.members.filter {
            $0.record.isLive
                || $0.record.status == .dead && now < $0.changedAt + settings.gossipToDead
        }
        for listener in picked(settings.gossipFanOut, of: listeners, using: &generator) {
            guard !news.isEmpty else { return }
            send(.gossip, to: listener.record.endpoint.gossipAddress, &effects)
        }
    }

    /// Answers `message`; the answer leads with our record when it was asked for, and with what its
    /// sender is accused of.
    mutating func answer(
        _ message: MembershipMessage, _ body: MembershipMessage.Body, to address: GossipAddress,
        wantsRecord: Bool = false, _ effects: inout [MembershipEffect]
    ) {
        var leading: [MemberUpdate] = []
        if message.wantsRecord, local.status == .alive { leading.append(local.aliveUpdate) }
        if let member = table[message.from], member.record.incarnation >= message.fromIncarnation,
            let accusation = member.accusation(by: local.node)
        {
            leading.append(accusation)
        }
        send(body, to: address, leading: leading, wantsRecord: wantsRecord, &effects)
    }

    /// Sends one datagram, filled up with news.
    mutating func send(
        _ body: MembershipMessage.Body, to address: GossipAddress, leading: [MemberUpdate] = [],
        wantsRecord: Bool = false, _ effects: inout [MembershipEffect]
    ) {
        let budget =
            MembershipMessage.datagramBytesMax - MembershipMessage.envelopeBytesMax
            - MembershipMessage.headerBytesMax(of: body)
            - leading.reduce(0) { $0 + $1.encodedBytesMax }
        let updates =
            leading
            + news.take(
                bytes: budget,
                count: Perturbation.singleUpdate.fires
                    ? 1 : MembershipMessage.updatesMax - leading.count,
                transmitLimit: settings.retransmitMultiplier * LogarithmTable.digits(liveCount),
                excluding: leading.map(\.node))
        let message = MembershipMessage(
            from: local.node, fromIncarnation: local.incarnation, wantsRecord: wantsRecord,
            body: body, updates: updates)
        assert(
            message.encodedBytesMax + MembershipMessage.envelopeBytesMax
                <= MembershipMessage.datagramBytesMax, "nothing larger goes by datagram")
        effects.append(.sendDatagram(message, to: address))
    }
}
