internal import Determinism
internal import Gateway
package import Identity
internal import Logging
internal import Membership
internal import NIOCore
package import Node
internal import PeerTransport
internal import Registry
package import RocksStore
internal import Seal
internal import Wire

/// Why a process ended its node at once.
package enum NodeDeath: Error, Sendable, CustomStringConvertible {
    /// Nobody knows what the disk holds, or it cannot be used.
    case disk(RocksError)
    /// The node itself found that it must not go on.
    case node(NodeExit)

    package var description: String {
        switch self {
        case .disk(let error): "\(error)"
        case .node(.cloned(let newer)):
            "Another process runs as this node, with a newer start (\(newer)): "
                + "the data directory was copied, or this process was thought gone."
        case .node(.removed): "The cluster has removed this node for ever."
        case .node(.storage(let error)): "The store cannot be read: \(error)."
        }
    }
}

/// Why a node cannot run from its data directory.
package enum NodeHostError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The store belongs to no node yet.
    case emptyStore(path: String)
    /// Store and credentials are of different nodes.
    case foreignCredentials(store: NodeID, credentials: NodeID)

    package var description: String {
        switch self {
        case .emptyStore(let path):
            "\(path) holds no node yet: make a cluster with 'cluster init', or join one."
        case .foreignCredentials(let store, let credentials):
            "The store is that of \(store), the credentials are those of \(credentials): "
                + "parts of two data directories were mixed."
        }
    }
}

extension NodeHost {
    /// The parts of a running node.
    struct Assembly {
        let gateway: GatewayService
        let transport: PeerTransport
        let disk: DiskThread
        let backend: NodeBackend
    }

    /// The secret from which the client listeners of all nodes derive their keys: a function of
    /// what every node of the cluster has, and nobody else.
    var clientSecret: [UInt8] {
        Digest.derivedKey(
            from: Array(credentials.authorityKeyPEM.utf8), info: "chaticket client secret")
    }

    /// What browsers open.
    var clientURL: String {
        if let clientURL = settings.clientURL { return clientURL }
        let scheme = settings.certificate == nil ? "http" : "https"
        let host =
            settings.clientHost.contains(":") ? "[\(settings.clientHost)]" : settings.clientHost
        return "\(scheme)://\(host):\(settings.clientPort)"
    }

    /// The node on its loop.
    func makeRunner(
        identity: NodeIdentity, database: RocksDatabase, ports: PeerPorts, disk: DiskThread
    ) throws -> NodeRunner {
        let endpoint = try MemberEndpoint(
            host: settings.host, gossipPort: ports.gossip, peerPort: ports.peer,
            clientURL: clientURL)
        let die = die
        return try NodeRunner(
            start: NodeStart(
                identity: identity, endpoint: endpoint, zone: settings.zone,
                weight: settings.weight, version: settings.version,
                seeds: settings.seeds.map {
                    GossipAddress(host: $0.host, port: $0.gossipPort)
                }, settings: settings.node),
            database: database, disk: disk, eventLoop: loop, logger: logger,
            exit: { die(.node($0)) })
    }

    /// The client listener.
    func makeGateway(_ backend: NodeBackend) throws(GatewayError) -> GatewayService {
        try GatewayService(
            settings: GatewaySettings(
                host: settings.clientHost, port: settings.clientPort,
                certificate: settings.certificate, trustedProxies: settings.trustedProxies,
                loopCount: settings.loopCount, secret: clientSecret),
            backend: backend, codeSender: codeSender, logger: logger)
    }

    /// Tells the client listener where the nodes are, and when this one can serve.
    func keepFacts(of backend: NodeBackend, upToDateBy runner: NodeRunner) {
        let publicOrigins = settings.publicOrigins
        runner.observe { urls, pageURLs, isReady, reason in
            backend.update { facts in
                facts.nodes = urls
                facts.publicOrigins = publicOrigins + pageURLs.compactMap { Origin($0) }
                facts.isReady = isReady
                facts.reason = reason
            }
        }
    }
}

/// Passes what the transport tells on to the node, which is made after it.
final class NodeRelay: PeerTransportDelegate {
    var runner: NodeRunner?

    func transport(received messages: [PeerMessage], from node: NodeID) {
        runner?.enqueue(.messages(messages, from: node))
    }

    func transport(received datagram: MembershipMessage, from address: GossipAddress) {
        runner?.enqueue(.datagram(datagram, from: address))
    }

    func transport(linkUp node: NodeID) { runner?.enqueue(.linkUp(node)) }

    func transport(linkDown node: NodeID, isRefused: Bool) {
        runner?.enqueue(.linkDown(node, isRefused: isRefused))
    }

    func transport(linkCongested node: NodeID, droppedBatchCount: Int) {
        runner?.noteCongestion(of: node, batchCount: droppedBatchCount)
    }

    func transport(linkRefused node: NodeID, by refusal: PeerRefusal) {
        runner?.metrics.linksRefused += 1
    }

    func transport(
        joinRequested request: JoinRequest,
        decide: @escaping (Result<JoinAdmission, PeerRefusal>) -> Void
    ) {
        guard let runner else {
            decide(.failure(PeerRefusal(code: .unavailable, reason: "The node is starting.")))
            return
        }
        runner.admit(request, decide: decide)
    }
}
