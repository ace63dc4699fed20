import Foundation
import RocksStore
import Seal
import Storage
import Testing

@Suite("An encrypted store")
struct EncryptionTests {
    private let key = [UInt8](repeating: 0x11, count: 32)
    private let secret = Array("the secret of the chat room".utf8)

    private func write(_ folder: StoreFolder, key: [UInt8]?) throws {
        let database = try folder.open(key: key)
        for number in UInt64(0)..<200 {
            var batch = WriteBatch()
            batch.put(
                secret + Keyspace.bytes(number), for: secret + Keyspace.bytes(number), in: .data)
            try database.write(batch, sync: false)
            if number == 100 { try database.flush() }
        }
        database.close()
    }

    private func filesWithSecret(_ folder: StoreFolder) throws -> [String] {
        try folder.files("").filter { file in
            Data(try folder.bytes(file)).range(of: Data(secret)) != nil
        }
    }

    @Test("No file shows what is stored, keys included; without a key files do")
    func hidden() throws {
        let open = StoreFolder()
        try write(open, key: nil)
        #expect(try filesWithSecret(open).contains { $0.hasSuffix(".log") })
        let sealed = StoreFolder()
        try write(sealed, key: key)
        #expect(try filesWithSecret(sealed) == [])
        let database = try sealed.open(key: key)
        for number in UInt64(0)..<200 {
            let stored = try database.value(for: secret + Keyspace.bytes(number), in: .data)
            #expect(stored == secret + Keyspace.bytes(number))
        }
    }

    @Test("Equal files of two stores with one key have different bytes: each has a salt")
    func salts() throws {
        let first = StoreFolder()
        let second = StoreFolder()
        try write(first, key: key)
        try write(second, key: key)
        let firstLog = try first.bytes(try #require(first.files(".log").last))
        let secondLog = try second.bytes(try #require(second.files(".log").last))
        #expect(firstLog.count == secondLog.count)
        let equal = zip(firstLog.dropFirst(4_096), secondLog.dropFirst(4_096)).filter { $0 == $1 }
        #expect(equal.count < (firstLog.count - 4_096) / 50)
    }

    @Test("The key stream does not repeat: zeros become blocks that all differ")
    func keyStream() throws {
        let folder = StoreFolder()
        let database = try folder.open(key: key)
        var batch = WriteBatch()
        batch.put([UInt8](repeating: 0, count: 64 << 10), for: [1], in: .data)
        try database.write(batch, sync: true)
        #expect(try database.value(for: [1], in: .data) == [UInt8](repeating: 0, count: 64 << 10))
        let log = try folder.bytes(try #require(folder.files(".log").last))
        let places = stride(from: 4_096, to: log.count - 16, by: 16)
        let blocks = Set(places.map { Array(log[$0..<$0 + 16]) })
        #expect(blocks.count == places.underestimatedCount)
        #expect(blocks.count >= 4_096)
    }

    @Test("A wrong key, no key, a key too many and a key of a wrong length are each refused")
    func wrongKeys() throws {
        let sealed = StoreFolder()
        try write(sealed, key: key)
        let open = StoreFolder()
        try write(open, key: nil)
        #expect(throws: RocksError.wrongKey(path: sealed.path)) {
            try sealed.open(key: [UInt8](repeating: 0x12, count: 32))
        }
        #expect(throws: RocksError.keyMissing(path: sealed.path)) { try sealed.open() }
        #expect(throws: RocksError.keyUnexpected(path: open.path)) { try open.open(key: key) }
        #expect(throws: RocksError.badKey(bytes: 16)) {
            try sealed.open(key: [UInt8](repeating: 0x11, count: 16))
        }
        // None of the refusals has harmed anything.
        _ = try sealed.open(key: key)
        _ = try open.open()
    }

    @Test("After the key has been replaced the new one opens the store, the old one does not")
    func replacing() throws {
        let folder = StoreFolder()
        try write(folder, key: key)
        let new = [UInt8](repeating: 0x77, count: 32)
        #expect(throws: RocksError.wrongKey(path: folder.path)) {
            try RocksDatabase.replaceKey(path: folder.path, from: new, to: new)
        }
        try RocksDatabase.replaceKey(path: folder.path, from: key, to: new)
        #expect(throws: RocksError.wrongKey(path: folder.path)) { try folder.open(key: key) }
        let database = try folder.open(key: new)
        #expect(try database.value(for: secret + Keyspace.bytes(UInt64(7)), in: .data) != nil)
        #expect(throws: RocksError.locked(path: folder.path)) {
            try RocksDatabase.replaceKey(path: folder.path, from: new, to: key)
        }
    }

    @Test("A file of another store, even one with the same operator's key, is refused")
    func foreignFile() throws {
        let first = StoreFolder()
        let second = StoreFolder()
        try write(first, key: key)
        try write(second, key: key)
        let target = try #require(first.files(".log").last)
        let foreign = try second.bytes(try #require(second.files(".log").last))
        try first.change(target) { $0 = foreign }
        #expect(throws: RocksError.self) { try first.open(key: key) }
    }

    @Test(
        "A log of which the process had not written the first page holds nothing, and does no harm",
        arguments: [0, 1, 40, 4_095])
    func shortFirstPage(byteCount: Int) throws {
        let folder = StoreFolder()
        try write(folder, key: key)
        let last = try #require(folder.files(".log").sorted().last)
        let name = try #require(last.split(separator: "/").last).dropLast(".log".count)
        let number = try #require(Int(name)) + 10
        let digits = String(repeating: "0", count: 6 - String(number).count) + String(number)
        let path = last.dropLast("\(name).log".count) + "\(digits).log"
        // What the first page begins with, as far as it came.
        let page = Data(try folder.bytes(last).prefix(byteCount))
        #expect(FileManager.default.createFile(atPath: String(path), contents: page))
        let database = try folder.open(key: key)
        for number in UInt64(0)..<200 {
            let stored = try database.value(for: secret + Keyspace.bytes(number), in: .data)
            #expect(stored == secret + Keyspace.bytes(number))
        }
    }

    @Test(
        "Any other file without a whole first page is refused as damaged, with the reason",
        arguments: [".sst", "/MANIFEST-", "/CURRENT"], [1, 4_095])
    func shortFiles(part: String, byteCount: Int) throws {
        let folder = StoreFolder()
        try write(folder, key: key)
        let file = try #require(folder.files("").first { $0.contains(part) })
        try folder.change(file) { $0 = Array($0.prefix(byteCount)) }
        let error = #expect(throws: RocksError.self) { try folder.open(key: key) }
        guard case .damaged(folder.path, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("shorter than its first page"))
    }
}
