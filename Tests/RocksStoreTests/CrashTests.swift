import Determinism
import Foundation
import RocksStore
import Storage
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("A store whose process is killed")
struct CrashTests {
    @Test(
        "Every acknowledged batch is there, and what is there is a prefix of what was written",
        arguments: [(1, false), (2, true), (3, false), (4, true)] as [(UInt64, Bool)])
    func killed(seed: UInt64, isEncrypted: Bool) throws {
        let folder = StoreFolder()
        let key = isEncrypted ? [UInt8](repeating: 0x42, count: 32) : nil
        var generator = SeededGenerator(seed: seed)
        var acknowledged: UInt64 = 0
        for _ in 0..<4 {
            let count = Int(generator.next(upperBound: 1_500 as UInt64)) + 1
            acknowledged = try runAndKill(
                folder, key: key, seed: generator.next(), acknowledgments: count)
            let database = try folder.open(key: key)
            let last = try checkPrefix(database)
            #expect(last >= acknowledged)
            database.close()
        }
        #expect(acknowledged > 0)
    }

    @Test("When the disk refuses a write the process ends, and what it had acknowledged is there")
    func refusedWrite() throws {
        let folder = StoreFolder()
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        // No file may become longer than 200 blocks; the write then fails instead of the process.
        shell.arguments = [
            "-c", "trap '' XFSZ; ulimit -f 200; exec timeout 60 \"$0\" \"$1\" 5", try writerPath(),
            folder.path,
        ]
        let pipe = Pipe()
        shell.standardOutput = pipe
        try shell.run()
        let bytes = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
        shell.waitUntilExit()
        #expect(shell.terminationReason == .exit)
        #expect(shell.terminationStatus == 70)
        // The acknowledgments, then the sentence of the error.
        let sentence = Array("A write to the disk failed, and its outcome is unknown".utf8)
        let end = try #require(Data(bytes).range(of: Data(sentence))?.lowerBound)
        let acknowledged = try #require(Keyspace.number(bytes[(end - 8)..<end]))
        let database = try folder.open()
        #expect(try checkPrefix(database) >= acknowledged)
    }

    private func writerPath() throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: own).deletingLastPathComponent()
            .appendingPathComponent("StoreCrashWriter").path
    }

    /// Lets a writer run until it has acknowledged `acknowledgments` batches, kills it, and answers
    /// the last number that it acknowledged.
    private func runAndKill(
        _ folder: StoreFolder, key: [UInt8]?, seed: UInt64, acknowledgments: Int
    ) throws -> UInt64 {
        let writer = Process()
        writer.executableURL = URL(fileURLWithPath: try writerPath())
        writer.arguments = [folder.path, "\(seed)"]
        if let key { writer.arguments?.append(key.map { String(format: "%02x", $0) }.joined()) }
        let pipe = Pipe()
        writer.standardOutput = pipe
        try writer.run()
        var bytes: [UInt8] = []
        while bytes.count < 8 * acknowledgments {
            let data = pipe.fileHandleForReading.availableData
            if data.isEmpty { break }
            bytes += data
        }
        kill(writer.processIdentifier, SIGKILL)
        bytes += pipe.fileHandleForReading.readDataToEndOfFile()
        writer.waitUntilExit()
        #expect(writer.terminationReason == .uncaughtSignal)
        let numbers = stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).compactMap {
            Keyspace.number(bytes[$0..<$0 + 8])
        }
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
        #expect(numbers.count >= acknowledgments)
        return try #require(numbers.last)
    }

    /// Both families hold 1, 2, 3… up to the answer, with the right values.
    private func checkPrefix(_ database: RocksDatabase) throws -> UInt64 {
        var lasts: [UInt64] = []
        for family in [ColumnFamily.raft, .data] {
            var expected: UInt64 = 1
            var from: [UInt8] = []
            while true {
                let range = KeyRange(
                    family, from: from, to: [UInt8](repeating: 0xFF, count: 9), countMax: 1_000)
                let page = try database.pairs(range)
                for pair in page {
                    try #require(Keyspace.number(pair.key) == expected)
                    try #require(
                        Array(pair.value.prefix(8)) == Keyspace.bytes(StableHash.of(expected)))
                    expected += 1
                }
                guard let last = page.last else { break }
                from = last.key + [0]
            }
            lasts.append(expected - 1)
        }
        // A batch is in both families or in none.
        #expect(lasts[0] == lasts[1])
        return lasts[0]
    }
}
