/// Why bytes are not a command or a state of the registry.
package enum RegistryError: Error, Hashable, Sendable {
    /// The bytes end in the middle of `field`.
    case truncated(field: String)
    /// `field` has a value that does not exist.
    case invalid(field: String)
    /// `field` is over its limit.
    case tooLarge(field: String, max: Int)
    /// Bytes follow the end.
    case trailingBytes
    /// The format is newer than this version.
    case unknownFormat(UInt8)
}
