package import Identity

/// Why a store cannot be opened or used. After ``doubtful(_:)`` and ``saturated`` the process must
/// end: what the disk holds is not known any more.
package enum RocksError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The directory or a file in it cannot be made, read or written.
    case inaccessible(path: String, errno: Int32)
    /// The directory holds files, but no store.
    case notAStore(path: String)
    /// Another process, or another part of this one, has the store open.
    case locked(path: String)
    /// The store belongs to another cluster.
    case foreign(path: String, found: ClusterID, expected: ClusterID)
    /// The store was written by a newer version of the program.
    case newer(path: String, version: Int, supported: Int)
    /// Files are missing, cut short or changed.
    case damaged(path: String, reason: String)
    /// The store is encrypted, and no key was given.
    case keyMissing(path: String)
    /// A key was given, and the store is not encrypted.
    case keyUnexpected(path: String)
    /// The store is encrypted with another key.
    case wrongKey(path: String)
    /// An encryption key must have 32 bytes.
    case badKey(bytes: Int)
    /// There is no room left on the file system.
    case full(path: String)
    /// A write or an fsync failed: it may or may not be on the disk.
    case doubtful(String)
    /// More was submitted than the disk thread may hold.
    case saturated
    /// The store has been closed.
    case closed
    /// A checkpoint or a setting failed; the store itself is unharmed.
    case failed(String)

    /// One sentence that says what is wrong and, if that helps, what to do.
    package var description: String {
        switch self {
        case .inaccessible(let path, let errno):
            "The data directory \(path) cannot be used (error \(errno))."
        case .notAStore(let path):
            "\(path) holds files that are not a store; name an empty directory."
        case .locked(let path):
            "The data directory \(path) is in use by another process."
        case .foreign(let path, let found, let expected):
            "The data directory \(path) belongs to cluster \(found), not to \(expected)."
        case .newer(let path, let version, let supported):
            "The data directory \(path) has format \(version); this program knows up to "
                + "\(supported). Use a newer program."
        case .damaged(let path, let reason):
            "The data directory \(path) is damaged: \(reason). Rebuild the node from its peers, "
                + "or restore a backup."
        case .keyMissing(let path):
            "The data directory \(path) is encrypted; give its key."
        case .keyUnexpected(let path):
            "The data directory \(path) is not encrypted, but a key was given."
        case .wrongKey(let path):
            "The data directory \(path) is encrypted with another key."
        case .badKey(let bytes):
            "An encryption key has 32 bytes; this one has \(bytes)."
        case .full(let path):
            "There is no room left for the data directory \(path)."
        case .doubtful(let reason):
            "A write to the disk failed, and its outcome is unknown: \(reason)."
        case .saturated:
            "The disk does not keep up with what is written to it."
        case .closed:
            "The store has been closed."
        case .failed(let reason):
            "The store refused an operation: \(reason)."
        }
    }
}
