/// Why bytes from another node are not understood, or a message cannot be sent as it is.
package enum WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are no message of the kind that was expected.
    case malformed(String)
    /// A field that the message cannot do without is not there.
    case missing(String)
    /// A field has a value that this version has no meaning for.
    case unknownValue(String, UInt64)
    /// A field, a list or a frame is larger than its limit; bytes or elements.
    case tooLarge(String, count: Int, max: Int)
    /// The frame or datagram has a version that this build does not speak.
    case unsupportedVersion(UInt8)
    /// The frame was damaged on its way.
    case badChecksum

    /// One sentence for the log.
    package var description: String {
        switch self {
        case .malformed(let what): "The bytes are no \(what)."
        case .missing(let field): "The field \(field) is missing."
        case .unknownValue(let field, let value):
            "The field \(field) has the unknown value \(value)."
        case .tooLarge(let field, let count, let max):
            "\(field) has the size \(count), more than the limit of \(max)."
        case .unsupportedVersion(let version): "Version \(version) is not spoken here."
        case .badChecksum: "The frame was damaged on its way."
        }
    }
}

/// Throws ``WireError/tooLarge(_:count:max:)`` when `count` is above `max`.
func checkLimit(_ field: String, _ count: Int, max: Int) throws(WireError) {
    guard count <= max else { throw .tooLarge(field, count: count, max: max) }
}

/// The 16-bit number in a field of 32 bits.
func narrowed(_ value: UInt32, _ field: String) throws(WireError) -> UInt16 {
    guard let narrow = UInt16(exactly: value) else {
        throw .tooLarge(field, count: Int(value), max: Int(UInt16.max))
    }
    return narrow
}
