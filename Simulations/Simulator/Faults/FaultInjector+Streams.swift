internal import Determinism
internal import Identity

/// Faults of streams between nodes, and of the time that everything takes.
extension FaultInjector {
    /// A storm of reconnecting has at most so many rounds.
    private static let stormRoundsMax: UInt64 = 20

    /// How often each kind happened, those included that the network counts itself.
    func counts(with cluster: SimulatedCluster) -> [FaultKind: UInt64] {
        var all = counts
        for (fault, count) in zip(DatagramFault.allCases, cluster.network.datagramFaults.counts)
        where count > 0 { all[fault.kind] = count }
        return all
    }

    /// A fault of one stream.
    mutating func disturbStream(_ kind: FaultKind, on cluster: SimulatedCluster) {
        guard let path = path(for: kind, on: cluster) else { return }
        count(kind)
        switch kind {
        case .streamStall:
            let time = draw(kind, from: .milliseconds(50), upTo: .seconds(4))
            cluster.network.stall(path, until: cluster.now + time)
            cluster.doubt(path)
        case .halfOpen:
            cluster.network.halfOpen(path)
            cluster.doubt(path)
        case .midFrameReset:
            let remains = SimulatedNetwork.Remains(
                until: cluster.now + draw(kind, from: .zero, upTo: .milliseconds(10)),
                seed: number(kind, below: .max))
            // The sender may learn it before or after the receiver has read the rest.
            let delay = draw(kind, from: .zero, upTo: .milliseconds(20))
            cluster.breakStream(path, noticedAfter: delay, remains: remains)
        case .slowPeer: read(path, on: cluster)
        default: cluster.breakStream(path, noticedAfter: .milliseconds(1))
        }
    }

    /// A path with a stream; one with something under way, for a fault of what is under way.
    private mutating func path(
        for kind: FaultKind, on cluster: SimulatedCluster
    ) -> SimulatedNetwork.Path? {
        let ids = members(of: cluster).compactMap(\.id)
        let all = ids.flatMap { from in
            ids.filter { $0 != from }.map { SimulatedNetwork.Path(from: from, to: $0) }
        }
        let open = all.filter { cluster.network.stream($0) != nil }
        let busy = open.filter { (cluster.network.stream($0)?.underWay ?? 0) > 0 }
        return pick(kind, kind == .midFrameReset && !busy.isEmpty ? busy : open)
    }

    private mutating func read(_ path: SimulatedNetwork.Path, on cluster: SimulatedCluster) {
        let kind = FaultKind.slowPeer
        // At the slowest the last of all batches is read before silence would break the stream.
        let reading = SlowReading(
            pause: draw(kind, from: .milliseconds(2), upTo: .milliseconds(140)),
            underWayMax: 2 + Int(number(kind, below: 19)),
            waitingMax: 2 + Int(number(kind, below: 19)))
        let fault = cluster.begin(.slowReading(path, reading))
        let time = draw(kind, from: .milliseconds(500), upTo: .seconds(10))
        cluster.schedule(.faultEnds(.heal(fault)), after: time)
    }

    // MARK: All streams of a node

    /// All streams of a node break, and again as soon as they stand.
    mutating func storm(on cluster: SimulatedCluster) {
        guard let victim = pick(.reconnectStorm, cluster.nodes.filter { $0.isUp && $0.id != nil })
        else { return }
        count(.reconnectStorm)
        let rounds = 2 + Int(number(.reconnectStorm, below: Self.stormRoundsMax))
        breakStreams(of: victim, roundsLeft: rounds, on: cluster)
    }

    /// The next round of a storm.
    mutating func breakStreams(
        of victim: SimulatedNode, roundsLeft: Int, on cluster: SimulatedCluster
    ) {
        guard roundsLeft > 0, let id = victim.id else { return }
        for other in members(of: cluster).compactMap(\.id) where other != id {
            let path = SimulatedNetwork.Path(from: id, to: other)
            for direction in [path, path.back] {
                cluster.breakStream(direction, noticedAfter: .milliseconds(1))
            }
        }
        let pause = draw(.reconnectStorm, from: .milliseconds(5), upTo: .milliseconds(400))
        cluster.schedule(
            .faultEnds(.storm(victim.name, roundsLeft: roundsLeft - 1)), after: pause)
    }

    /// A process dies, and another of the cluster listens at its address. The dead one returns to
    /// another address, if it may, before the first is free again.
    mutating func reusePort(on cluster: SimulatedCluster) {
        let members = members(of: cluster)
        let running = members.filter(\.isUp)
        guard members.count - running.count < max(1, (members.count - 1) / 2),
            let victim = pick(.portReuse, running), let endpoint = victim.endpoint,
            let other = pick(.portReuse, running.filter { $0.name != victim.name })
        else { return }
        count(.portReuse)
        cluster.crash(victim)
        cluster.changePorts(of: victim)
        cluster.captures.append(
            AddressCapture(endpoint: endpoint, owner: victim.name, machine: other.name))
        let downtime = draw(.portReuse, from: .milliseconds(500), upTo: .seconds(5))
        cluster.schedule(.faultEnds(.start(victim.name)), after: downtime)
        let longer = draw(.portReuse, from: .zero, upTo: .seconds(8))
        cluster.schedule(.faultEnds(.returnAddress(victim.name)), after: downtime + longer)
    }

    // MARK: Time

    /// Everything takes longer for a while.
    mutating func spike(on cluster: SimulatedCluster) {
        guard cluster.network.spikeWidth == nil else { return }
        count(.delaySpike)
        cluster.network.spikeWidth = draw(
            .delaySpike, from: .milliseconds(20), upTo: .milliseconds(400))
        let time = draw(.delaySpike, from: .milliseconds(200), upTo: .seconds(5))
        cluster.schedule(.faultEnds(.endDelaySpike), after: time)
    }
}
