/// Why something between a client and a node did not happen.
package enum TransportError: Error, Hashable, Sendable {
    /// The node breaks RFC 6455; the section says where.
    case badFrame(section: String)
    /// A message over this many bytes.
    case tooBig(byteCountMax: Int)
    /// The node did not change to a WebSocket.
    case notUpgraded
    /// The connection ended before the answer.
    case closed
    /// No answer in time.
    case timedOut
    /// The file has no certificate that can be read.
    case badAuthority(path: String)
    /// An https address and no authority to judge it by, or an address that does not resolve.
    case badAddress(String)
}
