internal import Determinism
internal import Identity
internal import Membership
internal import Node
internal import Registry
internal import Storage

/// Why a process ended by itself.
enum ProcessEnd: Hashable {
    /// Its node said so.
    case exit(NodeExit)
    /// The disk did not take a write, as the process's last word says.
    case disk(SimulatedDisk.WriteFailure)
    /// It was killed in the middle of carrying out what its node wanted.
    case interrupted
    /// The disk of the machine is lost, which was this node until now.
    case diskLost(NodeID)
}

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
        first.disk.change(batch)
        start(first)
    }

    /// Gives a node that was admitted what it needs, and starts it.
    func join(_ node: SimulatedNode, as id: NodeID, registry: RegistryState) {
        guard let cluster = registry.clusterID else { return }
        node.gossipKeys = [newestKey]
        node.disk.change(NodeBootstrap.join(cluster: cluster, node: id, registry: registry))
        start(node)
    }

    /// Starts the process of a node whose disk belongs to the cluster; it ends again at once when
    /// its disk takes no writes or cannot be read.
    func start(_ node: SimulatedNode) {
        guard !node.isUp, let identity = raisedIdentity(of: node) else { return }
        node.run += 1
        node.clock.restart(at: now)
        node.timerAt = nil
        node.hubTimerAt = nil
        node.isPaused = false
        node.suspendedAt = nil
        node.hasSaidGoodbye = false
        node.backlog = []
        node.effectsLeft = nil
        node.disk.rest(at: now)
        node.id = identity.node
        node.generation = identity.generation
        node.generations = [:]
        let endpoint = endpoint(of: node)
        node.endpoint = endpoint
        // An address that was another's meanwhile has to be free again.
        captures.removeAll { $0.endpoint == endpoint }
        node.peers = [:]
        node.linkReports = [:]
        let seeds =
            node.hasWrongSeeds
            ? [Self.nobodysAddress]
            : nodes.prefix(Self.seedCount).filter { $0.name != node.name }
                .compactMap { $0.endpoint?.gossipAddress }
        do throws(NodeStartError) {
            node.node = try ClusterNode(
                NodeStart(
                    identity: identity, endpoint: endpoint, seeds: seeds,
                    settings: node.ownSettings ?? settings.node),
                store: node.disk, at: node.instant(at: now), wall: wall(of: node),
                using: &node.generator)
        } catch {
            guard case .storage(let reason) = error else {
                preconditionFailure("a short endpoint is within its limits: \(error)")
            }
            node.disk.crash(using: &crashGenerator)
            return tell(.exit(.storage(reason)), of: node)
        }
        node.hub = SessionHub(digest: SimulatedDigest(), nodes: [node.clientURL])
        carryOut(of: node)
    }

    /// Who the node is, with the count of its starts raised on its disk; nil when the disk belongs
    /// to nobody or does not take that.
    private func raisedIdentity(of node: SimulatedNode) -> NodeIdentity? {
        guard var identity = try? NodeIdentity.stored(in: node.disk) else { return nil }
        identity.generation += 1
        var batch = WriteBatch()
        identity.write(to: &batch)
        node.disk.beginWrite(batch)
        do throws(SimulatedDisk.WriteFailure) {
            try node.disk.finishWrite(synced: true)
        } catch {
            node.disk.crash(using: &crashGenerator)
            tell(.disk(error), of: node)
            return nil
        }
        return identity
    }

    /// Kills the process of a node: what was not synced may be lost, and its streams break.
    func crash(_ node: SimulatedNode, losing loss: SimulatedDisk.CrashLoss = .some) {
        guard node.isUp else { return }
        unsyncedAtCrashCount += UInt64(node.disk.unsyncedCount)
        node.disk.crash(losing: loss, using: &crashGenerator)
        disappear(node)
    }

    /// The process ends by itself.
    func end(_ node: SimulatedNode, because end: ProcessEnd) {
        crash(node)
        tell(end, of: node)
    }

    /// Lets the world know of an end, once the step at hand is done.
    private func tell(_ end: ProcessEnd, of node: SimulatedNode) {
        schedule(.processEnded(node.name, end), after: .zero)
    }

    /// The disk of a machine is lost with all that is on it, and the process with it. What was a
    /// node is none any more, and waits to be set up as a new one.
    func loseDisk(of node: SimulatedNode) {
        guard let id = node.id else { return }
        setAside(node)
        tell(.diskLost(id), of: node)
    }

    /// Erases a machine, which is no node from then on and may become a new one.
    func setAside(_ node: SimulatedNode) {
        crash(node)
        node.disk.replace(by: MemoryStore())
        node.id = nil
        node.wasRolledBack = false
        node.hasDamagedLog = false
        node.hasWrongSeeds = false
        node.ownSettings = nil
        node.replacementCount += 1
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
        // What clients sent to the process that stood still finds none now.
        for event in node.backlog {
            if case .arrival = event { queue.schedule(event, at: now) }
        }
        node.backlog = []
        node.busyUntil = .start
        node.effectsLeft = nil
        for other in nodes where other.name != node.name {
            guard let otherID = other.id else { continue }
            _ = network.close(SimulatedNetwork.Path(from: id, to: otherID))
            let path = SimulatedNetwork.Path(from: otherID, to: id)
            let isCut = network.isBlocked(path)
            breakStream(path, noticedAfter: isCut ? Self.linkPatience : .milliseconds(1))
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
    private static let nobodysAddress = GossipAddress(host: "10.0.1.2", port: 9_999)

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
