internal import Determinism
internal import Membership
internal import Node
internal import Placement
internal import Raft
internal import Registry

/// What a seed draws of the limits and times that clusters and nodes have. Each part by a generator
/// of its own, so that a new knob leaves the others as they were.
extension SimulationSettings {
    /// Draws them: in most runs some are so small that paths are taken which otherwise only a great
    /// load takes.
    mutating func drawKnobs() {
        drawRegistry(using: generator(of: "registry"))
        drawLogs(using: generator(of: "logs"))
        drawRaft(using: generator(of: "raft"))
        drawLimits(using: generator(of: "limits"))
        drawPace(using: generator(of: "pace"))
        drawMembership(using: generator(of: "membership"))
        node.validate()
    }

    /// Draws limits so tight that work is refused because too much is under way: for runs in which
    /// tries may fail.
    mutating func drawTightLimits() {
        var own = generator(of: "tight limits")
        guard own.chance(1, in: 8) else { return }
        turn("requests", \.node.requestsMax, to: 32 + own.number(below: 200))
        turn("proposals", \.node.proposalsMax, to: 8 + own.number(below: 50))
        turn("queries", \.node.queriesMax, to: 8 + own.number(below: 50))
        turn("reads", \.node.raft.pendingReadsMax, to: 4 + own.number(below: 50))
        node.validate()
    }

    /// How many copies there are of each shard when everybody has come.
    var replicaCount: Int {
        Rendezvous.replicationFactor(
            setting: Int(registry.replicationFactor), members: nodeCount)
    }

    private func generator(of part: String) -> SeededGenerator {
        SeededGenerator(seed: seed).forked(named: "knobs of \(part)")
    }

    /// Gives a knob its value and remembers that, for the line that tells what a run is.
    private mutating func turn<Value>(
        _ name: String, _ knob: WritableKeyPath<SimulationSettings, Value>, to value: Value
    ) {
        self[keyPath: knob] = value
        knobs.append("\(name) \(value)")
    }

    private mutating func drawRegistry(using generator: SeededGenerator) {
        var own = generator
        let factors: [UInt8] = [3, 3, 3, 3, 3, 3, 5, 5, 5, 1]
        registry.replicationFactor = factors[own.number(below: 10)]
        registry.joinDelay = .milliseconds(500 + own.next(upperBound: 3_000))
        registry.pairPatience = .milliseconds(500 + own.next(upperBound: 5_000))
        // Mostly nobody is away for long enough to be given up; who has the only copy never is.
        let grace = Interval.seconds(4 + own.next(upperBound: 30))
        registry.lostGrace = own.chance(1, in: 3) && replicaCount > 1 ? grace : .seconds(300)
    }

    private mutating func drawLogs(using generator: SeededGenerator) {
        var own = generator
        if own.chance(1, in: 4) {
            turn("log bytes", \.node.logBytesMax, to: 2_000 + own.number(below: 100_000))
        }
        if own.chance(1, in: 4) {
            turn("cache bytes", \.node.raft.cacheBytesMax, to: own.number(below: 20_000))
        }
        if own.chance(1, in: 4) {
            turn(
                "bytes applied at once", \.node.raft.committedBytesPerReadyMax,
                to: 1 + own.number(below: 20_000))
        }
    }

    private mutating func drawRaft(using generator: SeededGenerator) {
        var own = generator
        if own.chance(1, in: 3) {
            let heartbeat = Interval.milliseconds(50 + own.next(upperBound: 150))
            turn("heartbeat", \.node.raft.heartbeatInterval, to: heartbeat)
            turn(
                "election timeout", \.node.raft.electionTimeoutMin,
                to: heartbeat * 5 + .milliseconds(own.next(upperBound: 1_500)))
            turn(
                "stagger", \.node.raft.successionStagger,
                to: .milliseconds(20 + own.next(upperBound: 300)))
        }
        if own.chance(1, in: 3) {
            let bytes = 200 + own.number(below: 50_000)
            turn("bytes of a message", \.node.raft.messageBytesMax, to: bytes)
            turn(
                "bytes under way", \.node.raft.inflightBytesMax,
                to: bytes * (1 + own.number(below: 4)))
        }
        if own.chance(1, in: 4) {
            turn("bytes of an entry", \.node.raft.entryBytesMax, to: 128 << 10)
            turn(
                "uncommitted bytes", \.node.raft.uncommittedBytesMax,
                to: (128 << 10) + own.number(below: 200_000))
        }
        if own.chance(1, in: 4) {
            turn("lag at a transfer", \.node.raft.transferLagMax, to: own.number(below: 20))
        }
    }

    private mutating func drawLimits(using generator: SeededGenerator) {
        var own = generator
        if own.chance(1, in: 4) {
            turn("snapshots out", \.node.snapshotsOutMax, to: 1 + own.number(below: 3))
            turn("snapshots in", \.node.snapshotsInMax, to: 1 + own.number(below: 3))
        }
        if own.chance(1, in: 4) {
            turn("effects under way", \.node.outboxInFlightMax, to: 1 + own.number(below: 8))
        }
        if shardCount < 16, own.chance(1, in: 4) {
            turn("moves", \.node.movesMax, to: 1 + own.number(below: 4))
        }
    }

    private mutating func drawPace(using generator: SeededGenerator) {
        var own = generator
        func time(_ least: UInt64, _ width: UInt64) -> Interval {
            .milliseconds(least + own.next(upperBound: width))
        }
        if own.chance(1, in: 4) {
            turn("retry", \.node.requestRetryInterval, to: time(10, 200))
            turn("resend", \.node.requestResendInterval, to: time(300, 3_000))
            turn("request patience", \.node.requestPatience, to: time(4_000, 8_000))
        }
        if own.chance(1, in: 4) {
            turn("piece resent", \.node.snapshotResendInterval, to: time(200, 2_000))
            turn("refresh", \.node.followRefreshInterval, to: time(1_000, 15_000))
        }
        if own.chance(1, in: 4) {
            turn("reconcile", \.node.reconcileInterval, to: time(300, 2_000))
            turn("hand-over", \.node.handOverInterval, to: time(5, 100))
            turn("leave patience", \.node.leavePatience, to: time(100, 2_000))
            turn("unwanted patience", \.node.unwantedPatience, to: time(200, 3_000))
        }
    }

    private mutating func drawMembership(using generator: SeededGenerator) {
        var own = generator
        guard own.chance(1, in: 3) else { return }
        func time(_ least: UInt64, _ width: UInt64) -> Interval {
            .milliseconds(least + own.next(upperBound: width))
        }
        let ping = time(100, 200)
        turn("ping", \.node.membership.pingTimeout, to: ping)
        turn("probe", \.node.membership.probeInterval, to: ping * 2 + time(0, 600))
        turn("gossip", \.node.membership.gossipInterval, to: time(50, 400))
        turn("fan-out", \.node.membership.gossipFanOut, to: 1 + own.number(below: 4))
        turn("helpers", \.node.membership.indirectProbes, to: 1 + own.number(below: 4))
        turn("digest", \.node.membership.digestInterval, to: time(1_000, 8_000))
        turn("reconnect", \.node.membership.reconnectInterval, to: time(2_000, 10_000))
    }
}
