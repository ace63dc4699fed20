internal import Node
internal import Raft
internal import Storage

/// What becomes of processes that end, and of machines whose disk is lost.
extension Simulation {
    /// The process of a machine has ended by itself, or its disk is lost.
    func ended(_ node: SimulatedNode, because end: ProcessEnd) {
        switch end {
        case .exit(let exit): exited(node, exit)
        case .disk:
            counters.deathsOfDisks += 1
            injector.note(deathOf: node, on: cluster)
        case .interrupted: injector.note(deathOf: node, on: cluster)
        case .diskLost(let id):
            // The machine joins as another node, and the old one is given up.
            counters.disksLost += 1
            if node.isScrapped { return replace(id) }
            begin(.join(node.name))
            begin(.retire(id))
        }
    }

    /// A process ended by its node's word: which is as it should be only after a fault that leaves
    /// it no other choice.
    private func exited(_ node: SimulatedNode, _ exit: NodeExit) {
        switch exit {
        case .storage(.corrupt) where !node.disk.rotten.isEmpty:
            // An operator reads the last word of the process, and sets the machine up anew.
            counters.rotFound += 1
            cluster.loseDisk(of: node)
        case .storage(.inputOutput) where node.awaitedFault == .readError:
            injector.note(deathOf: node, on: cluster)
        case .removed where operators.contains(where: { $0.leaver == node.id }): break
        case .cloned where node.wasRolledBack:
            counters.outdatedDisksFound += 1
            cluster.loseDisk(of: node)
        default: history.report("no exit", "node \(node.name) ends: \(exit)")
        }
    }

    /// What a process holds is within its limits, and as it says of itself that it always is.
    func inspect(_ node: SimulatedNode) {
        node.checkInvariants()
        for occupancy in node.occupancies {
            history.resourceBounds.has(occupancy, "node \(node.name)")
        }
    }

    /// Something happened in a node.
    func note(_ event: NodeEvent, of node: SimulatedNode) {
        if case .replicaSuspect = event, node.hasDamagedLog || node.wasRolledBack {
            counters.suspectReplicas += 1
        } else {
            history.note(event) { node.log(of: $0) }
        }
        counters.note(event)
        if case .applied(let shard, _, _, let last, _, _) = event {
            history.liveness.committed(shard, through: last.rawValue, at: cluster.now)
        }
    }
}
