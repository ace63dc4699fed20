/// A store as it will be once the batches submitted to it are written.
///
/// The node reads through it, so that a write can be seen as soon as it has been submitted, before
/// the disk has it. It may be that the store below already has a batch that is still queued here:
/// the answer is the same.
package struct OverlayStore: ReadableStore {
    /// What one queued operation made of a key.
    private struct Change {
        /// Counts operations; the higher one wins.
        let order: UInt64
        /// Nil when the key was deleted.
        let value: [UInt8]?
    }

    private struct DeletedRange {
        let order: UInt64
        let family: ColumnFamily
        let from: [UInt8]
        let to: [UInt8]

        func contains(_ key: [UInt8]) -> Bool {
            !KeyOrder.isAscending(key, from) && KeyOrder.isAscending(key, to)
        }
    }

    private struct Submitted {
        let token: UInt64
        let firstOrder: UInt64
        let batch: WriteBatch
    }

    private let base: any ReadableStore
    // The latest change of each key, one map per family.
    private var changes: [SortedPairs<Change>]
    // In rising order; few, since ranges are deleted in coarse steps.
    private var deletedRanges: [DeletedRange] = []
    private var queue: [Submitted] = []
    private var nextOrder: UInt64 = 1

    /// A view of `base` with nothing queued.
    package init(base: any ReadableStore) {
        self.base = base
        changes = Array(repeating: SortedPairs(), count: ColumnFamily.allCases.count)
    }

    /// How many batches are queued.
    package var queuedCount: Int { queue.count }

    /// Notes that `batch` has been submitted; `token`s rise.
    package mutating func push(_ batch: WriteBatch, token: UInt64) {
        precondition(queue.last.map { $0.token < token } ?? true, "tokens must rise")
        queue.append(Submitted(token: token, firstOrder: nextOrder, batch: batch))
        for operation in batch.operations {
            switch operation {
            case .put(let family, let key, let value):
                changes[family.rawValue][key] = Change(order: nextOrder, value: value)
            case .delete(let family, let key):
                changes[family.rawValue][key] = Change(order: nextOrder, value: nil)
            case .deleteRange(let family, let from, let to):
                if KeyOrder.isAscending(from, to) {
                    deletedRanges.append(
                        DeletedRange(order: nextOrder, family: family, from: from, to: to))
                }
            }
            nextOrder += 1
        }
    }

    /// Forgets the batches up to `token`: the store below has them. Costs their operations.
    package mutating func drop(through token: UInt64) {
        var dropped = 0
        var orderEnd: UInt64 = 0
        while dropped < queue.count, queue[dropped].token <= token {
            let submitted = queue[dropped]
            orderEnd = submitted.firstOrder + UInt64(submitted.batch.operations.count)
            for operation in submitted.batch.operations {
                switch operation {
                case .put(let family, let key, _), .delete(let family, let key):
                    if let change = changes[family.rawValue][key], change.order < orderEnd {
                        changes[family.rawValue][key] = nil
                    }
                case .deleteRange: break
                }
            }
            dropped += 1
        }
        guard dropped > 0 else { return }
        queue.removeFirst(dropped)
        deletedRanges.removeAll { $0.order < orderEnd }
    }

    package func value(for key: [UInt8], in family: ColumnFamily) throws(StorageError) -> [UInt8]? {
        let change = changes[family.rawValue][key]
        if isDeleted(key, in: family, after: change?.order ?? 0) { return nil }
        if let change { return change.value }
        return try base.value(for: key, in: family)
    }

    package func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue] {
        var queued = self.queued(in: range)
        let tombstones = deletedRanges.contains {
            $0.family == range.family && KeyOrder.isAscending($0.from, range.to)
                && KeyOrder.isAscending(range.from, $0.to)
        }
        if queued.isEmpty && !tombstones { return try base.pairs(range) }
        var page = KeyPage(countMax: range.countMax, bytesMax: range.bytesMax)
        queued.reverse()  // The next one is the last.
        var from = range.from
        var to = range.to
        while !page.isFull {
            let stored = try base.pairs(
                KeyRange(
                    range.family, from: from, to: to, isReversed: range.isReversed,
                    countMax: max(range.countMax, 16), bytesMax: range.bytesMax))
            for pair in stored {
                while let next = queued.last, precedes(next.key, pair.key, range.isReversed) {
                    queued.removeLast()
                    if let value = next.value {
                        _ = page.append(KeyValue(key: next.key, value: value))
                    }
                }
                if let next = queued.last, next.key == pair.key {
                    queued.removeLast()
                    if let value = next.value {
                        _ = page.append(KeyValue(key: next.key, value: value))
                    }
                } else if !isDeleted(pair.key, in: range.family, after: 0) {
                    _ = page.append(pair)
                }
                if page.isFull { return page.pairs }
            }
            guard let last = stored.last else { break }
            if range.isReversed { to = last.key } else { from = last.key + [0] }
        }
        while !page.isFull, let next = queued.popLast() {
            if let value = next.value { _ = page.append(KeyValue(key: next.key, value: value)) }
        }
        return page.pairs
    }

    /// The latest queued change of each key in `range`, in the direction of the range; a deleted
    /// key has no value. Ends with as many values as fit into a page; bounded by the queue.
    private func queued(in range: KeyRange) -> [(key: [UInt8], value: [UInt8]?)] {
        var found: [(key: [UInt8], value: [UInt8]?)] = []
        var liveCount = 0
        changes[range.family.rawValue].forEach(
            from: range.from, to: range.to, isReversed: range.isReversed
        ) { pair in
            let isGone = isDeleted(pair.key, in: range.family, after: pair.value.order)
            let value = isGone ? nil : pair.value.value
            found.append((pair.key, value))
            if value != nil { liveCount += 1 }
            return liveCount < range.countMax
        }
        return found
    }

    private func precedes(_ lhs: [UInt8], _ rhs: [UInt8], _ isReversed: Bool) -> Bool {
        isReversed ? KeyOrder.isAscending(rhs, lhs) : KeyOrder.isAscending(lhs, rhs)
    }

    private func isDeleted(_ key: [UInt8], in family: ColumnFamily, after order: UInt64) -> Bool {
        deletedRanges.contains { $0.order > order && $0.family == family && $0.contains(key) }
    }
}
