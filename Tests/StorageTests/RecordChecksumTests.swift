import Identity
import Storage
import Testing

@Suite("RecordChecksum")
struct RecordChecksumTests {
    @Test("CRC-32C has the values of RFC 3720 appendix B.4")
    func vectors() {
        #expect(RecordChecksum.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(RecordChecksum.of([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(RecordChecksum.of(Array(0..<32)) == 0x46DD_794E)
        #expect(RecordChecksum.of((0..<32).reversed()) == 0x113F_DB5C)
        #expect(RecordChecksum.of(Array("123456789".utf8)) == 0xE306_9283)
        #expect(RecordChecksum.of([]) == 0)
    }

    @Test("In pieces it is the same as at once", arguments: 0..<40)
    func pieces(cut: Int) {
        let bytes = (0..<40).map { UInt8($0 &* 37 & 0xFF) }
        let first = RecordChecksum.of(Array(bytes[..<cut]))
        #expect(RecordChecksum.of(Array(bytes[cut...]), after: first) == RecordChecksum.of(bytes))
    }

    @Test("A chained checksum covers place, term, predecessor and payload, as big-endian bytes")
    func chained() {
        let payload = Array("payload".utf8)
        let checksum = RecordChecksum.chained(
            shard: ShardID(7), index: 42, term: 3, previous: 0xDEAD_BEEF, payload: payload)
        #expect(checksum == 0xBCAD_0C2C)
        let others = [
            RecordChecksum.chained(
                shard: ShardID(8), index: 42, term: 3, previous: 0xDEAD_BEEF, payload: payload),
            RecordChecksum.chained(
                shard: ShardID(7), index: 43, term: 3, previous: 0xDEAD_BEEF, payload: payload),
            RecordChecksum.chained(
                shard: ShardID(7), index: 42, term: 4, previous: 0xDEAD_BEEF, payload: payload),
            RecordChecksum.chained(
                shard: ShardID(7), index: 42, term: 3, previous: 0xDEAD_BEEE, payload: payload),
            RecordChecksum.chained(
                shard: ShardID(7), index: 42, term: 3, previous: 0xDEAD_BEEF,
                payload: payload + [0]),
        ]
        for other in others { #expect(other != checksum) }
    }
}
