import Determinism
import Seal

/// The checksum line of a FORMAT, computed apart from the store.
enum StoreFormatChecksum {
    static func of(_ body: String) -> String {
        let hash = StableHash.of(Array(body.utf8))
        return Hexadecimal.text(
            [56, 48, 40, 32, 24, 16, 8, 0].map { UInt8(truncatingIfNeeded: hash >> UInt64($0)) })
    }
}
