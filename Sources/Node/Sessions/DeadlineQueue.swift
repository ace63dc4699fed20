internal import Determinism

/// Things to do at certain times, the earliest first and those of one time in the order in which they
/// were added: a binary heap. There is no removal: who takes a key out asks whether it still matters.
struct DeadlineQueue<Key: Sendable>: Sendable {
    private struct Item: Sendable {
        let deadline: Instant
        let order: UInt64
        let key: Key
    }

    private var items: [Item] = []
    private var nextOrder: UInt64 = 0

    /// When the next thing is due.
    var next: Instant? { items.first?.deadline }

    var count: Int { items.count }

    /// Adds `key` to be due at `deadline`; O(log n).
    mutating func add(_ key: Key, at deadline: Instant) {
        items.append(Item(deadline: deadline, order: nextOrder, key: key))
        nextOrder += 1
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(child, parent) else { break }
            items.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes out the earliest key that is due at `now`, with its deadline; O(log n).
    mutating func takeDue(at now: Instant) -> (key: Key, deadline: Instant)? {
        guard let first = items.first, first.deadline <= now else { return nil }
        let last = items.removeLast()
        if !items.isEmpty {
            items[0] = last
            siftDown()
        }
        return (first.key, first.deadline)
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < items.count && precedes(child, least) {
                least = child
            }
            guard least != parent else { return }
            items.swapAt(parent, least)
            parent = least
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (items[left].deadline, items[left].order) < (items[right].deadline, items[right].order)
    }
}
