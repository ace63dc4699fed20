package import Identity

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4), as a checksum of records that are chained: damage
/// to one entry of a log, or an entry that is missing, shows in every later one.
///
/// Against accidents, not against an adversary.
package enum RecordChecksum {
    /// The checksum of `bytes` after those whose checksum is `previous`; linear.
    package static func of(_ bytes: [UInt8], after previous: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { updated(previous, with: $0) }
    }

    /// The checksum of a log entry: over where it is, the checksum of the entry before it, and what
    /// it carries. Numbers are taken as big-endian bytes.
    package static func chained(
        shard: ShardID, index: UInt64, term: UInt64, previous: UInt32, payload: [UInt8]
    ) -> UInt32 {
        let head =
            Keyspace.bytes(shard.rawValue) + Keyspace.bytes(index) + Keyspace.bytes(term)
            + Keyspace.bytes(previous)
        return of(payload, after: of(head))
    }

    private static func updated(_ previous: UInt32, with bytes: UnsafeRawBufferPointer) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            func entry(_ table: Int, _ byte: UInt32) -> UInt32 {
                tables[table << 8 | Int(byte & 0xFF)]
            }
            var crc = ~previous
            var offset = 0
            while offset + 8 <= bytes.count {
                let word = UInt64(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                let low = crc ^ UInt32(truncatingIfNeeded: word)
                let high = UInt32(truncatingIfNeeded: word >> 32)
                crc =
                    entry(7, low) ^ entry(6, low >> 8) ^ entry(5, low >> 16) ^ entry(4, low >> 24)
                crc ^=
                    entry(3, high) ^ entry(2, high >> 8) ^ entry(1, high >> 16)
                    ^ entry(0, high >> 24)
                offset += 8
            }
            while offset < bytes.count {
                crc = crc >> 8 ^ entry(0, crc ^ UInt32(bytes[offset]))
                offset += 1
            }
            return ~crc
        }
    }

    /// Eight tables of 256: table `t` has the effect of a byte that is followed by `t` more.
    private static let tables: [UInt32] = {
        let polynomial: UInt32 = 0x82F6_3B78
        var tables: [UInt32] = []
        tables.reserveCapacity(2_048)
        for byte in UInt32(0)..<256 {
            var crc = byte
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ polynomial : crc >> 1 }
            tables.append(crc)
        }
        for place in 256..<2_048 {
            let shorter = tables[place - 256]
            tables.append(shorter >> 8 ^ tables[Int(shorter & 0xFF)])
        }
        return tables
    }()
}
