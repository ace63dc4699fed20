import ArgumentParser
import Determinism
import Foundation
import Logging
import Node
import NodeHost
import PeerTransport
import ServiceLifecycle
import UnixSignals
import Wire

import struct PeerTransport.JoinToken

/// `chaticket node`: runs one node until it is told to stop.
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Run one node.",
        discussion: """
            With an empty data directory the node first joins by the token that `cluster init` or \
            `cluster token` printed; the token is all the configuration it needs. With data it goes \
            on where it stopped, also on other ports or another address: the others hear of it.

            Every setting can also stand in a YAML file (`peer-port: 7400`) or in the environment \
            (CHATICKET_PEER_PORT=7400; lists are separated by commas). Flags win over the \
            environment, which wins over the file; addresses that nobody names are those of the last \
            run. An unknown name or a bad value stops the start.

            SIGTERM and SIGINT stop the node in good order, SIGHUP reads its certificate again.

            \(ExitReason.help)
            """)

    @OptionGroup var options: NodeOptions

    @Option(
        help: ArgumentHelp(
            "A one-time token to join with, if the data directory is empty.", valueName: "token"))
    var join: String?

    func run() async throws {
        try await reportingFailures {
            _ = umask(0o077)
            let configuration = try await NodeConfiguration(options, join: join)
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = configuration.logLevel
                return handler
            }
            let logger = Logger(label: "chaticket")
            let node = try await NodeStarter(configuration: configuration, logger: logger)
                .prepared()
            try await serve(node, logger: logger)
        }
    }

    private func serve(_ node: PreparedNode, logger: Logger) async throws {
        let host = NodeHost(
            settings: node.settings, credentials: node.credentials, logger: logger
        ) { death in
            NodeCommand.end(because: death)
        }
        let socket = AdminSocket(
            path: node.directory.socketPath, host: host, credentials: node.credentials,
            settings: node.settings, logger: logger)
        var services = [
            ServiceGroupConfiguration.ServiceConfiguration(
                service: host, successTerminationBehavior: .gracefullyShutdownGroup),
            .init(service: socket, successTerminationBehavior: .ignore),
        ]
        services.append(
            .init(
                service: CertificateReloader(host: host, logger: logger),
                successTerminationBehavior: .ignore))
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        try await ServiceGroup(configuration: configuration).run()
    }

    /// Ends the process at once: going on would be unsafe, so nothing is tidied up.
    private static func end(because death: NodeDeath) {
        let reason: ExitReason
        switch death {
        case .node(.cloned): reason = .cloned
        case .node(.removed): reason = .removed
        case .node(.storage): reason = .store
        case .disk: reason = .disk
        }
        Terminal.complain("\(death)")
        _exit(reason.rawValue)
    }
}

/// A node that has its identity, ready to run.
struct PreparedNode {
    let directory: NodeDirectory
    let settings: NodeHostSettings
    let credentials: PeerCredentials
}

/// Makes sure that a node has an identity, by joining if it must.
struct NodeStarter {
    let configuration: NodeConfiguration
    let logger: Logger

    private var directory: NodeDirectory { configuration.data }

    /// The node, joined if the directory was empty, with a certificate that is good for a while.
    func prepared() async throws -> PreparedNode {
        var seeds = directory.lastRun?.seeds ?? []
        let host: String
        var credentials: PeerCredentials
        if let present = try directory.credentials() {
            try noteToken(present)
            credentials = present
            host = configuration.host ?? LocalAddress.preferred
        } else {
            guard let join = configuration.join else {
                throw CommandFailure(
                    .configuration,
                    "The data directory \(directory.path) is empty: join a cluster with --join "
                        + "TOKEN, or make the first node of a new one with `chaticket cluster init`."
                )
            }
            let token = try JoinToken(text: join)
            host =
                try configuration.host
                ?? LocalAddress.toReach(
                    host: token.seedHost, port: token.seedPort)
            let joiner = ClusterJoiner(configuration: configuration, host: host, logger: logger)
            (credentials, seeds) = try await joiner.join(token)
        }
        credentials = try renewed(credentials, host: host)
        try remember(host: host, seeds: seeds)
        let settings = configuration.hostSettings(
            host: host,
            seeds: seeds.map {
                SeedAddress(host: $0.host, gossipPort: $0.gossipPort, peerPort: $0.peerPort)
            })
        return PreparedNode(directory: directory, settings: settings, credentials: credentials)
    }

    /// A token for the cluster that the node already is in does no harm: service files keep it.
    private func noteToken(_ credentials: PeerCredentials) throws {
        guard let join = configuration.join else { return }
        let token = try JoinToken(text: join)
        guard token.cluster == credentials.cluster else {
            throw CommandFailure(
                .initialised,
                "The data directory \(directory.path) belongs to cluster \(credentials.cluster), and "
                    + "the token is for \(token.cluster); name an empty directory to join it.")
        }
        logger.notice("This node is a member already; the join token is ignored.")
    }

    /// Any member can issue its own certificate, so each start makes a fresh one when little time is
    /// left. It is not kept: what a wrong clock made does no harm once the clock is right.
    private func renewed(_ credentials: PeerCredentials, host: String) throws -> PeerCredentials {
        let now = SystemClock.wall
        guard try now < PeerCertificate.expiry(pem: credentials.authorityPEM) else {
            throw CommandFailure(
                .clock,
                "The cluster's authority has expired by this machine's clock, which says "
                    + "\(TimeText.utc(now)); set the clock right.")
        }
        guard let renewed = try credentials.renewed(now: now, hosts: [host]) else {
            try credentials.check(now: now)
            return credentials
        }
        try renewed.check(now: now)
        return renewed
    }

    private func remember(host: String, seeds: [NodeDirectory.LastRun.Seed]) throws {
        try directory.remember(
            NodeDirectory.LastRun(
                host: host, peerPort: Int(configuration.peerPort),
                gossipPort: Int(configuration.gossipPort), clientHost: configuration.clientHost,
                clientPort: configuration.clientPort, seeds: seeds))
    }
}

/// Reads the client listener's certificate again on every SIGHUP.
private struct CertificateReloader: Service {
    let host: NodeHost
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            do {
                try await host.reloadCertificate()
            } catch {
                logger.error("The certificate stays as it is.", metadata: ["reason": "\(error)"])
            }
        }
    }
}
