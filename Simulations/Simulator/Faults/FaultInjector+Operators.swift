internal import Determinism
internal import Node
internal import Raft

/// What operators do to processes and their configuration.
extension FaultInjector {
    /// Lets an operator do what `kind` says.
    mutating func strikeConfiguration(_ kind: FaultKind, on cluster: SimulatedCluster) {
        switch kind {
        case .wrongSeeds, .configMismatch: reconfigure(kind, on: cluster)
        case .keyRotation: rotateKeys(on: cluster)
        case .restartAll: restartAll(on: cluster)
        default: preconditionFailure("\(kind) is no fault of a configuration")
        }
    }

    /// A process is restarted in good order, and its configuration is another from then on.
    private mutating func reconfigure(_ kind: FaultKind, on cluster: SimulatedCluster) {
        let running = members(of: cluster).filter { $0.isUp && !$0.isPaused }
        guard canSpareProcess(of: cluster), let victim = pick(kind, running),
            !victim.hasSaidGoodbye
        else { return }
        count(kind)
        if kind == .wrongSeeds {
            victim.hasWrongSeeds = true
        } else {
            victim.ownSettings = otherSettings(than: cluster.settings.node)
        }
        sayGoodbye(victim, on: cluster)
        let time = draw(kind, from: .milliseconds(100), upTo: .seconds(2))
        cluster.schedule(.faultEnds(.stop(victim.name, run: victim.run)), after: time)
    }

    /// Limits and times that another run might have. How often leaders are heard from is one
    /// setting of a whole cluster.
    private mutating func otherSettings(than common: NodeSettings) -> NodeSettings {
        let seed = number(.configMismatch, below: .max)
        var other = SimulationSettings(seed: seed).node
        other.raft.heartbeatInterval = common.raft.heartbeatInterval
        other.raft.electionTimeoutMin = common.raft.electionTimeoutMin
        other.raft.successionStagger = common.raft.successionStagger
        // A leader takes over what another has let into the log.
        other.raft.uncommittedBytesMax = common.raft.uncommittedBytesMax
        other.raft.entryBytesMax = common.raft.entryBytesMax
        return other
    }

    /// Every process ends in good order, and begins again.
    private mutating func restartAll(on cluster: SimulatedCluster) {
        count(.restartAll)
        for node in members(of: cluster) where node.isUp && !node.isPaused {
            if !node.hasSaidGoodbye { sayGoodbye(node, on: cluster) }
            let time = draw(.restartAll, from: .milliseconds(100), upTo: .seconds(2))
            cluster.schedule(.faultEnds(.stop(node.name, run: node.run)), after: time)
        }
    }

    // MARK: Keys

    /// A rotation of the key of datagrams stops half-way: every node has what one of its steps
    /// leaves, and some do not understand each other.
    private mutating func rotateKeys(on cluster: SimulatedCluster) {
        guard !cluster.isRotatingKeys else { return }
        count(.keyRotation)
        cluster.isRotatingKeys = true
        let old = cluster.newestKey
        let new = old &+ 1
        cluster.newestKey = new
        for node in cluster.nodes {
            let steps = [[old], [old, new], [new, old], [new]]
            node.gossipKeys = pick(.keyRotation, steps) ?? [new]
        }
        let time = draw(.keyRotation, from: .seconds(1), upTo: .seconds(12))
        cluster.schedule(.faultEnds(.keysAreRotated), after: time)
    }

    /// The rotation is brought to its end.
    func endRotation(on cluster: SimulatedCluster) {
        cluster.isRotatingKeys = false
        for node in cluster.nodes { node.gossipKeys = [cluster.newestKey] }
    }
}
