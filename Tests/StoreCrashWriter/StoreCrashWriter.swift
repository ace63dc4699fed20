import Determinism
import Glibc
import Identity
import RocksStore
import Seal
import Storage

/// Writes numbered batches to a store until it is killed, and tells on standard output which of the
/// synced ones are durable: eight big-endian bytes each. For the tests of what survives a kill.
///
/// Arguments: the directory, a seed, and for an encrypted store its key in hexadecimal digits.
@main
enum StoreCrashWriter {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let seed = UInt64(arguments[2]) else { exit(64) }
        var options = RocksOptions(cluster: ClusterID(high: 1, low: 2))
        if arguments.count > 3 { options.encryptionKey = Hexadecimal.bytes(arguments[3].utf8) }
        // Small, so that tables are written and logs change while the test runs.
        options.writeBufferBytes = 256 << 10
        options.logBytesMax = 512 << 10
        let database = try RocksDatabase.open(path: arguments[1], options: options)
        let disk = DiskThread(database: database) { error in
            // At once: RocksDB's threads still run, and nothing may be tidied up under them.
            let text = Array("\(error)".utf8)
            _ = write(1, text, text.count)
            _exit(70)
        }
        var generator = SeededGenerator(seed: seed)
        var number = try last(of: database)
        while true {
            number += 1
            let value = StableHash.of(number)
            var batch = WriteBatch()
            let padding = [UInt8](
                repeating: 0x5A, count: Int(generator.next(upperBound: 400 as UInt64)))
            batch.put(Keyspace.bytes(value) + padding, for: Keyspace.bytes(number), in: .raft)
            batch.put(Keyspace.bytes(value), for: Keyspace.bytes(number), in: .data)
            let isSynced = generator.chance(1, in: 3)
            let text = Keyspace.bytes(number)
            disk.submit(batch, sync: isSynced) {
                // Ends when the test has gone away.
                if isSynced, write(1, text, text.count) != text.count { _exit(0) }
            }
            while disk.counters.queuedBatchCount > 200 { usleep(100) }
        }
    }

    private static func last(of database: RocksDatabase) throws -> UInt64 {
        let range = KeyRange(
            .raft, from: [], to: [UInt8](repeating: 0xFF, count: 9), isReversed: true, countMax: 1)
        return try database.pairs(range).first.flatMap { Keyspace.number($0.key) } ?? 0
    }
}
