package import Identity
internal import Records
package import Storage

/// Who a node is: which cluster, which member, and which run of it.
package struct NodeIdentity: Hashable, Sendable {
    package let cluster: ClusterID
    package let node: NodeID
    /// The boot counter: on disk before the first datagram, so that a restart outranks all that was
    /// said of the run before.
    package var generation: UInt32

    private static let version: UInt32 = 1
    private static let key = Array("node".utf8)

    package init(cluster: ClusterID, node: NodeID, generation: UInt32) {
        self.cluster = cluster
        self.node = node
        self.generation = generation
    }

    /// What is stored in `store`; nil for a store that belongs to no node yet.
    package static func stored(
        in store: any ReadableStore
    ) throws(StorageError) -> NodeIdentity? {
        guard let bytes = try store.value(for: key, in: .meta) else { return nil }
        let record: StoredNodeRecord = try storedRecord(bytes, "node record")
        try requireVersion(record.version, version, "node record")
        guard let cluster = ClusterID(bytes: record.clusterBytes) else {
            throw .corrupt("node record: a cluster id of \(record.clusterBytes.count) bytes")
        }
        return NodeIdentity(
            cluster: cluster, node: NodeID(record.node), generation: record.generation)
    }

    /// Stores this identity. The batch must be synced before the node says anything.
    package func write(to batch: inout WriteBatch) {
        var record = StoredNodeRecord()
        record.version = Self.version
        record.clusterBytes = cluster.bytes
        record.node = node.rawValue
        record.generation = generation
        batch.put(RecordCoding.encoded(record), for: Self.key, in: .meta)
    }
}
