internal import Determinism
package import Identity
internal import Seal

/// What the file `FORMAT` of a data directory says: read before anything else is touched.
///
/// Lines of a word and a value; the last one is a checksum of those before it. An encrypted store
/// has a random key of its own, which is kept here, sealed by the operator's key: a wrong key shows
/// at once, and the operator's key can be replaced without rewriting the store.
package struct StoreFormat: Hashable, Sendable {
    /// The format that this program writes and the newest that it reads.
    package static let currentVersion = 1
    /// The file's name in the data directory.
    package static let fileName = "FORMAT"

    /// The format of the store.
    package var version: Int
    /// The cluster that the store belongs to.
    package var cluster: ClusterID
    /// The program that made the store.
    package var createdBy: String
    /// The store's own key, sealed by the operator's; nil when the store is not encrypted.
    package var sealedKey: [UInt8]?
    /// Whether the store has been created in full; until then it holds nothing.
    package var isComplete: Bool

    /// Reads the format of the store in `path` without opening it; nil when there is no such file.
    /// Throws `damaged` when it cannot be read as one, and `newer`.
    package static func inspect(path: String) throws(RocksError) -> StoreFormat? {
        guard let bytes = try StoreDirectory.contents(path + "/" + fileName) else { return nil }
        return try StoreFormat(path: path, bytes: bytes)
    }

    init(version: Int, cluster: ClusterID, createdBy: String, sealedKey: [UInt8]?, isComplete: Bool)
    {
        self.version = version
        self.cluster = cluster
        self.createdBy = String(createdBy.filter { !$0.isNewline }.prefix(200))
        self.sealedKey = sealedKey
        self.isComplete = isComplete
    }

    private init(path: String, bytes: [UInt8]) throws(RocksError) {
        func damaged(_ reason: String) -> RocksError { .damaged(path: path, reason: reason) }
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        guard let last = lines.last, last.hasPrefix("checksum ") else {
            throw damaged("FORMAT is incomplete")
        }
        let body = lines.dropLast().map { $0 + "\n" }.joined()
        guard last == "checksum " + StoreFormat.checksum(body) else {
            throw damaged("FORMAT fails its checksum")
        }
        var fields: [Substring: Substring] = [:]
        for line in lines.dropLast() {
            let parts = line.split(separator: " ", maxSplits: 1)
            fields[parts[0]] = parts.count == 2 ? parts[1] : ""
        }
        guard let version = fields["version"].flatMap({ Int($0) }) else {
            throw damaged("FORMAT names no version")
        }
        // Only the version line is promised to mean the same in every version.
        guard version <= StoreFormat.currentVersion else {
            throw .newer(path: path, version: version, supported: StoreFormat.currentVersion)
        }
        guard let cluster = fields["cluster"].flatMap({ ClusterID(text: $0) }),
            let state = fields["state"], let createdBy = fields["created-by"]
        else { throw damaged("FORMAT lacks a line") }
        var sealedKey: [UInt8]?
        if let digits = fields["sealed-key"] {
            guard let bytes = Hexadecimal.bytes(digits.utf8) else {
                throw damaged("FORMAT holds a malformed key")
            }
            sealedKey = bytes
        }
        self.init(
            version: version, cluster: cluster, createdBy: String(createdBy), sealedKey: sealedKey,
            isComplete: state == "complete")
    }

    /// The file's content.
    var text: String {
        var body = "version \(version)\ncluster \(cluster)\ncreated-by \(createdBy)\n"
        body += "state \(isComplete ? "complete" : "creating")\n"
        if let sealedKey { body += "sealed-key \(Hexadecimal.text(sealedKey))\n" }
        return body + "checksum \(StoreFormat.checksum(body))\n"
    }

    /// Replaces the file in `path`, durably.
    func write(path: String) throws(RocksError) {
        try StoreDirectory.replace(path + "/" + StoreFormat.fileName, with: Array(text.utf8))
    }

    /// The store's own key, opened by the operator's; nil when neither has one.
    func key(path: String, sealedBy operatorKey: [UInt8]?) throws(RocksError) -> [UInt8]? {
        switch (sealedKey, operatorKey) {
        case (nil, nil): return nil
        case (nil, .some): throw .keyUnexpected(path: path)
        case (.some, nil): throw .keyMissing(path: path)
        case (.some(let sealedKey), .some(let operatorKey)):
            let ring = try StoreFormat.ring(operatorKey)
            do {
                return try ring.open(sealedKey, associatedData: cluster.bytes)
            } catch {
                throw .wrongKey(path: path)
            }
        }
    }

    /// `key` as it is kept in a format of `cluster`, sealed by the operator's.
    static func sealed(
        _ key: [UInt8], by operatorKey: [UInt8], cluster: ClusterID
    ) throws(RocksError) -> [UInt8] {
        do {
            return try ring(operatorKey).seal(key, associatedData: cluster.bytes)
        } catch let error as RocksError {
            throw error
        } catch {
            throw .failed("\(error)")
        }
    }

    private static func ring(_ operatorKey: [UInt8]) throws(RocksError) -> KeyRing {
        guard operatorKey.count == AuthenticatedCipher.keyByteCount else {
            throw .badKey(bytes: operatorKey.count)
        }
        let key = Digest.derivedKey(from: operatorKey, info: "chaticket store key v1")
        do {
            return try KeyRing([KeyRing.Key(id: 1, bytes: key)])
        } catch {
            throw .failed("\(error)")
        }
    }

    private static func checksum(_ body: String) -> String {
        let hash = StableHash.of(Array(body.utf8))
        return Hexadecimal.text((0..<8).map { UInt8(truncatingIfNeeded: hash >> (56 - 8 * $0)) })
    }
}
