/// Why something could not be sealed, opened or read.
package enum SealError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A key, nonce or other parameter has the wrong length.
    case wrongLength(bytes: Int, expected: Int)
    /// What was sealed has been changed, or was sealed with another key or other associated data.
    case notAuthentic
    /// What was sealed names a key that the ring does not have.
    case unknownKey(id: UInt8)
    /// The parameters of a key derivation are beyond what is allowed.
    case badParameters
    /// The key file does not exist.
    case keyFileMissing(path: String)
    /// The key file may be read by others than its owner.
    case keyFileExposed(path: String, mode: UInt32)
    /// The key file's content is not 64 hexadecimal digits.
    case keyFileMalformed(path: String)
    /// The key file cannot be read or written; `errno` says why.
    case keyFileInaccessible(path: String, errno: Int32)
    /// The library refused, which it does only when it is out of memory or badly installed.
    case libraryFailed

    /// One sentence that says what is wrong and, if that helps, what to do.
    package var description: String {
        switch self {
        case .wrongLength(let bytes, let expected):
            "A key or nonce has \(bytes) bytes where \(expected) are expected."
        case .notAuthentic:
            "The sealed data was changed, or was sealed with another key."
        case .unknownKey(let id):
            "The sealed data names key \(id), which is not in the key ring."
        case .badParameters:
            "The parameters of the key derivation are beyond what is allowed."
        case .keyFileMissing(let path):
            "The key file \(path) does not exist."
        case .keyFileExposed(let path, let mode):
            "The key file \(path) has mode \(String(mode, radix: 8)); others may read it. "
                + "Run chmod 600 on it."
        case .keyFileMalformed(let path):
            "The key file \(path) does not hold 64 hexadecimal digits."
        case .keyFileInaccessible(let path, let errno):
            "The key file \(path) cannot be used (error \(errno))."
        case .libraryFailed:
            "libcrypto refused an operation."
        }
    }
}
