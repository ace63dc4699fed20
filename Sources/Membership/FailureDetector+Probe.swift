import Determinism
import Identity

/// The probe of one protocol period.
struct Probe: Hashable, Sendable {
    /// The number of the ping, of its requests and of the ping over the peer link.
    let sequence: UInt32
    /// Who is probed.
    let target: NodeID
    /// When others are asked.
    let directDeadline: Instant
    /// Whether others have been asked.
    var isIndirect = false
    /// Whether the target has answered, by any way.
    var isAnswered = false
    /// Whom we asked.
    var helpers: [NodeID] = []
    /// Which of them have said that they live.
    var nackedBy: [NodeID] = []
}

/// A ping that we make for another node.
struct Relay: Hashable, Sendable {
    /// The number of our ping.
    let sequence: UInt32
    /// Who is pinged.
    let target: NodeID
    /// Where the answer goes.
    let requesterAddress: GossipAddress
    /// The number that the requester gave.
    let requesterSequence: UInt32
    /// When the requester hears that we wait.
    let nackAt: Instant
    /// When an ack no longer helps it.
    let expiresAt: Instant
    /// Whether it has heard that we wait.
    var isNacked = false

    /// When something is to be done next.
    var nextDeadline: Instant { isNacked ? expiresAt : nackAt }
}

extension FailureDetector {
    /// Steps the probe: asks others when the ping is late, judges when the period is over, and
    /// begins the next (SWIM 3.1).
    mutating func advanceProbe(
        to now: Instant, using generator: inout some RandomNumberGenerator,
        _ effects: inout [MembershipEffect]
    ) {
        if let current = probe, !current.isAnswered, !current.isIndirect,
            current.directDeadline <= now
        {
            probeIndirectly(current, at: now, using: &generator, &effects)
        }
        guard nextProbeAt <= now else { return }
        finishProbe(at: now, &effects)
        // The interval, not the timeout, is stretched by our own health (Lifeguard IV-A).
        nextProbeAt = now + settings.probeInterval * health.multiplier
        if Perturbation.lateProbe.fires { nextProbeAt = nextProbeAt + settings.probeInterval }
        guard let target = nextProbeTarget(using: &generator), let member = table[target] else {
            return
        }
        let sequence = takeSequence()
        probe = Probe(
            sequence: sequence, target: target, directDeadline: now + settings.pingTimeout)
        // The buddy system: a suspect hears of it with the ping (Lifeguard IV-C).
        let buddy = member.accusation(by: local.node)
        send(
            .ping(sequence: sequence, target: target), to: member.record.endpoint.gossipAddress,
            leading: [buddy].compactMap { $0 }, &effects)
    }

    private mutating func probeIndirectly(
        _ current: Probe, at now: Instant, using generator: inout some RandomNumberGenerator,
        _ effects: inout [MembershipEffect]
    ) {
        guard let member = table[current.target] else {
            probe = nil
            return
        }
        var current = current
        current.isIndirect = true
        let candidates = table.members.filter {
            $0.record.status == .alive && $0.record.node != current.target
        }
        let helpers = picked(settings.indirectProbes, of: candidates, using: &generator)
        current.helpers = helpers.map(\.record.node)
        probe = current
        effects.append(.sendStreamPing(current.target, sequence: current.sequence))
        let buddy = member.accusation(by: local.node)
        for helper in helpers {
            send(
                .pingRequest(
                    sequence: current.sequence, target: current.target,
                    address: member.record.endpoint.gossipAddress),
                to: helper.record.endpoint.gossipAddress, leading: [buddy].compactMap { $0 },
                &effects)
        }
    }

    private mutating func finishProbe(at now: Instant, _ effects: inout [MembershipEffect]) {
        guard let finished = probe else { return }
        probe = nil
        guard !finished.isAnswered else { return }
        if finished.helpers.isEmpty {
            health.worsen()
        } else {
            if finished.helpers.count == finished.nackedBy.count { Mark.fullyNacked.hit() }
            // A helper that cannot even say that it lives points at us (Lifeguard IV-A).
            health.worsen(by: UInt64(finished.helpers.count - finished.nackedBy.count))
        }
        guard let member = table[finished.target], member.record.isLive else { return }
        applySuspect(
            finished.target, member.record.incarnation, from: local.node, at: now, &effects)
    }

    /// The target, or a helper on its behalf, has answered in time or late.
    mutating func receiveAck(
        _ sequence: UInt32, from node: NodeID, _ effects: inout [MembershipEffect]
    ) {
        if let position = relays.firstIndex(where: { $0.sequence == sequence && $0.target == node })
        {
            let relay = relays.remove(at: position)
            send(.ack(sequence: relay.requesterSequence), to: relay.requesterAddress, &effects)
            return
        }
        guard var current = probe, current.sequence == sequence, !current.isAnswered,
            node == current.target || current.helpers.contains(node)
        else { return }
        if node != current.target { Mark.savedByHelper.hit() }
        current.isAnswered = true
        probe = current
        health.improve()
    }

    /// A helper lives but waits for the target too.
    mutating func receiveNack(_ sequence: UInt32, from node: NodeID) {
        guard var current = probe, current.sequence == sequence, current.helpers.contains(node),
            !current.nackedBy.contains(node)
        else { return }
        Mark.nackCounted.hit()
        current.nackedBy.append(node)
        probe = current
    }

    /// Pings `target` for another node (SWIM 3.1).
    mutating func relay(
        _ requesterSequence: UInt32, from requesterAddress: GossipAddress, requester: NodeID,
        to target: NodeID, at targetAddress: GossipAddress, _ now: Instant,
        _ effects: inout [MembershipEffect]
    ) {
        guard target != local.node else {
            send(.ack(sequence: requesterSequence), to: requesterAddress, &effects)
            return
        }
        guard !removed.contains(target), local.status == .alive else { return }
        if relays.count >= settings.relaysMax { relays.removeFirst() }
        let sequence = takeSequence()
        let patience = settings.pingTimeout.nanoseconds * settings.nackPercent / 100
        relays.append(
            Relay(
                sequence: sequence, target: target, requesterAddress: requesterAddress,
                requesterSequence: requesterSequence, nackAt: now + .nanoseconds(patience),
                expiresAt: now + settings.probeInterval))
        let member = table[target]
        send(
            .ping(sequence: sequence, target: target),
            to: member?.record.endpoint.gossipAddress ?? targetAddress,
            leading: [member?.accusation(by: local.node)].compactMap { $0 }, &effects)
    }

    /// Tells requesters that we wait, and forgets what took too long.
    mutating func expireRelays(at now: Instant, _ effects: inout [MembershipEffect]) {
        guard !relays.isEmpty else { return }
        var late: [Relay] = []
        for position in relays.indices
        where !relays[position].isNacked && relays[position].nackAt <= now {
            relays[position].isNacked = true
            late.append(relays[position])
        }
        relays.removeAll { $0.expiresAt <= now }
        for relay in late {
            send(.nack(sequence: relay.requesterSequence), to: relay.requesterAddress, &effects)
        }
    }

    /// The next live member of the round; a new round has a new random order (SWIM 4.3).
    private mutating func nextProbeTarget(
        using generator: inout some RandomNumberGenerator
    ) -> NodeID? {
        for _ in 0..<2 {
            while probePosition < probeOrder.count {
                let node = probeOrder[probePosition]
                probePosition += 1
                if let member = table[node], member.record.isLive { return node }
            }
            probePosition = 0
            probeOrder = picked(probeOrder.count, of: probeOrder, using: &generator)
        }
        return nil
    }

    /// Puts a new member at a random place among those still to be probed in this round, or before
    /// them (SWIM 4.3).
    mutating func insertIntoProbeOrder(
        _ node: NodeID, using generator: inout some RandomNumberGenerator
    ) {
        guard !probeOrder.contains(node) else { return }
        let place = Int(generator.next(upperBound: UInt64(probeOrder.count + 1)))
        probeOrder.insert(node, at: place)
        if place < probePosition { probePosition += 1 }
    }

    /// The next number; it wraps around.
    mutating func takeSequence() -> UInt32 {
        lastSequence &+= 1
        return lastSequence
    }
}

/// `count` different elements of `elements` (or all of them), in random order: the first steps of a
/// Fisher-Yates shuffle, written out because the library's may change.
func picked<Element>(
    _ count: Int, of elements: [Element], using generator: inout some RandomNumberGenerator
) -> [Element] {
    var elements = elements
    let count = min(count, elements.count)
    for position in 0..<count {
        let rest = UInt64(elements.count - position)
        elements.swapAt(position, position + Int(generator.next(upperBound: rest)))
    }
    return Array(elements.prefix(count))
}
