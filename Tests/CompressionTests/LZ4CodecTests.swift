import Compression
import Determinism
import Testing

@Suite("LZ4Codec")
struct LZ4CodecTests {
    @Test(
        "What is packed is unpacked as it was",
        arguments: [0, 1, 2, 5, 100, 4_096, 70_000, 1 << 20])
    func roundTrips(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        let random = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        let repetitive = (0..<count).map { UInt8($0 / 7 % 5) }
        for bytes in [random, repetitive] {
            let packed = LZ4Codec.compress(bytes)
            #expect(packed.count <= bytes.count + LZ4Codec.headerByteCount)
            #expect(try LZ4Codec.decompress(packed, bytesMax: count) == bytes)
        }
        if count >= 4_096 { #expect(LZ4Codec.compress(repetitive).count < count / 10) }
    }

    @Test("More than the caller takes is refused before anything is unpacked")
    func limit() {
        let packed = LZ4Codec.compress([UInt8](repeating: 1, count: 1_000))
        #expect(throws: CompressionError.tooLong(bytes: 1_000, bytesMax: 999)) {
            try LZ4Codec.decompress(packed, bytesMax: 999)
        }
        #expect(throws: CompressionError.malformed) {
            try LZ4Codec.decompress([1, 0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3], bytesMax: .max)
        }
    }

    @Test(
        "Garbage and damage never trap and never give more than was claimed",
        arguments: UInt64(0)..<20)
    func garbage(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let whole = LZ4Codec.compress((0..<600).map { UInt8($0 / 50) })
        for _ in 0..<500 {
            var bytes: [UInt8]
            if generator.chance(1, in: 2) {
                bytes = (0..<generator.next(upperBound: 64 as UInt64)).map { _ in
                    UInt8(truncatingIfNeeded: generator.next())
                }
                if bytes.count > 4, generator.chance(3, in: 4) {
                    bytes.replaceSubrange(0..<5, with: [1, 0, 0, 1, bytes[4]])
                }
            } else {
                bytes = whole
                let place = Int(generator.next(upperBound: UInt64(bytes.count)))
                bytes[place] ^= 1 << UInt8(generator.next(upperBound: 8 as UInt64))
                if generator.chance(1, in: 3) { bytes.removeLast(place / 2) }
            }
            do {
                let unpacked = try LZ4Codec.decompress(bytes, bytesMax: 4_096)
                #expect(unpacked.count <= 4_096)
            } catch {
                // Refused, as it should be.
            }
        }
    }

    @Test("Bytes that are cut off are malformed", arguments: 0..<5)
    func shortHeaders(count: Int) {
        #expect(throws: CompressionError.malformed) {
            try LZ4Codec.decompress([UInt8](repeating: 0, count: count), bytesMax: 10)
        }
    }
}
