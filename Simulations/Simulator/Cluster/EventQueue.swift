internal import Determinism

/// What happens when, in the order of time and, at the same time, of being scheduled: a binary heap
/// with a total order, so that two runs never differ.
///
/// The heap moves small keys only; the events stay in their places, which are used again.
struct EventQueue<Event> {
    private struct Key {
        let at: UInt64
        let number: UInt64
        let place: Int

        func comes(before other: Key) -> Bool {
            at != other.at ? at < other.at : number < other.number
        }
    }

    private struct Place {
        var event: Event?
        var since: Instant
    }

    private var heap: [Key] = []
    private var places: [Place] = []
    private var free: [Int] = []
    private var nextNumber: UInt64 = 0
    private var now = Instant.start

    /// When the event that was taken last had been scheduled.
    private(set) var since = Instant.start

    /// When the next event happens; nil when nothing ever will.
    var nextAt: Instant? { heap.first.map { Instant(nanoseconds: $0.at) } }

    var count: Int { heap.count }

    /// Adds an event; logarithmic.
    mutating func schedule(_ event: Event, at instant: Instant) {
        let place: Int
        if let last = free.popLast() {
            place = last
            places[place].event = event
            places[place].since = now
        } else {
            place = places.count
            places.append(Place(event: event, since: now))
        }
        let key = Key(at: instant.nanoseconds, number: nextNumber, place: place)
        nextNumber += 1
        heap.append(key)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard key.comes(before: heap[parent]) else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = key
    }

    /// Removes and returns the next event; logarithmic.
    mutating func next() -> (at: Instant, event: Event)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty { sink(last) }
        now = max(now, Instant(nanoseconds: first.at))
        since = places[first.place].since
        free.append(first.place)
        guard let event = places[first.place].event.take() else {
            preconditionFailure("a key in the heap has an event")
        }
        return (Instant(nanoseconds: first.at), event)
    }

    /// Puts `key` where it belongs, from the top.
    private mutating func sink(_ key: Key) {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].comes(before: heap[child]) { child += 1 }
            guard heap[child].comes(before: key) else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = key
    }
}
