import Foundation
import Identity
import RocksStore
import Storage
import Synchronization
import Testing

@Suite("Opening a data directory")
struct OpeningTests {
    private let key = [UInt8](repeating: 0xA5, count: 32)

    private func filled(_ folder: StoreFolder, key: [UInt8]? = nil) throws {
        let database = try folder.open(key: key)
        for number in UInt64(0)..<400 {
            var batch = WriteBatch()
            let value = [UInt8](repeating: UInt8(number % 251), count: 100)
            batch.put(value, for: Keyspace.bytes(number), in: .data)
            batch.put(value, for: Keyspace.bytes(number), in: .raft)
            try database.write(batch, sync: number % 50 == 49)
        }
        database.close()
    }

    /// The error with which opening fails.
    private func refusal(
        of folder: StoreFolder, cluster: ClusterID = StoreFolder.cluster, key: [UInt8]? = nil
    ) throws -> RocksError {
        var found: RocksError?
        do {
            _ = try folder.open(cluster: cluster, key: key)
        } catch let error as RocksError {
            found = error
        }
        return try #require(found, "the store was opened")
    }

    private func isDamaged(_ error: RocksError) -> Bool {
        if case .damaged = error { return error.description.hasSuffix(".") }
        return false
    }

    @Test("A store is found again with its maker and cluster")
    func reopening() throws {
        let folder = StoreFolder()
        #expect(try StoreFormat.inspect(path: folder.path) == nil)
        try filled(folder)
        let format = try #require(try StoreFormat.inspect(path: folder.path))
        #expect(format.cluster == StoreFolder.cluster)
        #expect(format.createdBy == "test 1.0")
        #expect(format.version == StoreFormat.currentVersion)
        #expect(format.isComplete)
        #expect(try folder.open().value(for: Keyspace.bytes(UInt64(399)), in: .data)?.count == 100)
    }

    @Test("The store of another cluster is refused, naming both")
    func foreign() throws {
        let folder = StoreFolder()
        try filled(folder)
        let other = ClusterID(high: 9, low: 9)
        let error = try refusal(of: folder, cluster: other)
        #expect(
            error == .foreign(path: folder.path, found: StoreFolder.cluster, expected: other))
        #expect(error.description.contains(other.text))
    }

    @Test("A store that is open is refused, and can be opened after it has been closed")
    func locked() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        #expect(try refusal(of: folder) == .locked(path: folder.path))
        database.close()
        _ = try folder.open()
    }

    @Test("A refusal of a store that is open closes no file of another thread")
    func refusalClosesItsOwn() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        let lostCount = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 2) { thread in
            if thread == 0 {
                for _ in 0..<5_000 { _ = try? folder.open() }
            } else {
                for _ in 0..<100_000 {
                    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
                    for _ in 0..<5 where fcntl(descriptor, F_GETFD) < 0 {
                        lostCount.withLock { $0 += 1 }
                    }
                    close(descriptor)
                }
            }
        }
        #expect(lostCount.withLock { $0 } == 0)
        database.close()
    }

    @Test("A newer format is refused with its number, whatever else the file says")
    func newer() throws {
        let folder = StoreFolder()
        try filled(folder)
        let body = "version 7\ncluster of-another-kind\n"
        try replaceFormat(of: folder, body: body)
        #expect(try refusal(of: folder) == .newer(path: folder.path, version: 7, supported: 1))
    }

    @Test("A directory with other files is refused and left as it is")
    func notAStore() throws {
        let folder = StoreFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path + "/photo.jpg"))
        #expect(try refusal(of: folder) == .notAStore(path: folder.path))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["photo.jpg"])
    }

    @Test("A new store is for its owner only, also in a directory that was there before")
    func permissions() throws {
        let folder = StoreFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/lost+found", withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755])
        _ = try folder.open()
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
        #expect(attributes[.posixPermissions] as? Int == 0o700)
    }

    @Test("The ballast occupies room until it is given up, and does not hinder opening")
    func ballast() throws {
        let folder = StoreFolder()
        let database = try folder.open()
        try database.keepBallast(bytes: 1 << 20)
        try database.keepBallast(bytes: 1 << 20)
        database.close()
        _ = try folder.open()
        #expect(try folder.bytes(folder.path + "/BALLAST").count == 1 << 20)
        #expect(try RocksDatabase.releaseBallast(path: folder.path))
        #expect(try !RocksDatabase.releaseBallast(path: folder.path))
    }

    @Test("A path that is a file is refused")
    func file() throws {
        let folder = StoreFolder()
        #expect(FileManager.default.createFile(atPath: folder.path, contents: Data()))
        guard case .inaccessible = try refusal(of: folder) else {
            Issue.record("another error")
            return
        }
    }

    @Test("A damaged FORMAT is refused", arguments: [0, 1, 2])
    func damagedFormat(kind: Int) throws {
        let folder = StoreFolder()
        try filled(folder)
        try folder.change(folder.path + "/FORMAT") { bytes in
            switch kind {
            case 0: bytes[20] ^= 1
            case 1: bytes.removeLast(12)
            default: bytes = []
            }
        }
        #expect(isDamaged(try refusal(of: folder)))
    }

    @Test("A store whose FORMAT was never completed is made anew: it held nothing")
    func crashedCreation() throws {
        let folder = StoreFolder()
        _ = try folder.open()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for name in names where name != "FORMAT" && name != "OWNER" {
            try FileManager.default.removeItem(atPath: folder.path + "/" + name)
        }
        // Once complete, the same loss is damage.
        #expect(isDamaged(try refusal(of: folder)))
        let body = "version 1\ncluster \(StoreFolder.cluster)\ncreated-by t\nstate creating\n"
        try replaceFormat(of: folder, body: body)
        _ = try folder.open()
    }

    @Test("Missing files are damage", arguments: ["CURRENT", "MANIFEST", ".sst"])
    func missingFiles(name: String) throws {
        let folder = StoreFolder()
        try filled(folder)
        let database = try folder.open()
        try database.flush()
        database.close()
        for file in try folder.files("").filter({ $0.contains(name) }) {
            try FileManager.default.removeItem(atPath: file)
        }
        #expect(isDamaged(try refusal(of: folder)))
    }

    @Test("A changed byte in the manifest is damage")
    func manifest() throws {
        let folder = StoreFolder()
        try filled(folder)
        let file = try #require(try folder.files("").last { $0.contains("MANIFEST") })
        try folder.change(file) { $0[$0.count / 2] ^= 0x40 }
        #expect(isDamaged(try refusal(of: folder)))
    }

    @Test(
        "A changed byte inside the write-ahead log is damage, not a shorter log",
        arguments: [false, true])
    func logDamage(isEncrypted: Bool) throws {
        let folder = StoreFolder()
        let key = isEncrypted ? key : nil
        try filled(folder, key: key)
        let file = try #require(try folder.files(".log").last)
        try folder.change(file) { $0[$0.count / 2] ^= 0x40 }
        #expect(isDamaged(try refusal(of: folder, key: key)))
    }

    @Test(
        "A log cut off in its last record, as by a crash, opens without that record",
        arguments: [false, true])
    func tornLog(isEncrypted: Bool) throws {
        let folder = StoreFolder()
        let key = isEncrypted ? key : nil
        try filled(folder, key: key)
        let file = try #require(try folder.files(".log").last)
        try folder.change(file) { $0.removeLast(30) }
        let database = try folder.open(key: key)
        #expect(try database.value(for: Keyspace.bytes(UInt64(398)), in: .data) != nil)
        #expect(try database.value(for: Keyspace.bytes(UInt64(399)), in: .data) == nil)
        #expect(try database.value(for: Keyspace.bytes(UInt64(399)), in: .raft) == nil)
    }

    @Test(
        "A new log file that is still empty, as after a crash, is no damage",
        arguments: [false, true])
    func emptyLog(isEncrypted: Bool) throws {
        let folder = StoreFolder()
        let key = isEncrypted ? key : nil
        try filled(folder, key: key)
        let newer = folder.path + "/000900.log"
        #expect(FileManager.default.createFile(atPath: newer, contents: Data()))
        let database = try folder.open(key: key)
        #expect(try database.value(for: Keyspace.bytes(UInt64(399)), in: .data) != nil)
    }

    @Test("A log that was synced and is missing is damage")
    func missingLog() throws {
        let folder = StoreFolder()
        try filled(folder)
        let database = try folder.open()
        var batch = WriteBatch()
        batch.put([1], for: [1], in: .raft)
        batch.put([1], for: [1], in: .data)
        try database.write(batch, sync: true)
        // The flush of one family begins a new log; the others still need the old one.
        try database.flush(.data)
        try database.write(batch, sync: true)
        database.close()
        let logs = try folder.files(".log")
        try #require(logs.count >= 2)
        try FileManager.default.removeItem(atPath: logs[0])
        #expect(isDamaged(try refusal(of: folder)))
    }

    @Test("A table that was cut short is damage")
    func cutTable() throws {
        let folder = StoreFolder()
        try filled(folder)
        let database = try folder.open()
        try database.flush()
        database.close()
        let file = try #require(try folder.files(".sst").first)
        try folder.change(file) { $0.removeLast(100) }
        #expect(isDamaged(try refusal(of: folder)))
    }

    @Test(
        "A changed byte in a table is found when it is read, and by a scrub",
        arguments: [false, true])
    func damagedTable(isEncrypted: Bool) throws {
        let folder = StoreFolder()
        let key = isEncrypted ? key : nil
        try filled(folder, key: key)
        var database = try folder.open(key: key)
        try database.flush()
        database.close()
        for file in try folder.files(".sst") {
            try folder.change(file) { $0[(isEncrypted ? 4_096 : 0) + 200] ^= 0x01 }
        }
        database = try folder.open(key: key)
        let all = KeyRange(.data, from: [], to: [0xFF], countMax: 1_000)
        for read in [{ _ = try database.pairs(all) }, { _ = try database.scrub(all) }] {
            do {
                try read()
                Issue.record("the damage was not found")
            } catch StorageError.corrupt {
            }
        }
    }

    @Test("A scrub goes on from where it stopped")
    func scrub() throws {
        let folder = StoreFolder()
        try filled(folder)
        let database = try folder.open()
        var from: [UInt8]? = []
        var rounds = 0
        while let start = from, rounds < 100 {
            from = try database.scrub(KeyRange(.data, from: start, to: [0xFF], countMax: 60))
            rounds += 1
        }
        #expect(rounds == 7)
    }

    /// Writes a FORMAT of `body` with a right checksum.
    private func replaceFormat(of folder: StoreFolder, body: String) throws {
        let text = body + "checksum \(StoreFormatChecksum.of(body))\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/FORMAT"))
    }
}
