/// Changes that become visible and durable together or not at all: a value, not yet written.
package struct WriteBatch: Hashable, Sendable {
    /// One change; later ones win over earlier ones of the same batch.
    package enum Operation: Hashable, Sendable {
        case put(ColumnFamily, key: [UInt8], value: [UInt8])
        case delete(ColumnFamily, key: [UInt8])
        /// Deletes every key in `from ..< to`.
        case deleteRange(ColumnFamily, from: [UInt8], to: [UInt8])
    }

    /// The changes in the order in which they take effect.
    package private(set) var operations: [Operation] = []
    /// The bytes of all keys and values.
    package private(set) var byteCount = 0

    package init() {}

    /// A batch of these changes, in this order.
    package init(_ operations: some Sequence<Operation>) {
        for operation in operations {
            switch operation {
            case .put(let family, let key, let value): put(value, for: key, in: family)
            case .delete(let family, let key): delete(key, in: family)
            case .deleteRange(let family, let from, let to):
                deleteRange(from: from, to: to, in: family)
            }
        }
    }

    /// Whether there is nothing to write.
    package var isEmpty: Bool { operations.isEmpty }

    /// Adds a put, after what the batch holds already.
    package mutating func put(_ value: [UInt8], for key: [UInt8], in family: ColumnFamily) {
        byteCount += key.count + value.count
        operations.append(.put(family, key: key, value: value))
    }

    /// Adds a delete; a key that is not there is no error.
    package mutating func delete(_ key: [UInt8], in family: ColumnFamily) {
        byteCount += key.count
        operations.append(.delete(family, key: key))
    }

    /// Adds a delete of all keys from `from` up to, not including, `to`.
    package mutating func deleteRange(from: [UInt8], to: [UInt8], in family: ColumnFamily) {
        byteCount += from.count + to.count
        operations.append(.deleteRange(family, from: from, to: to))
    }

    /// Adds the operations of `other`, in their order, after what the batch holds already.
    package mutating func append(contentsOf other: WriteBatch) {
        byteCount += other.byteCount
        operations.append(contentsOf: other.operations)
    }
}
