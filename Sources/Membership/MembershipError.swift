/// Why a value that came from outside is no part of membership.
package enum MembershipError: Error, Hashable, Sendable {
    /// A text is longer than `bytesMax` bytes of UTF-8.
    case textTooLong(field: String, bytesMax: Int)
    /// A digest's bytes are no whole number of entries, too many, unordered or have an unknown
    /// status.
    case malformedDigest
    /// A setting is outside of its range or contradicts another one.
    case badSetting(String)
}
