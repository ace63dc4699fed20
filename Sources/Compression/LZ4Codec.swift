internal import CLZ4

/// Packs byte strings by LZ4 (block format), each with its length in front; what does not get
/// shorter is kept as it is.
///
/// | bytes | meaning |
/// | --- | --- |
/// | 1 | 0: kept as it is, 1: an LZ4 block |
/// | 4 | the unpacked length, big-endian |
/// | rest | the bytes or the block |
package enum LZ4Codec {
    /// The most that ``compress(_:)`` takes, in bytes.
    package static let inputBytesMax = 1 << 30
    /// What comes in front, in bytes.
    package static let headerByteCount = 5

    private static let kept: UInt8 = 0
    private static let block: UInt8 = 1

    /// Packs at most ``inputBytesMax`` bytes; the result is at most five bytes longer than `bytes`.
    package static func compress(_ bytes: [UInt8]) -> [UInt8] {
        precondition(bytes.count <= inputBytesMax, "too much to pack at once")
        let packed = [UInt8](unsafeUninitializedCapacity: headerByteCount + bytes.count) {
            buffer, count in
            count = 0
            // A block as long as the bytes is of no use, so no more room is given.
            guard bytes.count > 1, let target = buffer.baseAddress else { return }
            // SAFETY: both pointers are valid for the lengths given; the lengths fit an Int32
            // because `bytes.count` is at most `inputBytesMax`; LZ4 writes no more than it is
            // allowed.
            let written = bytes.withUnsafeBufferPointer { source in
                LZ4_compress_default(
                    UnsafeRawPointer(source.baseAddress)?.assumingMemoryBound(to: CChar.self),
                    UnsafeMutableRawPointer(target + headerByteCount)
                        .assumingMemoryBound(to: CChar.self),
                    Int32(bytes.count), Int32(bytes.count - 1))
            }
            guard written > 0 else { return }
            for (place, byte) in header(block, count: bytes.count).enumerated() {
                buffer[place] = byte
            }
            count = headerByteCount + Int(written)
        }
        return packed.isEmpty ? header(kept, count: bytes.count) + bytes : packed
    }

    /// Unpacks what ``compress(_:)`` made; throws for anything else, and when the result would have
    /// more than `bytesMax` bytes. Takes no more memory than that.
    package static func decompress(
        _ packed: [UInt8], bytesMax: Int
    ) throws(CompressionError) -> [UInt8] {
        guard packed.count >= headerByteCount else { throw .malformed }
        let length = packed[1..<headerByteCount].reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytesMax else { throw .tooLong(bytes: length, bytesMax: bytesMax) }
        let sourceCount = packed.count - headerByteCount
        switch packed[0] {
        case kept:
            guard sourceCount == length else { throw .malformed }
            return Array(packed[headerByteCount...])
        case block:
            // A byte of a block stands for at most 255, so a longer claim is a lie.
            guard length <= inputBytesMax, sourceCount < length, length <= sourceCount * 255 else {
                throw .malformed
            }
            return try unpackedBlock(packed, sourceCount: sourceCount, length: length)
        default:
            throw .malformed
        }
    }

    private static func unpackedBlock(
        _ packed: [UInt8], sourceCount: Int, length: Int
    ) throws(CompressionError) -> [UInt8] {
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            // SAFETY: both pointers are valid for the lengths given, which fit an Int32; LZ4's safe
            // decoder reads and writes within them whatever the bytes are.
            let written = packed.withUnsafeBufferPointer { source -> Int32 in
                guard let start = source.baseAddress, let target = buffer.baseAddress else {
                    return -1
                }
                return LZ4_decompress_safe(
                    UnsafeRawPointer(start + headerByteCount).assumingMemoryBound(to: CChar.self),
                    UnsafeMutableRawPointer(target).assumingMemoryBound(to: CChar.self),
                    Int32(sourceCount), Int32(length))
            }
            count = max(Int(written), 0)
        }
        guard bytes.count == length else { throw .malformed }
        return bytes
    }

    private static func header(_ kind: UInt8, count: Int) -> [UInt8] {
        [
            kind, UInt8(truncatingIfNeeded: count >> 24), UInt8(truncatingIfNeeded: count >> 16),
            UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count),
        ]
    }
}
