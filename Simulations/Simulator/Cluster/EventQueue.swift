internal import Determinism

/// What happens when, in the order of time and, at the same time, of being scheduled: a binary heap
/// with a total order, so that two runs never differ.
struct EventQueue<Event> {
    private struct Entry {
        let at: Instant
        let number: UInt64
        let event: Event

        func comes(before other: Entry) -> Bool {
            (at.nanoseconds, number) < (other.at.nanoseconds, other.number)
        }
    }

    private var heap: [Entry] = []
    private var nextNumber: UInt64 = 0

    /// When the next event happens; nil when nothing ever will.
    var nextAt: Instant? { heap.first?.at }

    var count: Int { heap.count }

    /// Adds an event; logarithmic.
    mutating func schedule(_ event: Event, at instant: Instant) {
        heap.append(Entry(at: instant, number: nextNumber, event: event))
        nextNumber += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].comes(before: heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes and returns the next event; logarithmic.
    mutating func next() -> (at: Instant, event: Event)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink(from: 0)
        }
        return (first.at, first.event)
    }

    private mutating func sink(from position: Int) {
        var parent = position
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].comes(before: heap[least]) { least = child }
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
