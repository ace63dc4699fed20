package import Identity

/// How to open a store.
package struct RocksOptions: Sendable {
    /// The cluster that the store must belong to.
    package var cluster: ClusterID
    /// What to write into a new store as its maker, e.g. "chaticket 1.0".
    package var createdBy: String
    /// The key of an encrypted store, 32 bytes; nil for a store that is not encrypted.
    package var encryptionKey: [UInt8]?
    /// Memory for blocks read from tables, in bytes.
    package var cacheBytes = 64 << 20
    /// Memory for all that is not yet in tables, in bytes.
    package var writeBufferBytes = 64 << 20
    /// How large the write-ahead log may grow before tables are written, in bytes.
    package var logBytesMax = 128 << 20
    /// How many table files may be open.
    package var openFilesMax = 512

    package init(cluster: ClusterID, createdBy: String = "chaticket", encryptionKey: [UInt8]? = nil)
    {
        self.cluster = cluster
        self.createdBy = createdBy
        self.encryptionKey = encryptionKey
    }
}
