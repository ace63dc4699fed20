/// The order of keys: that of their bytes, a prefix before what it begins.
///
/// The same as `lexicographicallyPrecedes`, eight bytes at a time.
enum KeyOrder {
    /// Whether `lhs` comes before `rhs`; linear in their common prefix.
    static func isAscending(_ lhs: [UInt8], _ rhs: [UInt8]) -> Bool {
        lhs.withUnsafeBytes { lhs in
            rhs.withUnsafeBytes { rhs in
                let common = min(lhs.count, rhs.count)
                var offset = 0
                while offset + 8 <= common {
                    let left = lhs.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    let right = rhs.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    if left != right { return left.bigEndian < right.bigEndian }
                    offset += 8
                }
                while offset < common {
                    if lhs[offset] != rhs[offset] { return lhs[offset] < rhs[offset] }
                    offset += 1
                }
                return lhs.count < rhs.count
            }
        }
    }
}
