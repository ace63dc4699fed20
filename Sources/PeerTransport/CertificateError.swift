/// Why a certificate or key cannot be made, read or used.
package enum CertificateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text or the bytes are no certificate, or no key of the expected kind.
    case malformed(String)
    /// The certificate and the private key do not belong together.
    case keyMismatch
    /// The certificate's time is over, or has not begun; the clock may be wrong.
    case notValidNow
    /// The certificate does not name the node and cluster that it is used for.
    case wrongName(expected: String)
    /// The certificate was not signed by this authority.
    case notSigned
    /// The library refused.
    case failed(String)
    /// A file cannot be read or written.
    case file(path: String, reason: String)

    /// One sentence that says what is wrong and, if that helps, what to do.
    package var description: String {
        switch self {
        case .malformed(let what): "This is no \(what) that can be read."
        case .keyMismatch: "The certificate and the private key do not belong together."
        case .notValidNow:
            "The certificate has expired or is not valid yet; check the clock or issue a new one."
        case .wrongName(let expected): "The certificate does not name \(expected)."
        case .notSigned: "The certificate was not signed by this cluster's authority."
        case .failed(let reason): "The certificate could not be made: \(reason)."
        case .file(let path, let reason): "The file \(path) cannot be used: \(reason)."
        }
    }
}
