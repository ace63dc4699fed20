internal import Determinism
internal import Identity

/// The end of all luck: some machines are healed, the others stay as broken as they are, or worse.
extension FaultInjector {
    /// Heals the machines of the core and lets those outside be down, stand still or be unplugged,
    /// from now on and until ``end(on:)``. Who is down or stands still already stays so.
    mutating func settle(_ core: LivenessCore, on cluster: SimulatedCluster) {
        let names = names(of: core, in: cluster)
        cluster.healNetwork(among: names)
        settleMachines(core: names, on: cluster)
        for id in core.outside {
            guard let node = cluster.running(id) else { continue }
            switch coreGenerator.next(upperBound: UInt64(3)) {
            case 0 where !node.isPaused: cluster.crash(node)
            case 1 where !node.isPaused:
                // Clients find it, and hear nothing.
                node.isPaused = true
                node.staysPaused = true
                cut(id, from: core, on: cluster)
            default:
                cut(id, from: core, on: cluster)
                _ = cluster.begin(.clientCut(ClientCut(machine: node.name, people: nil)))
            }
        }
    }

    /// Heals a machine that has come to the cluster while the core is alone: it belongs to it.
    mutating func welcome(
        _ node: SimulatedNode, to core: LivenessCore, on cluster: SimulatedCluster
    ) {
        heal(node, on: cluster)
        cluster.healNetwork(among: names(of: core, in: cluster))
    }

    private func names(of core: LivenessCore, in cluster: SimulatedCluster) -> [Int] {
        cluster.nodes.filter { node in node.id.map { core.inside.contains($0) } ?? false }
            .map(\.name)
    }

    /// Nothing gets to the node or from it. To others a process that stands still for long looks
    /// the same: links to it do not last.
    private func cut(_ id: NodeID, from core: LivenessCore, on cluster: SimulatedCluster) {
        let paths = core.inside.flatMap { other in
            [
                SimulatedNetwork.Path(from: id, to: other),
                SimulatedNetwork.Path(from: other, to: id),
            ]
        }
        _ = cluster.begin(.cut(paths))
    }
}
