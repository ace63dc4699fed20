package import Identity

/// What a node believes about every member, 13 bytes each, so that two nodes can tell in one
/// datagram whether they believe the same.
///
/// Invariant: entries are in strictly ascending order of node.
package struct MemberDigest: Hashable, Sendable {
    /// One member.
    package struct Entry: Hashable, Sendable {
        /// Who; only ids below 2^32 are in use.
        package let node: NodeID
        /// The newest incarnation known.
        package let incarnation: Incarnation
        /// What is believed about it.
        package let status: MemberStatus

        package init(node: NodeID, incarnation: Incarnation, status: MemberStatus) {
            self.node = node
            self.incarnation = incarnation
            self.status = status
        }
    }

    /// The members, by ascending node.
    package let entries: [Entry]

    /// A larger cluster synchronises over the peer link only.
    package static let entriesMax = 64
    /// The size of an entry: node 4, incarnation 8, status 1.
    package static let entryBytes = 13

    /// A digest of `entries`, which must be sorted by node without repetition.
    package init(sorted entries: [Entry]) {
        assert(zip(entries, entries.dropFirst()).allSatisfy { $0.node < $1.node })
        self.entries = entries
    }

    /// Reads the binary form. Throws ``MembershipError/malformedDigest``.
    package init(bytes: [UInt8]) throws(MembershipError) {
        guard bytes.count % Self.entryBytes == 0,
            bytes.count / Self.entryBytes <= Self.entriesMax
        else { throw .malformedDigest }
        var entries: [Entry] = []
        for start in stride(from: 0, to: bytes.count, by: Self.entryBytes) {
            let number = bytes[start..<start + 4].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let raw = bytes[start + 4..<start + 12].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard let status = MemberStatus(rawValue: bytes[start + 12]) else {
                throw .malformedDigest
            }
            let node = NodeID(number)
            if let last = entries.last, last.node >= node { throw .malformedDigest }
            entries.append(
                Entry(node: node, incarnation: Incarnation(rawValue: raw), status: status))
        }
        self.entries = entries
    }

    /// The binary form: ``entryBytes`` for each entry, big-endian.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * Self.entryBytes)
        for entry in entries {
            for shift in stride(from: 24, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: entry.node.rawValue >> UInt64(shift)))
            }
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: entry.incarnation.rawValue >> UInt64(shift)))
            }
            bytes.append(entry.status.rawValue)
        }
        return bytes
    }
}
