internal import Determinism
internal import Identity
internal import Membership
internal import Node
internal import Registry
internal import Storage

/// How simulated nodes come to be, die and return.
extension SimulatedCluster {
    /// Makes the cluster on the first node's disk and starts it.
    func initialise(rooms: [PublicRoom], settings registrySettings: RegistrySettings) {
        let first = nodes[0]
        let origin = RegistryOrigin(
            clusterID: ClusterID(using: &first.generator), shardCount: settings.shardCount,
            settings: registrySettings, first: description(of: first), publicRooms: rooms)
        let (batch, outcome) = NodeBootstrap.initialise(origin, at: wall(of: first))
        precondition(outcome == .done, "the cluster is made: \(outcome)")
        first.disk.beginWrite(batch)
        first.disk.finishWrite(synced: true)
        start(first)
    }

    /// Gives a node that was admitted what it needs, and starts it.
    func join(_ node: SimulatedNode, as id: NodeID, registry: RegistryState) {
        guard let cluster = registry.clusterID else { return }
        node.disk.beginWrite(
            NodeBootstrap.join(cluster: cluster, node: id, registry: registry))
        node.disk.finishWrite(synced: true)
        start(node)
    }

    /// Starts the process of a node whose disk belongs to the cluster.
    func start(_ node: SimulatedNode) {
        guard !node.isUp, var identity = try? NodeIdentity.stored(in: node.disk) else { return }
        node.run += 1
        node.startedAt = now
        node.timerAt = nil
        node.hubTimerAt = nil
        node.isPaused = false
        node.hasSaidGoodbye = false
        node.backlog = []
        node.disk.busyUntil = now
        identity.generation += 1
        var batch = WriteBatch()
        identity.write(to: &batch)
        node.disk.beginWrite(batch)
        node.disk.finishWrite(synced: true)
        node.id = identity.node
        let endpoint = endpoint(of: node)
        node.endpoint = endpoint
        node.peers = [:]
        let seeds = nodes.prefix(Self.seedCount).filter { $0.name != node.name }
            .compactMap { $0.endpoint?.gossipAddress }
        do throws(NodeStartError) {
            node.node = try ClusterNode(
                NodeStart(
                    identity: identity, endpoint: endpoint, seeds: seeds, settings: settings.node),
                store: node.disk, at: node.instant(at: now), wall: wall(of: node),
                using: &node.generator)
        } catch {
            preconditionFailure("node \(node.name) starts from what it wrote: \(error)")
        }
        node.hub = SessionHub(digest: SimulatedDigest(), nodes: [node.clientURL])
        carryOut(of: node)
    }

    /// Kills the process of a node: what was not synced may be lost, and its streams break.
    func crash(_ node: SimulatedNode) {
        guard node.isUp else { return }
        unsyncedAtCrashCount += UInt64(node.disk.unsyncedCount)
        node.disk.crash(using: &crashGenerator)
        disappear(node)
    }

    /// Ends the process of a node in good order: all that it wrote is on its disk.
    func stop(_ node: SimulatedNode) {
        guard node.isUp else { return }
        node.disk.stop()
        disappear(node)
    }

    private func disappear(_ node: SimulatedNode) {
        guard let id = node.id else { return }
        node.node = nil
        node.hub = nil
        node.isPaused = false
        node.backlog = []
        for other in nodes where other.name != node.name {
            guard let otherID = other.id else { continue }
            _ = network.close(SimulatedNetwork.Path(from: id, to: otherID))
            let path = SimulatedNetwork.Path(from: otherID, to: id)
            let isCut = network.isBlocked(path)
            breakStream(
                path, isRefused: !isCut,
                noticedAfter: isCut ? .seconds(3) : .milliseconds(1))
        }
        onCrash(node)
    }

    func description(of node: SimulatedNode) -> MemberDescription {
        let endpoint = endpoint(of: node)
        return MemberDescription(
            name: "node \(node.name)", host: endpoint.host, gossipPort: endpoint.gossipPort,
            peerPort: endpoint.peerPort, clientURL: endpoint.clientURL)
    }

    /// Where everybody may ask for the cluster: the first machines, which keep their ports.
    private static let seedCount = 2

    /// The machine listens on other ports from its next start on, unless it is a seed.
    func changePorts(of node: SimulatedNode) {
        if node.name >= Self.seedCount { node.portChanges += 1 }
    }

    /// Where a node listens in its current run.
    private func endpoint(of node: SimulatedNode) -> MemberEndpoint {
        let port = UInt16(7_000 + node.portChanges % 1_000)
        do throws(MembershipError) {
            return try MemberEndpoint(
                host: "10.0.0.\(node.name + 1)", gossipPort: port, peerPort: port + 1_000,
                clientURL: node.clientURL)
        } catch {
            preconditionFailure("a short endpoint is within its limits: \(error)")
        }
    }
}
