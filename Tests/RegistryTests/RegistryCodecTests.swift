import Determinism
import Identity
import Testing

@testable import Registry

/// One command of each kind.
private let commands: [RegistryAction] = [
    .initialise(Sample.origin()),
    .createToken(hash: Sample.hash(1), expiry: Sample.time(9)),
    .admit(
        tokenHash: Sample.hash(2), requestID: MessageID(high: .max, low: 1),
        description: Sample.description(3, zone: "Z\u{fc}rich")),
    .describe(NodeID(300), Sample.description(4)),
    .memberUp(NodeID(1)), .drain(NodeID(127)), .leave(NodeID(128)), .markLost(NodeID(16_384)),
    .remove(NodeID(.max)),
    .setPlacement(
        expected: RegistryEpoch(7), placedFor: .max,
        shards: [[NodeID(1), NodeID(2)], [NodeID(3)], []]),
    .setRegistryVoters(expected: RegistryEpoch(0), nodes: [NodeID(1)]),
    .changeSettings(RegistrySettings()),
]

@Suite("The registry's binary form")
struct RegistryCodecTests {
    @Test("Every command reads back as it was", arguments: commands)
    func commandRoundTrip(action: RegistryAction) throws {
        let command = RegistryCommand(at: Sample.time(5), action)
        #expect(try RegistryCommand(decoding: command.encoded) == command)
    }

    @Test(
        "Every proper beginning of a command is refused, and so is anything behind it",
        arguments: commands)
    func truncated(action: RegistryAction) {
        let bytes = RegistryCommand(at: Sample.time(5), action).encoded
        for length in 0..<bytes.count {
            #expect(throws: RegistryError.self) {
                try RegistryCommand(decoding: Array(bytes.prefix(length)))
            }
        }
        #expect(throws: RegistryError.trailingBytes) { try RegistryCommand(decoding: bytes + [0]) }
    }

    @Test("States read back as they were, and equal states have equal bytes")
    func stateRoundTrip() throws {
        for state in [RegistryState(), Sample.cluster(1), Sample.cluster(5, shards: 256, zones: 3)]
        {
            let bytes = state.encoded
            let decoded = try RegistryState(decoding: bytes)
            #expect(decoded == state)
            #expect(decoded.encoded == bytes)
        }
    }

    @Test("A state of a thousand shards is small")
    func stateSize() {
        #expect(Sample.cluster(9, shards: 1_024).encoded.count < 32_768)
    }

    @Test("Random bytes never trap")
    func randomBytes() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let count = generator.next(upperBound: UInt64(120))
            var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            if generator.chance(3, in: 4), !bytes.isEmpty { bytes[0] = registryFormat }
            _ = try? RegistryCommand(decoding: bytes)
            _ = try? RegistryState(decoding: bytes)
        }
    }

    @Test("Damaged commands and states are refused or applied, and never trap")
    func damaged() throws {
        var generator = SeededGenerator(seed: 2)
        let state = Sample.cluster(3)
        let sample = state.encoded
        var accepted = 0
        for round in 0..<20_000 {
            let action = commands[round % commands.count]
            var bytes = RegistryCommand(at: Sample.time(5), action).encoded
            damage(&bytes, &generator)
            if let command = try? RegistryCommand(decoding: bytes) {
                accepted += 1
                var copy = state
                _ = copy.apply(command)
                copy.checkInvariants()
                var first = RegistryState()
                _ = first.apply(command)
                first.checkInvariants()
            }
            var stored = sample
            damage(&stored, &generator)
            if var decoded = try? RegistryState(decoding: stored) {
                _ = decoded.apply(RegistryCommand(at: Sample.time(5), action))
                _ = Reconciler.propose(
                    state: decoded, observations: [], at: Sample.time(6))
            }
        }
        #expect(accepted > 0, "some damage goes unnoticed here: the log has checksums")
    }

    private func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        for _ in 0...generator.next(upperBound: UInt64(3)) {
            let place = Int(generator.next(upperBound: UInt64(bytes.count)))
            bytes[place] = UInt8(truncatingIfNeeded: generator.next())
        }
    }

    @Test("A newer format is named as such")
    func format() {
        #expect(throws: RegistryError.unknownFormat(2)) { try RegistryCommand(decoding: [2]) }
        #expect(throws: RegistryError.unknownFormat(9)) { try RegistryState(decoding: [9, 0]) }
    }

    @Test("A number has one form only: the shortest, and no more than 64 bits")
    func numbers() {
        func number(_ bytes: [UInt8]) throws -> UInt64 {
            var reader = RegistryReader(bytes)
            let value = try reader.number("n")
            try reader.finish()
            return value
        }
        #expect((try? number([0x80, 0x01])) == 128)
        #expect((try? number(Array(repeating: 0xFF, count: 9) + [0x01])) == .max)
        #expect(throws: RegistryError.self) { try number([0x80, 0x00]) }
        #expect(throws: RegistryError.self) {
            try number(Array(repeating: 0xFF, count: 9) + [0x02])
        }
        #expect(throws: RegistryError.self) { try number(Array(repeating: 0x80, count: 11)) }
    }

    @Test("A list cannot claim more elements than bytes arrived")
    func hugeCount() {
        // Format, time 0, kind 10, epoch 0, hash 0, then 4,096 shards and nothing behind.
        #expect(throws: RegistryError.truncated(field: "shards")) {
            try RegistryCommand(decoding: [1, 0, 10, 0, 0, 0x80, 0x20])
        }
        #expect(throws: RegistryError.tooLarge(field: "shards", max: 4_096)) {
            try RegistryCommand(decoding: [1, 0, 10, 0, 0, 0x81, 0x20])
        }
    }
}
