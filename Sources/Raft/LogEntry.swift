/// One entry of the replicated log.
package struct LogEntry: Hashable, Sendable {
    /// What the payload is.
    package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// Written by a new leader so that it can commit what it inherited (Raft 8); no payload.
        case noop = 0
        /// A command of the state machine: bytes that Raft does not look into.
        case command = 1
        /// A ``Configuration`` in its binary form; takes effect when it is applied.
        case configuration = 2
    }

    /// Where it stands in the log.
    package let index: LogIndex
    /// The term of the leader that made it.
    package let term: Term
    /// What the payload is.
    package let kind: Kind
    /// Opaque for a command, the binary form of a ``Configuration``, or empty.
    package let payload: [UInt8]

    package init(index: LogIndex, term: Term, kind: Kind, payload: [UInt8]) {
        self.index = index
        self.term = term
        self.kind = kind
        self.payload = payload
    }

    /// What an entry counts for in every limit in bytes, beside its payload.
    package static let overheadBytes = 32

    /// What it counts for in every limit in bytes.
    package var byteCount: Int { payload.count + Self.overheadBytes }
}
