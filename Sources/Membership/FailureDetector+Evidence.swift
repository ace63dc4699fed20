import Determinism
import Identity

extension FailureDetector {
    /// Decides whether a datagram is from a member's current process at all.
    mutating func admit(
        _ message: MembershipMessage, from address: GossipAddress,
        _ effects: inout [MembershipEffect]
    ) -> Bool {
        if message.from == local.node {
            // Our own datagram come back, or another process with our identity: the older exits.
            if message.fromIncarnation > local.incarnation {
                effects.append(.selfIsClonedOrOutdated(newer: message.fromIncarnation))
            } else if message.fromIncarnation.generation < local.incarnation.generation {
                send(.gossip, to: address, leading: [local.aliveUpdate], &effects)
            }
            return false
        }
        guard !removed.contains(message.from) else {
            Mark.removedRefused.hit()
            return false
        }
        if let member = table[message.from],
            message.fromIncarnation.generation < member.describedBy.generation
        {
            Mark.earlierProcessAnswered.hit()
            // An earlier process of that node, or a clone of its disk: it must learn of its
            // successor and exit.
            let successor = MemberUpdate.alive(
                node: message.from, incarnation: member.describedBy,
                endpoint: member.record.endpoint, facts: member.record.facts)
            send(.gossip, to: address, leading: [successor], &effects)
            return false
        }
        return true
    }

    /// Takes one piece of news for what it is worth.
    mutating func apply(
        _ update: MemberUpdate, at now: Instant, using generator: inout some RandomNumberGenerator,
        _ effects: inout [MembershipEffect]
    ) {
        guard update.node != local.node else {
            applyAboutSelf(update, at: now, &effects)
            return
        }
        guard !removed.contains(update.node) else { return }
        switch update {
        case .alive(let node, let incarnation, let endpoint, let facts):
            let record = MemberRecord(
                node: node, incarnation: incarnation, endpoint: endpoint, facts: facts)
            applyAlive(record, at: now, using: &generator, &effects)
        case .suspect(let node, let incarnation, let from):
            applySuspect(node, incarnation, from: from, at: now, &effects)
        case .dead(let node, let incarnation, let from):
            applyDead(node, incarnation, from: from, at: now, &effects)
        }
    }

    /// A member speaks for itself: the only evidence that makes it known.
    mutating func applyAlive(
        _ claim: MemberRecord, at now: Instant, using generator: inout some RandomNumberGenerator,
        _ effects: inout [MembershipEffect]
    ) {
        guard var member = table[claim.node] else {
            guard table.count < MembershipSync.membersMax - 1 else { return }
            table[claim.node] = Member(
                record: claim, describedBy: claim.incarnation, changedAt: now)
            insertIntoProbeOrder(claim.node, using: &generator)
            news.enqueue(claim.aliveUpdate)
            effects.append(.memberChanged(claim, previous: nil))
            return
        }
        let before = member.record
        let isNewer =
            Canary.reversedIncarnation.lives
            ? claim.incarnation < before.incarnation : claim.incarnation > before.incarnation
        if isNewer {
            markReturn(of: before, as: claim)
            member.record = claim
            member.describedBy = claim.incarnation
            member.suspicion = nil
            member.killer = nil
            if before.status != .alive { member.changedAt = now }
            table[claim.node] = member
            insertIntoProbeOrder(claim.node, using: &generator)
            news.enqueue(claim.aliveUpdate)
            effects.append(.memberChanged(claim, previous: before.status))
            return
        }
        if claim.incarnation > member.describedBy {
            // An accusation came before the address that it is about.
            Mark.accusationOvertook.hit()
            member.describedBy = claim.incarnation
            member.record.endpoint = claim.endpoint
            member.record.facts = claim.facts
            table[claim.node] = member
            if member.record != before {
                effects.append(.memberChanged(member.record, previous: before.status))
            }
        } else if claim.incarnation == member.describedBy,
            claim.endpoint != before.endpoint
        {
            report(conflict: claim.endpoint, with: claim.node, at: now, &effects)
        }
        if before.status == .suspect || before.status == .dead {
            reaccuse(claim, at: now, &effects)
        }
    }

    private func markReturn(of before: MemberRecord, as claim: MemberRecord) {
        if claim.endpoint != before.endpoint { Mark.addressLearnt.hit() }
        let isSameRun = claim.incarnation.generation == before.incarnation.generation
        switch before.status {
        case .alive: break
        case .suspect: if isSameRun { Mark.suspectRefuted.hit() }
        case .dead: isSameRun ? Mark.deadRefuted.hit() : Mark.deadRestarted.hit()
        case .left: Mark.leftReturned.hit()
        }
    }

    /// An `alive` that is not new enough shows that its subject has not heard what it is accused of
    /// (memberlist #311): the accusation is told again, to the subject first.
    private mutating func reaccuse(
        _ claim: MemberRecord, at now: Instant, _ effects: inout [MembershipEffect]
    ) {
        guard var member = table[claim.node], let accusation = member.accusation(by: local.node)
        else { return }
        if let last = member.reaccusedAt, now < last + settings.reaccusationIntervalMin { return }
        Mark.accusationRepeated.hit()
        member.reaccusedAt = now
        table[claim.node] = member
        if !news.contains(accusation) { news.enqueue(accusation) }
        send(.gossip, to: claim.endpoint.gossipAddress, leading: [accusation], &effects)
    }

    private mutating func report(
        conflict claimed: MemberEndpoint, with node: NodeID, at now: Instant,
        _ effects: inout [MembershipEffect]
    ) {
        guard var member = table[node] else { return }
        if let last = member.conflictAt, now < last + settings.reconnectInterval { return }
        member.conflictAt = now
        table[node] = member
        effects.append(
            .conflict(node, known: member.record.endpoint, claimed: claimed))
    }

    /// Somebody could not reach a member: a new suspicion, a confirmation, or old news.
    mutating func applySuspect(
        _ node: NodeID, _ incarnation: Incarnation, from accuser: NodeID, at now: Instant,
        _ effects: inout [MembershipEffect]
    ) {
        guard var member = table[node] else { return }
        let before = member.record
        if before.status == .suspect, before.incarnation == incarnation {
            // Only a new, independent confirmation is told on (Lifeguard IV-B).
            guard var suspicion = member.suspicion, suspicion.confirm(by: accuser) else { return }
            Mark.suspicionConfirmed.hit()
            member.suspicion = suspicion
            table[node] = member
            news.enqueue(.suspect(node: node, incarnation: incarnation, from: accuser))
            return
        }
        guard (incarnation, MemberStatus.suspect) > (before.incarnation, before.status) else {
            return
        }
        member.record.incarnation = incarnation
        member.record.status = .suspect
        member.suspicion = newSuspicion(accuser: accuser, at: now)
        member.killer = nil
        member.changedAt = now
        table[node] = member
        news.enqueue(.suspect(node: node, incarnation: incarnation, from: accuser))
        effects.append(.memberChanged(member.record, previous: before.status))
    }

    /// Somebody gave a member up, or the member left.
    mutating func applyDead(
        _ node: NodeID, _ incarnation: Incarnation, from accuser: NodeID, at now: Instant,
        _ effects: inout [MembershipEffect]
    ) {
        guard var member = table[node] else { return }
        let before = member.record
        let status: MemberStatus = accuser == node ? .left : .dead
        guard (incarnation, status) > (before.incarnation, before.status) else { return }
        // Even about the dead: what is stored is the highest evidence ever admitted.
        member.record.incarnation = incarnation
        member.record.status = status
        member.suspicion = nil
        member.killer = accuser
        if before.isLive { member.changedAt = now }
        table[node] = member
        news.enqueue(.dead(node: node, incarnation: incarnation, from: accuser))
        effects.append(.memberChanged(member.record, previous: before.status))
    }

    /// Gives up the suspects whose patience is at its end.
    mutating func expireSuspicions(at now: Instant, _ effects: inout [MembershipEffect]) {
        for member in table.members {
            guard let suspicion = member.suspicion, suspicion.deadline <= now else { continue }
            applyDead(
                member.record.node, member.record.incarnation, from: local.node, at: now, &effects)
        }
    }

    /// How long a new suspicion lasts with the members of this moment.
    private func newSuspicion(accuser: NodeID, at now: Instant) -> Suspicion {
        let count = liveCount
        let scale = max(1_000, LogarithmTable.decimalThousandths(count))
        let shortest = settings.probeInterval * (settings.suspicionMultiplier * scale) / 1_000
        // With fewer others than confirmations asked for, nobody could ever give them.
        let required = count - 2 < settings.confirmations ? 0 : settings.confirmations
        return Suspicion(
            accuser: accuser, required: required, shortest: shortest,
            longest: shortest * settings.suspicionMaxFactor, at: now)
    }

    // MARK: About this node

    /// What others say about this node: refuted, or the end of this process.
    mutating func applyAboutSelf(
        _ update: MemberUpdate, at now: Instant, _ effects: inout [MembershipEffect]
    ) {
        switch update {
        case .alive(let node, let incarnation, let endpoint, _):
            if incarnation > local.incarnation {
                // Only this process makes incarnations of its generation.
                effects.append(.selfIsClonedOrOutdated(newer: incarnation))
            } else if incarnation == local.incarnation, endpoint != local.endpoint {
                effects.append(.conflict(node, known: local.endpoint, claimed: endpoint))
            }
        case .suspect(_, let incarnation, _), .dead(_, let incarnation, _):
            if incarnation.generation > local.incarnation.generation {
                effects.append(.selfIsClonedOrOutdated(newer: incarnation))
            } else if incarnation >= local.incarnation, local.status == .alive {
                refute(incarnation, at: now)
            } else if local.status == .alive, !news.contains(local.aliveUpdate) {
                // A lower accusation is refuted already, but whoever repeats it has not heard: all
                // that was told of the refutation may have been lost.
                news.enqueue(local.aliveUpdate)
            }
        }
    }

    /// When the next refutation may be made.
    var refutationDueAt: Instant {
        refutedAt.map { $0 + settings.refutationIntervalMin } ?? .start
    }

    /// Outbids an accusation (SWIM 4.2), at most once in a while: an address shared by two machines
    /// would otherwise make the cluster refute for ever.
    mutating func refute(_ accused: Incarnation, at now: Instant) {
        guard accused >= local.incarnation else {
            pendingAccusation = nil
            return
        }
        guard refutationDueAt <= now else {
            Mark.refutationDelayed.hit()
            pendingAccusation = max(accused, pendingAccusation ?? accused)
            return
        }
        pendingAccusation = nil
        refutedAt = now
        // Being suspected suggests that we are slow (Lifeguard IV-A).
        health.worsen()
        outbid(accused)
    }

    /// Tells what changed about this node, as a new incarnation.
    mutating func announceLocal(at now: Instant) {
        factsDueAt = nil
        factsAnnouncedAt = now
        outbid(local.incarnation)
    }

    private mutating func outbid(_ incarnation: Incarnation) {
        precondition(
            incarnation.generation == local.incarnation.generation,
            "another generation is another process's to refute")
        // Four thousand million refutations in one boot do not happen; if they do, this node stays
        // accused until it restarts.
        guard incarnation.counter < .max else { return }
        local.incarnation = Incarnation(
            generation: incarnation.generation, counter: incarnation.counter + 1)
        news.enqueue(local.aliveUpdate)
    }
}
