import Foundation
import Gateway
import Logging
import NIOCore
import NodeHost
import PeerTransport
import Seal
import Wire

/// All settings of a node, checked.
struct NodeConfiguration {
    let data: NodeDirectory
    /// Nil until the join token says by which address this machine is reached.
    var host: String?
    let peerPort: UInt16
    let gossipPort: UInt16
    let clientHost: String
    let clientPort: Int
    let clientURL: String?
    let publicOrigins: [Origin]
    let certificate: CertificateFiles?
    let trustedProxies: [String]
    let zone: String
    let weight: UInt16
    let loopCount: Int
    let codeFile: String?
    let encryptionKey: [UInt8]?
    let logLevel: Logger.Level
    let join: String?

    private static let portDefault = 7_400
    private static let clientPortDefault = 8_080
    private static let portRange = 1...65_535

    /// Reads all sources of settings.
    init(_ options: NodeOptions, join token: String? = nil) async throws {
        var flags = options.given
        if let token { flags.append((.join, .text(token))) }
        let environment = ProcessInfo.processInfo.environment
        // The directory first: it remembers where the node listened last.
        let place = try await SettingsReader(
            flags: flags, environment: environment, file: options.config, lastRun: [])
        data = NodeDirectory(path: try await place.text(.data) ?? "chaticket-data")
        let settings = try await SettingsReader(
            flags: flags, environment: environment, file: options.config,
            lastRun: data.lastRun?.settings ?? [])
        host = try await settings.text(.host)
        if let host { try NodeConfiguration.check(address: host, of: .host) }
        peerPort = try await NodeConfiguration.port(settings, .peerPort)
        gossipPort = try await NodeConfiguration.port(settings, .gossipPort)
        clientHost = try await settings.text(.clientHost) ?? "127.0.0.1"
        clientPort =
            try await settings.number(.clientPort, in: NodeConfiguration.portRange)
            ?? NodeConfiguration.clientPortDefault
        clientURL = try await settings.text(.clientURL)
        if let clientURL, Origin(clientURL) == nil {
            throw CommandFailure.badSetting(
                .clientURL, expected: "an address like https://node1.example.com", found: clientURL)
        }
        publicOrigins = try await NodeConfiguration.origins(settings)
        certificate = try await NodeConfiguration.certificate(settings)
        trustedProxies = try await settings.list(.trustedProxy)
        zone = try await settings.text(.zone) ?? ""
        weight = UInt16(try await settings.number(.weight, in: 1...10_000) ?? 100)
        loopCount =
            try await settings.number(.loops, in: 1...64)
            ?? max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
        codeFile = try await settings.text(.codeFile)
        encryptionKey = try await settings.text(.encryptionKeyFile).map { path in
            try KeyFile.read(path: path)
        }
        logLevel = try await NodeConfiguration.logLevel(settings)
        join = try await settings.text(.join)
    }

    /// What the node's host needs.
    func hostSettings(host: String, seeds: [SeedAddress]) -> NodeHostSettings {
        var settings = NodeHostSettings(
            dataDirectory: data.path, host: host, peerPort: peerPort, gossipPort: gossipPort,
            clientHost: clientHost, clientPort: clientPort)
        settings.certificate = certificate
        settings.trustedProxies = trustedProxies
        settings.loopCount = loopCount
        settings.clientURL = clientURL
        settings.publicOrigins = publicOrigins
        settings.zone = zone
        settings.weight = weight
        settings.seeds = seeds
        settings.encryptionKey = encryptionKey
        settings.codeFile = codeFile
        settings.version = Chaticket.versionText
        return settings
    }

    /// What browsers open to reach this node.
    var browserURL: String {
        if let clientURL { return clientURL }
        let scheme = certificate == nil ? "http" : "https"
        let host = clientHost.contains(":") ? "[\(clientHost)]" : clientHost
        return "\(scheme)://\(host):\(clientPort)"
    }

    // MARK: Single settings

    private static func port(
        _ settings: SettingsReader, _ key: SettingKey
    ) async throws -> UInt16 {
        UInt16(try await settings.number(key, in: portRange) ?? portDefault)
    }

    /// An address that others can be told: no name, and not "all addresses".
    static func check(address: String, of key: SettingKey) throws {
        guard (try? SocketAddress(ipAddress: address, port: 0)) != nil,
            !["0.0.0.0", "::"].contains(address)
        else {
            throw CommandFailure.badSetting(
                key, expected: "one IP address of this machine, like 192.0.2.7", found: address)
        }
    }

    private static func origins(_ settings: SettingsReader) async throws -> [Origin] {
        try await settings.list(.publicOrigin).map { text in
            guard let origin = Origin(text) else {
                throw CommandFailure.badSetting(
                    .publicOrigin, expected: "addresses like https://chat.example.com", found: text)
            }
            return origin
        }
    }

    private static func certificate(
        _ settings: SettingsReader
    ) async throws -> CertificateFiles? {
        let (certificate, key) = (
            try await settings.text(.tlsCertificate), try await settings.text(.tlsKey)
        )
        switch (certificate, key) {
        case (let certificate?, let key?):
            return CertificateFiles(certificatePath: certificate, privateKeyPath: key)
        case (nil, nil): return nil
        case (nil, _):
            throw CommandFailure.badSetting(
                .tlsCertificate, expected: "a file, as tls-key is given")
        case (_, nil):
            throw CommandFailure.badSetting(
                .tlsKey, expected: "a file, as tls-certificate is given")
        }
    }

    private static func logLevel(_ settings: SettingsReader) async throws -> Logger.Level {
        guard let text = try await settings.text(.logLevel) else { return .info }
        guard let level = Logger.Level(rawValue: text) else {
            throw CommandFailure.badSetting(
                .logLevel, expected: "trace, debug, info, notice, warning or error", found: text)
        }
        return level
    }
}
