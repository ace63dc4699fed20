import Foundation
import Identity
import RocksStore

/// A directory of its own for one test, which goes away with the object.
final class StoreFolder: Sendable {
    let path: String

    init() {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("store-\(UUID().uuidString)").path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static let cluster = ClusterID(high: 1, low: 2)

    func open(
        cluster: ClusterID = StoreFolder.cluster, key: [UInt8]? = nil
    ) throws -> RocksDatabase {
        var options = RocksOptions(cluster: cluster, createdBy: "test 1.0", encryptionKey: key)
        options.cacheBytes = 1 << 20
        options.writeBufferBytes = 1 << 20
        return try RocksDatabase.open(path: path, options: options)
    }

    /// The paths of the files whose names end with `suffix`, sorted.
    func files(_ suffix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { $0.hasSuffix(suffix) }.sorted().map { path + "/" + $0 }
    }

    func bytes(_ file: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
    }

    func change(_ file: String, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = try bytes(file)
        body(&bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }
}
