import Determinism
import Foundation
import Identity
import Logging
import Membership
import NIOCore
import NIOPosix
import Node
import NodeHost
import PeerTransport
import Registry
import Wire

import struct PeerTransport.JoinToken

/// Makes an empty data directory that of a member, by a join token.
struct ClusterJoiner {
    let configuration: NodeConfiguration
    let host: String
    let logger: Logger

    /// Joins, and writes store and credentials. Asking again after a lost answer gives the same node.
    func join(
        _ token: JoinToken
    ) async throws -> (PeerCredentials, [NodeDirectory.LastRun.Seed]) {
        try token.checkNotExpired(now: SystemClock.wall)
        let directory = configuration.data
        let endpoint = try MemberEndpoint(
            host: host, gossipPort: configuration.gossipPort, peerPort: configuration.peerPort,
            clientURL: configuration.browserURL)
        let facts = try MemberFacts(
            zone: configuration.zone, protocolMin: PeerLimits.protocolMin,
            protocolMax: PeerLimits.protocolMax, weight: configuration.weight,
            registryEpoch: .zero, version: Chaticket.versionText)
        logger.info(
            "Joining.", metadata: ["seed": "\(token.seedHost):\(token.seedPort)", "as": "\(host)"])
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let result: Result<Joined, JoinError>
        do throws(JoinError) {
            result = .success(
                try await JoinClient.join(
                    token: token, key: try key(in: directory), endpoint: endpoint, facts: facts,
                    now: SystemClock.wall, group: group))
        } catch {
            result = .failure(error)
        }
        try await group.shutdownGracefully()
        let joined = try result.get()
        let registry = try RegistryState(decoding: joined.registry)
        let batch = NodeBootstrap.join(
            cluster: joined.credentials.cluster, node: joined.credentials.node, registry: registry)
        try directory.adopt(
            joined.credentials, batch: batch, encryptionKey: configuration.encryptionKey)
        logger.notice(
            "Joined the cluster.",
            metadata: [
                "node": "\(joined.credentials.node)", "cluster": "\(joined.credentials.cluster)",
            ])
        let seeds = joined.seeds.map {
            NodeDirectory.LastRun.Seed(
                host: $0.host, gossipPort: $0.gossipPort, peerPort: $0.peerPort)
        }
        return (joined.credentials, seeds)
    }

    private func key(in directory: NodeDirectory) throws(JoinError) -> NodeKey {
        do {
            return try directory.joinKey()
        } catch {
            throw .badAnswer("the key to join with cannot be kept: \(error)")
        }
    }
}

/// Which of this machine's addresses others see.
enum LocalAddress {
    /// The address that this machine has towards the world; loopback when it has no way there.
    static var preferred: String {
        // TEST-NET-1 (RFC 5737): nobody is there, but the way there is the default one.
        (try? toReach(host: "192.0.2.1", port: 9)) ?? "127.0.0.1"
    }

    /// The address from which `host` is reached; no packet is sent.
    static func toReach(host: String, port: UInt16) throws -> String {
        let remote: SocketAddress
        do {
            remote = try SocketAddress.makeAddressResolvingHost(host, port: Int(port))
        } catch {
            throw CommandFailure(
                .unreachable,
                "The seed \(host) of the join token is not known here; check the name service.")
        }
        let family = remote.protocol == .inet6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        let connected = remote.withSockAddr { address, size in
            // SAFETY: the address has as many bytes as are named.
            connect(descriptor, address, socklen_t(size))
        }
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let named = withUnsafeMutablePointer(to: &storage) { pointer in
            // SAFETY: the storage is large enough for every family's address.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &size)
            }
        }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let spelled = withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getnameinfo($0, size, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            }
        }
        guard descriptor >= 0, connected == 0, named == 0, spelled == 0 else {
            throw CommandFailure(
                .unreachable,
                "The seed \(host) of the join token cannot be reached from here: there is no route "
                    + "to it. Check the network, or name this machine's address with --host.")
        }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
