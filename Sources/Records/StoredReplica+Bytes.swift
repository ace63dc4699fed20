#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

// Cores do not import Foundation, so the fields that hold bytes are offered as arrays.

extension StoredAppliedRecord {
    /// The configuration in Raft's binary form.
    package var configurationBytes: [UInt8] {
        get { [UInt8](configuration) }
        set { configuration = Data(newValue) }
    }
}

extension StoredSnapshotRecord {
    /// The configuration in Raft's binary form.
    package var configurationBytes: [UInt8] {
        get { [UInt8](configuration) }
        set { configuration = Data(newValue) }
    }
}

extension StoredLogEntry {
    /// What the entry carries.
    package var payloadBytes: [UInt8] {
        get { [UInt8](payload) }
        set { payload = Data(newValue) }
    }
}

extension StoredNodeRecord {
    /// The cluster's id, 16 bytes.
    package var clusterBytes: [UInt8] {
        get { [UInt8](cluster) }
        set { cluster = Data(newValue) }
    }
}
