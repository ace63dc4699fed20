package import Determinism
package import Identity

/// Who is in the cluster, and who of them is there: one node's view, kept by gossip.
///
/// The protocol is SWIM (Das, Gupta, Motivala 2002) with the three refinements of Lifeguard
/// (Dadgar, Phillips, Currey 2018) and the practical additions of memberlist. In each period one
/// member, in random order but each once per round (SWIM 4.3), gets a ping; when it does not
/// answer, a few others are asked to try and the peer link is tried too; when nobody reaches it, it
/// is suspected; when it does not refute, it is dead. News rides on every datagram and is pushed
/// besides.
///
/// Where we deviate from the papers, and why:
///
/// - *One order for all evidence.* The papers give a table of which message overrides which. Here
///   evidence is compared as (incarnation, status) with alive < suspect < dead < left, and the
///   highest is kept, whatever order it arrives in. So a delayed `alive` can never revive a member
///   whose death at a higher incarnation was heard while it was already dead. The one difference to
///   SWIM: `dead` of an older incarnation does not override a newer `alive`.
/// - *Incarnations have a generation.* A restarted node outranks everything said about its earlier
///   process at once, on whatever address it now is, and two processes with one identity are found:
///   the older learns of the newer and exits.
/// - *Stale claims are answered.* Who sees an `alive` that an accusation outranks tells the accused
///   (at most once a second), rather than to drop it silently and leave it dead for some forever.
/// - *Only `alive` makes a member known.* An accusation of somebody unknown is dropped, else a
///   removed member would come back by the rumour of its death.
/// - *Dead is not removed.* Only the registry removes, and then for ever. The dead are told of it
///   for 30 s, then one of them is pinged every 10 s, which heals partitions.
/// - *A digest instead of push/pull.* Every 5 s a random member gets all our beliefs at 13 bytes
///   each in one datagram; only a difference costs a full exchange over the peer link. What an
///   exchange says is dead is only suspected, so that it gets a chance to refute (memberlist).
/// - *Health.* A failed probe worsens local health by the number of missing nacks, and by one only
///   when nobody was asked: the peer's own death is no sign of our illness (memberlist, not the
///   paper). Only the probe interval is stretched by it, not the ping's timeout.
/// - *Integers.* The logarithms of suspicion come from a table.
///
/// Invariants: 1. `local` is alive, or left after ``leave(at:)``. 2. `table` never holds the local
/// or a removed node. 3. A member has a suspicion exactly while it is suspect. 4. `describedBy` is
/// not above the incarnation. 5. Queues are within their limits. 6. `probeOrder`
/// holds exactly the members of the table, each once.
package struct FailureDetector: Sendable {
    /// What this node says of itself.
    package internal(set) var local: MemberRecord
    /// The limits in force.
    package let settings: MembershipSettings

    /// All others.
    var table = MembershipTable()
    /// What is still to be told.
    var news = Dissemination()
    /// Our own health.
    var health: LocalHealth
    /// Where strangers may be found.
    var seeds: [GossipAddress]
    /// Where members were before the restart.
    var remembered: [RememberedAddress]
    /// Sorted; nil until the registry has spoken, and then nobody else is pinged when dead.
    var registered: [NodeID]?
    /// Sorted; refused for ever.
    var removed: [NodeID] = []

    /// This round's order.
    var probeOrder: [NodeID] = []
    /// The next of it.
    var probePosition = 0
    /// The probe of this period.
    var probe: Probe?
    /// Pings for others, oldest first.
    var relays: [Relay] = []
    /// The last number used.
    var lastSequence: UInt32 = 0

    /// When the period ends.
    var nextProbeAt: Instant
    /// When news may be pushed again.
    var nextGossipAt: Instant
    /// When beliefs are compared next.
    var nextDigestAt: Instant
    /// When a missing node is tried next.
    var nextReconnectAt: Instant
    /// When seeds are tried next, while nobody is known.
    var nextJoinAt: Instant
    /// When changed facts are to be announced.
    var factsDueAt: Instant?
    /// When anything about this node was last announced.
    var factsAnnouncedAt: Instant?
    /// When this node last refuted.
    var refutedAt: Instant?
    /// An accusation that is answered as soon as the limit on refutations allows.
    var pendingAccusation: Incarnation?
    /// When this node last started a full exchange.
    var syncStartedAt: Instant?
    /// Whether anybody has sent us a full exchange yet.
    var hasJoined = false

    /// The most seeds; more are ignored.
    package static let seedsMax = 16
    /// The most remembered addresses; more are ignored.
    package static let rememberedMax = MembershipSync.membersMax

    /// A node that knows nobody yet and looks for `seeds` and for `known`, the addresses that it
    /// had persisted. `local.incarnation` must be on disk already; `settings` must be valid.
    package init(
        local: MemberRecord, settings: MembershipSettings = MembershipSettings(),
        seeds: [GossipAddress], known: [(NodeID, GossipAddress)] = [], at now: Instant,
        using generator: inout some RandomNumberGenerator
    ) {
        precondition(local.status == .alive, "a node starts alive")
        self.local = local
        self.settings = settings
        self.seeds = Array(seeds.prefix(Self.seedsMax))
        remembered = known.filter { $0.0 != local.node }.prefix(Self.rememberedMax)
            .map { RememberedAddress(node: $0.0, address: $0.1) }
        health = LocalHealth(limit: settings.healthScoreLimit)
        nextProbeAt = now + Interval.zero.jittered(by: settings.probeInterval, using: &generator)
        nextGossipAt = now
        nextDigestAt = now + Interval.zero.jittered(by: settings.digestInterval, using: &generator)
        nextReconnectAt = now + settings.reconnectInterval
        nextJoinAt = now
    }

    // MARK: Handlers

    /// One datagram has arrived. Whoever opened it has checked cluster and seal.
    package mutating func receive(
        _ message: MembershipMessage, from address: GossipAddress, at now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> [MembershipEffect] {
        var effects: [MembershipEffect] = []
        guard admit(message, from: address, &effects) else { return effects }
        for update in message.updates.prefix(MembershipMessage.updatesMax) {
            apply(update, at: now, using: &generator, &effects)
        }
        let isUnknown = table[message.from] == nil
        switch message.body {
        case .ping(let sequence, let target):
            // An identity that is not asked for must not answer: its predecessor at this address
            // would seem alive.
            if target == nil || target == local.node {
                answer(
                    message, .ack(sequence: sequence), to: address, wantsRecord: isUnknown,
                    &effects)
            }
        case .pingRequest(let sequence, let target, let targetAddress):
            relay(
                sequence, from: address, requester: message.from, to: target, at: targetAddress,
                now, &effects)
        case .ack(let sequence): receiveAck(sequence, from: message.from, &effects)
        case .nack(let sequence): receiveNack(sequence, from: message.from)
        case .gossip:
            if message.wantsRecord { answer(message, .gossip, to: address, &effects) }
        case .digest(let digest):
            if isUnknown {
                answer(message, .gossip, to: address, wantsRecord: true, &effects)
            } else {
                compare(digest, from: message.from, at: now, &effects)
            }
        }
        if case .ack = message.body, message.wantsRecord {
            answer(message, .gossip, to: address, &effects)
        }
        joinIfNeeded(through: message.from, at: now, &effects)
        return effects
    }

    /// Everything that is due by `now`. Call it no later than ``nextDeadline``.
    package mutating func advance(
        to now: Instant, using generator: inout some RandomNumberGenerator
    ) -> [MembershipEffect] {
        var effects: [MembershipEffect] = []
        expireSuspicions(at: now, &effects)
        expireRelays(at: now, &effects)
        if let accused = pendingAccusation, refutationDueAt <= now { refute(accused, at: now) }
        if let due = factsDueAt, due <= now { announceLocal(at: now) }
        if local.status == .alive {
            advanceProbe(to: now, using: &generator, &effects)
            if nextDigestAt <= now { sendDigest(at: now, using: &generator, &effects) }
            if nextReconnectAt <= now { reconnect(at: now, using: &generator, &effects) }
            if isLookingForOthers, nextJoinAt <= now {
                lookForOthers(at: now, using: &generator, &effects)
            }
        }
        if !news.isEmpty, nextGossipAt <= now { gossip(at: now, using: &generator, &effects) }
        return effects
    }

    /// The peer link to `node` has answered the ping of this number.
    package mutating func streamPingAnswered(
        by node: NodeID, sequence: UInt32, at now: Instant
    ) -> [MembershipEffect] {
        guard var current = probe, current.sequence == sequence, current.target == node,
            !current.isAnswered
        else { return [] }
        current.isAnswered = true
        probe = current
        health.improve()
        return []
    }

    /// Changes where this node listens; told at once, as a new incarnation.
    package mutating func updateLocal(endpoint: MemberEndpoint, at now: Instant) {
        guard endpoint != local.endpoint, local.status == .alive else { return }
        local.endpoint = endpoint
        announceLocal(at: now)
    }

    /// Changes what this node tells about itself; told at most once a second.
    package mutating func updateLocal(facts: MemberFacts, at now: Instant) {
        guard facts != local.facts, local.status == .alive else { return }
        local.facts = facts
        let due = factsAnnouncedAt.map { max(now, $0 + settings.factsIntervalMin) } ?? now
        if factsDueAt == nil { factsDueAt = due }
    }

    /// Says goodbye: others take this node for left, and it no longer probes or refutes. The host
    /// goes on stepping for about a second so that the news gets out.
    package mutating func leave(at now: Instant) {
        guard local.status == .alive else { return }
        local.status = .left
        probe = nil
        pendingAccusation = nil
        factsDueAt = nil
        news.enqueue(
            .dead(node: local.node, incarnation: local.incarnation, from: local.node))
        nextGossipAt = min(nextGossipAt, now)
    }

    /// The registry has removed `node`: it is forgotten, and refused for ever.
    package mutating func remove(_ node: NodeID) {
        guard node != local.node, !removed.contains(node) else { return }
        removed.append(node)
        removed.sort()
        table[node] = nil
        news.forget(node)
        remembered.removeAll { $0.node == node }
        probeOrder.removeAll { $0 == node }
        probePosition = min(probePosition, probeOrder.count)
        if probe?.target == node { probe = nil }
        relays.removeAll { $0.target == node }
    }

    /// The registry's members: of the dead, these are still tried. `addresses` are where they
    /// listened when they joined; those of whom no newer address is known are looked for there.
    package mutating func note(
        registered nodes: [NodeID], at addresses: [(NodeID, GossipAddress)] = []
    ) {
        registered = nodes.filter { $0 != local.node }.sorted()
        for (node, address) in addresses where node != local.node {
            guard gossipAddress(of: node) == nil, remembered.count < Self.rememberedMax else {
                continue
            }
            remembered.append(RememberedAddress(node: node, address: address))
        }
    }

    // MARK: Queries

    /// Where `node` listened when it was last heard of, also before the last restart.
    package func gossipAddress(of node: NodeID) -> GossipAddress? {
        table[node]?.record.endpoint.gossipAddress
            ?? remembered.first { $0.node == node }?.address
    }

    /// When ``advance(to:using:)`` has something to do; it may be in the past. Nil for a node that
    /// is alone and has nobody to look for.
    package var nextDeadline: Instant? {
        var earliest: Instant?
        func consider(_ deadline: Instant) { earliest = min(earliest ?? deadline, deadline) }
        for member in table.members {
            if let suspicion = member.suspicion { consider(suspicion.deadline) }
        }
        for relay in relays { consider(relay.nextDeadline) }
        if pendingAccusation != nil { consider(refutationDueAt) }
        if let factsDueAt { consider(factsDueAt) }
        if !news.isEmpty, table.count > 0 { consider(nextGossipAt) }
        guard local.status == .alive else { return earliest }
        if liveCount > 1 || probe != nil {
            consider(nextProbeAt)
            if let probe, !probe.isAnswered, !probe.isIndirect { consider(probe.directDeadline) }
            consider(nextDigestAt)
        }
        if table.count > 0 || !seeds.isEmpty || !remembered.isEmpty {
            consider(nextReconnectAt)
            if isLookingForOthers { consider(nextJoinAt) }
        }
        return earliest
    }

    /// What is believed about `node`; nil for a stranger. O(log n).
    package func member(_ node: NodeID) -> MemberRecord? {
        node == local.node ? local : table[node]?.record
    }

    /// All members, this node included, by ascending node.
    package var members: [MemberRecord] {
        var records = table.members.map(\.record)
        let position = records.firstIndex { $0.node > local.node } ?? records.count
        records.insert(local, at: position)
        return records
    }

    /// How many members are alive, this node included; suspects are not counted.
    package var aliveCount: Int {
        table.members.count { $0.record.status == .alive } + (local.status == .alive ? 1 : 0)
    }

    /// The current addresses of all members but this one, to be persisted for the next start.
    package var addresses: [(NodeID, GossipAddress)] {
        table.members.filter { $0.record.status != .left }
            .map { ($0.record.node, $0.record.endpoint.gossipAddress) }
    }

    /// Lifeguard's local health score: 0 is healthy.
    package var healthScore: UInt64 { health.score }

    /// How many members are alive or suspect, this node included.
    var liveCount: Int { 1 + table.members.count { $0.record.isLive } }
}

/// An address that a node was last seen at, from before the restart.
struct RememberedAddress: Hashable, Sendable {
    /// Who.
    let node: NodeID
    /// Where.
    let address: GossipAddress
}
