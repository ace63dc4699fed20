internal import Storage

/// The bytes of one piece of a snapshot: for each pair the length of the key and of the value, four
/// bytes each, the key and the value; at the end the CRC-32C of all that. An empty piece is a
/// checksum alone.
enum SnapshotPiece {
    /// The bytes of `pairs`, without the first `prefixCount` bytes of their keys.
    static func encode(_ pairs: [KeyValue], dropping prefixCount: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for pair in pairs {
            let key = pair.key.dropFirst(prefixCount)
            bytes += Keyspace.bytes(UInt32(key.count)) + Keyspace.bytes(UInt32(pair.value.count))
            bytes += key
            bytes += pair.value
        }
        return bytes + Keyspace.bytes(RecordChecksum.of(bytes))
    }

    /// The pairs in `bytes`; nil when they are damaged.
    static func decode(_ bytes: [UInt8]) -> [KeyValue]? {
        guard bytes.count >= 4 else { return nil }
        let content = Array(bytes.dropLast(4))
        guard Keyspace.bytes(RecordChecksum.of(content)) == Array(bytes.suffix(4)) else {
            return nil
        }
        var pairs: [KeyValue] = []
        var rest = content[...]
        while !rest.isEmpty {
            guard let keyCount = takeCount(&rest), let valueCount = takeCount(&rest),
                keyCount + valueCount <= rest.count
            else { return nil }
            let key = Array(rest.prefix(keyCount))
            rest = rest.dropFirst(keyCount)
            pairs.append(KeyValue(key: key, value: Array(rest.prefix(valueCount))))
            rest = rest.dropFirst(valueCount)
        }
        return pairs
    }

    private static func takeCount(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        let count = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        bytes = bytes.dropFirst(4)
        return count
    }
}
