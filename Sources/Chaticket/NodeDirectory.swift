import Foundation
import Identity
import Node
import PeerTransport
import RocksStore
import Storage
import Wire

/// A node's data directory: the store, the credentials, and where the node listened last.
///
/// A directory becomes a node's in two renames, credentials last: a start that is killed at any step
/// leaves either nothing, or what the next start completes.
struct NodeDirectory {
    let path: String

    private static let storeName = "store"
    private static let pendingName = "new"
    private static let joinKeyName = "join-key.pem"
    private static let lastRunName = "node.json"
    private static let socketName = "admin.sock"

    /// The socket of the running node, for operators on this machine.
    var socketPath: String { "\(path)/\(NodeDirectory.socketName)" }

    private var pending: String { "\(path)/\(NodeDirectory.pendingName)" }
    private var store: String { "\(path)/\(NodeDirectory.storeName)" }

    // MARK: What is there

    /// The node's credentials; nil when the directory is no node's yet. Completes what a killed start
    /// has begun, and refuses a directory with something else in it.
    func credentials() throws -> PeerCredentials? {
        let files = FileManager.default
        if let credentials = try PeerCredentials.load(directory: path) { return credentials }
        let hasStore = files.fileExists(atPath: store)
        if hasStore, !files.fileExists(atPath: "\(pending)/\(NodeDirectory.storeName)"),
            try PeerCredentials.load(directory: pending) != nil
        {
            try rename(
                "\(pending)/\(PeerCredentials.fileName)", to: "\(path)/\(PeerCredentials.fileName)")
            return try PeerCredentials.load(directory: path)
        }
        guard !hasStore else {
            throw CommandFailure(
                .credentials,
                "The data directory \(path) has a store but no \(PeerCredentials.fileName); put the "
                    + "file back, or join as a new node with an empty directory.")
        }
        return nil
    }

    /// Makes the directory that of a node, whole or not at all.
    func adopt(
        _ credentials: PeerCredentials, batch: WriteBatch, encryptionKey: [UInt8]?
    ) throws {
        try create()
        if FileManager.default.fileExists(atPath: pending) {
            try FileManager.default.removeItem(atPath: pending)
        }
        try make(directory: pending)
        try credentials.save(directory: pending)
        var options = RocksOptions(cluster: credentials.cluster, encryptionKey: encryptionKey)
        options.createdBy = "chaticket \(Chaticket.versionText)"
        let newStore = "\(pending)/\(NodeDirectory.storeName)"
        let database = try RocksDatabase.open(path: newStore, options: options)
        do {
            try database.write(batch, sync: true)
        } catch {
            database.close()
            throw error
        }
        database.close()
        try rename(newStore, to: store)
        try rename(
            "\(pending)/\(PeerCredentials.fileName)", to: "\(path)/\(PeerCredentials.fileName)")
        try? FileManager.default.removeItem(atPath: pending)
        try? FileManager.default.removeItem(atPath: "\(path)/\(NodeDirectory.joinKeyName)")
    }

    /// The key with which this directory joins: kept until it has, so that asking again after a lost
    /// answer gives the same node.
    func joinKey() throws -> NodeKey {
        try create()
        let file = "\(path)/\(NodeDirectory.joinKeyName)"
        if let data = FileManager.default.contents(atPath: file) {
            return try NodeKey(privateKeyPEM: String(decoding: data, as: UTF8.self))
        }
        let key = NodeKey()
        try write(Data(key.privateKeyPEM.utf8), to: file)
        return key
    }

    /// Makes the directory if it is missing; only its owner may look into it.
    func create() throws { try make(directory: path) }

    // MARK: The last run

    /// Where the node listened last, and whom it knew when it joined.
    struct LastRun: Codable {
        var version = 1
        var host: String
        var peerPort: Int
        var gossipPort: Int
        var clientHost: String
        var clientPort: Int
        /// Members at the time of the join, as host, gossip port and peer port.
        var seeds: [Seed] = []

        struct Seed: Codable {
            let host: String
            let gossipPort: UInt16
            let peerPort: UInt16
        }

        /// As the weakest of all sources of settings.
        var settings: [(key: SettingKey, value: SettingValue)] {
            [
                (.host, .text(host)), (.peerPort, .text("\(peerPort)")),
                (.gossipPort, .text("\(gossipPort)")), (.clientHost, .text(clientHost)),
                (.clientPort, .text("\(clientPort)")),
            ]
        }
    }

    /// Nil when there was none, or it cannot be read: it only saves typing.
    var lastRun: LastRun? {
        guard
            let data = FileManager.default.contents(
                atPath: "\(path)/\(NodeDirectory.lastRunName)")
        else { return nil }
        return try? JSONDecoder().decode(LastRun.self, from: data)
    }

    /// Remembers where the node listens.
    func remember(_ run: LastRun) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try write(try encoder.encode(run), to: "\(path)/\(NodeDirectory.lastRunName)")
    }

    // MARK: Files

    private func make(directory: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(.store, "The directory \(directory) cannot be made.")
        }
    }

    /// Replaces a file whole, readable by its owner alone.
    private func write(_ data: Data, to file: String) throws {
        let new = file + ".new"
        _ = unlink(new)
        guard
            FileManager.default.createFile(
                atPath: new, contents: data, attributes: [.posixPermissions: 0o600])
        else { throw CommandFailure(.store, "The file \(file) cannot be written.") }
        sync(new)
        try rename(new, to: file)
    }

    /// Renames durably.
    private func rename(_ old: String, to new: String) throws {
        sync((old as NSString).deletingLastPathComponent)
        guard Foundation.rename(old, new) == 0 else {
            throw CommandFailure(.store, "\(old) cannot be renamed to \(new) (error \(errno)).")
        }
        sync((new as NSString).deletingLastPathComponent)
    }

    private func sync(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }
}
