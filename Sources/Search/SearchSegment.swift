internal import Identity

/// The messages of a chat whose sequence numbers are the same but for the lowest byte.
enum SearchSegment {
    /// The bits of a sequence number within its segment.
    static let mask: UInt64 = 1 << SearchLimits.segmentBits - 1

    /// The segment of a message. A log reaches 2^40 messages before these numbers end.
    static func number(of seq: SequenceNumber) -> UInt32 {
        UInt32(truncatingIfNeeded: seq.rawValue >> SearchLimits.segmentBits)
    }

    /// The first sequence number of a segment.
    static func start(of segment: UInt32) -> UInt64 {
        UInt64(segment) << SearchLimits.segmentBits
    }
}

/// Some messages of one segment: a bit for each.
struct SegmentSet {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    var isEmpty: Bool { words.0 | words.1 | words.2 | words.3 == 0 }

    mutating func insert(_ low: UInt8) {
        let bit: UInt64 = 1 << UInt64(low & 63)
        switch low >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    mutating func formIntersection(_ other: SegmentSet) {
        words.0 &= other.words.0
        words.1 &= other.words.1
        words.2 &= other.words.2
        words.3 &= other.words.3
    }

    /// The messages of the set, the newest first.
    var descending: [UInt8] {
        var found: [UInt8] = []
        for (place, word) in [words.3, words.2, words.1, words.0].enumerated() {
            var rest = word
            while rest != 0 {
                let bit = 63 - rest.leadingZeroBitCount
                found.append(UInt8((3 - place) * 64 + bit))
                rest &= ~(1 << UInt64(bit))
            }
        }
        return found
    }
}

/// Messages of a range of segments, held densely: the newest segment first.
struct SegmentWindow {
    let newest: UInt32
    private(set) var sets: [SegmentSet]

    /// Nothing of the segments from `newest` down to `oldest`.
    init(newest: UInt32, oldest: UInt32) {
        self.newest = newest
        sets = Array(repeating: SegmentSet(), count: Int(newest - oldest) + 1)
    }

    var isEmpty: Bool { sets.allSatisfy(\.isEmpty) }

    /// Adds messages of `segment`, which lies in the window.
    mutating func insert(_ lows: [UInt8], of segment: UInt32) {
        let place = Int(newest - segment)
        for low in lows { sets[place].insert(low) }
    }

    mutating func formIntersection(_ other: SegmentWindow) {
        for place in sets.indices { sets[place].formIntersection(other.sets[place]) }
    }

    /// The messages, the newest first.
    var descending: [SequenceNumber] {
        var found: [SequenceNumber] = []
        for (place, set) in sets.enumerated() where !set.isEmpty {
            let start = SearchSegment.start(of: newest - UInt32(place))
            for low in set.descending { found.append(SequenceNumber(start + UInt64(low))) }
        }
        return found
    }
}
