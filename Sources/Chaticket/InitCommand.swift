import ArgumentParser
import Determinism
import Foundation
import Identity
import Node
import NodeHost
import PeerTransport
import Registry
import Seal
import Wire

import struct PeerTransport.JoinToken

/// `chaticket cluster init`: makes a new cluster and its first node.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a new cluster and its first node, once.",
        discussion: """
            Makes the cluster's certificate authority, the node's certificate, the key that seals \
            gossip and an empty store with the public rooms, and prints a token with which one more \
            node can join. A directory that has data is refused: a cluster is never made twice.

            The token names this machine by --host, or by the address with which it reaches the \
            world; other machines must reach that.

            The public rooms are open to everybody who signs in, and belong to the cluster: nobody \
            renames or deletes them.
            """)

    @OptionGroup var options: NodeOptions

    @Option(
        help: ArgumentHelp(
            "How many shards; a power of two up to 4096, fixed for ever.", valueName: "number"))
    var shards = 256

    @Option(
        help: ArgumentHelp(
            """
            A public room, as name=Full name; repeatable. (default: lobby=The Lobby and \
            help=Help & Questions)
            """, valueName: "name=Full name"))
    var room: [String] = []

    @Option(help: ArgumentHelp("How long the token is good: 30m, 1h, 7d.", valueName: "time"))
    var valid = Lifetime(seconds: 3_600)

    @Flag(help: "Print the token and nothing else on stdout.")
    var quiet = false

    func run() async throws {
        try await reportingFailures {
            _ = umask(0o077)
            let configuration = try await NodeConfiguration(options)
            guard try configuration.data.credentials() == nil else {
                throw CommandFailure(
                    .initialised,
                    "The data directory \(configuration.data.path) already belongs to a cluster; "
                        + "start its node with `chaticket node --data \(configuration.data.path)`, or "
                        + "name an empty directory.")
            }
            let token = try initialise(configuration)
            if quiet { Terminal.show(token.text) } else { explain(configuration, token) }
        }
    }

    private func initialise(
        _ configuration: NodeConfiguration
    ) throws -> JoinToken {
        let host = configuration.host ?? LocalAddress.preferred
        let now = SystemClock.wall
        var generator = SystemGenerator()
        let cluster = ClusterID(using: &generator)
        let authority = try CertificateAuthority.create(cluster: cluster, now: now)
        let credentials = try PeerCredentials.issue(
            by: authority, cluster: cluster, node: NodeID(1),
            gossipKeys: [JoinReply.GossipKey(id: 1, bytes: SystemGenerator.bytes(count: 32))],
            hosts: [host], now: now)
        let token = JoinToken(
            authority: authority, cluster: cluster, seedHost: host,
            seedPort: configuration.peerPort, expiry: now + .seconds(valid.seconds))
        let origin = RegistryOrigin(
            clusterID: cluster, shardCount: shards,
            first: MemberDescription(
                name: "", zone: configuration.zone, weight: configuration.weight, host: host,
                gossipPort: configuration.gossipPort, peerPort: configuration.peerPort,
                clientURL: configuration.browserURL),
            publicRooms: try publicRooms(using: &generator))
        let (batch, outcome) = NodeBootstrap.initialise(
            origin, tokens: [(hash: token.secretHash, expiry: token.expiry)], at: now)
        guard outcome == .done else {
            throw CommandFailure(
                .configuration,
                "The cluster cannot be made like this (\(outcome)): --shards needs a power of two up "
                    + "to 4096, rooms a short name and a full name.")
        }
        try configuration.data.adopt(
            credentials, batch: batch, encryptionKey: configuration.encryptionKey)
        try configuration.data.remember(
            NodeDirectory.LastRun(
                host: host, peerPort: Int(configuration.peerPort),
                gossipPort: Int(configuration.gossipPort), clientHost: configuration.clientHost,
                clientPort: configuration.clientPort))
        return token
    }

    /// The rooms with ids of their own, so that however often a start is repeated they are the same.
    private func publicRooms(
        using generator: inout some RandomNumberGenerator
    ) throws -> [PublicRoom] {
        let wanted = room.isEmpty ? ["lobby=The Lobby", "help=Help & Questions"] : room
        var rooms: [PublicRoom] = []
        for text in wanted {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2,
                parts[0].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }),
                !rooms.contains(where: { $0.name == parts[0] })
            else {
                throw CommandFailure(
                    .configuration,
                    "--room \"\(text)\" is no room: write --room 'lobby=The Lobby', with a name of "
                        + "letters, digits and underscores that no other room has.")
            }
            rooms.append(
                PublicRoom(chat: ChatID(using: &generator), name: parts[0], fullName: parts[1]))
        }
        return rooms
    }

    private func explain(_ configuration: NodeConfiguration, _ token: JoinToken) {
        let data = configuration.data.path
        Terminal.show(
            """
            A new cluster: \(token.cluster)

            Start its first node here:

              chaticket node --data \(data)

            Then, on another machine that reaches \(token.seedHost) port \(token.seedPort) (TCP and \
            UDP), let one more node join within \(valid.defaultValueDescription):

              chaticket node --join \(token.text)

            A token is good for one node. Make another one here, while the node runs:

              chaticket cluster token --data \(data)

            The token contains: seed \(token.seedHost):\(token.seedPort), expiry \
            \(TimeText.utc(token.expiry)), authority \
            \(Hexadecimal.text(token.fingerprint).prefix(16))….
            Keep it secret until it is used. The cluster's authority and keys are in \
            \(data)/\(PeerCredentials.fileName).
            """)
    }
}
