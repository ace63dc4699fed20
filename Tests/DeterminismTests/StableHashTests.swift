import Determinism
import Testing

@Suite("StableHash")
struct StableHashTests {
    @Test("Short strings have the hashes that the xxHash project publishes (XXH64)")
    func shortStrings() {
        #expect(StableHash.of([UInt8]()) == 0xEF46_DB37_51D8_E999)
        #expect(StableHash.of(Array("a".utf8)) == 0xD24E_C4F1_A98C_6E5B)
        #expect(StableHash.of(Array("abc".utf8)) == 0x44BC_2CF5_AD77_0999)
        let sentence = "Call me Ishmael. Some years ago--never mind how long precisely-"
        #expect(StableHash.of(Array(sentence.utf8)) == 0x02A2_E854_70D6_FD96)
    }

    @Test(
        "The sanity buffer has the hashes of the xxHash project's own tests",
        arguments: [
            (0, 0, 0xEF46_DB37_51D8_E999), (0, 2_654_435_761, 0xAC75_FDA2_929B_17EF),
            (1, 0, 0xE934_A84A_DB05_2768), (1, 2_654_435_761, 0x5014_6076_43A9_B4C3),
            (4, 0, 0x9136_A0DC_A574_57EE), (14, 0, 0x8282_DCC4_994E_35C8),
            (14, 2_654_435_761, 0xC3BD_6BF6_3DEB_6DF0), (222, 0, 0xB641_AE8C_B691_C174),
            (222, 2_654_435_761, 0x20CB_8AB7_AE10_C14A),
        ] as [(Int, UInt64, UInt64)])
    func sanityBuffer(count: Int, seed: UInt64, expected: UInt64) {
        var bytes: [UInt8] = []
        var generator: UInt64 = 2_654_435_761
        for _ in 0..<count {
            bytes.append(UInt8(truncatingIfNeeded: generator >> 56))
            generator = generator &* 11_400_714_785_074_694_797
        }
        #expect(StableHash.of(bytes, seed: seed) == expected)
    }

    @Test(
        "A number has the hash of its eight little-endian bytes",
        arguments: [0, 1, 0x0123_4567_89AB_CDEF, UInt64.max])
    func numbers(value: UInt64) {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        #expect(StableHash.of(value, seed: 7) == StableHash.of(bytes, seed: 7))
    }
}
