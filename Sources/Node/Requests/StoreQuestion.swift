internal import Identity
package import Storage

/// A question to the store that takes many reads: a pure function of one unchanging state of it,
/// which the host carries out beside the node's loop.
package struct StoreQuestion: Sendable {
    private let body: @Sendable (any ReadableStore) throws(StorageError) -> StoreFinding

    init(_ body: @escaping @Sendable (any ReadableStore) throws(StorageError) -> StoreFinding) {
        self.body = body
    }

    /// The answer from `store`, which must not change meanwhile. May take some tenths of a second.
    package func answer(from store: any ReadableStore) throws(StorageError) -> StoreFinding {
        try body(store)
    }
}

/// What came of a ``StoreQuestion``.
package struct StoreFinding: Sendable {
    /// The answer, in the form that the question has agreed upon.
    package internal(set) var bytes: [UInt8] = []
    /// Chats whose index is behind their log, and by how many entries.
    var behind: [(chat: ChatID, count: UInt64)] = []
    /// What is derived of the state, to be written.
    var derived = WriteBatch()

    /// How large it is, about.
    package var byteCount: Int { bytes.count + derived.byteCount }
}
