/// Why packed bytes cannot be unpacked.
package enum CompressionError: Error, Hashable, Sendable {
    /// They are not what ``LZ4Codec`` writes, or end too early.
    case malformed
    /// They would unpack to more than the caller takes.
    case tooLong(bytes: Int, bytesMax: Int)
}
