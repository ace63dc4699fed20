/// Values by key, in order: an array of sorted chunks.
///
/// A lookup costs two binary searches; an insertion moves at most one chunk's pairs and, when the
/// chunk is split, the list of chunks. A copy is free, and a change after a copy costs one chunk
/// and the list of chunks.
///
/// Invariants: (1) no chunk is empty; (2) keys rise within a chunk and from chunk to chunk; (3) a
/// chunk has at most `chunkCountMax` pairs.
struct SortedPairs<Value> {
    struct Pair {
        let key: [UInt8]
        var value: Value
    }

    /// Where a pair is; an end position has the count of chunks as its chunk.
    struct Position: Equatable {
        var chunk: Int
        var offset: Int
    }

    private(set) var count = 0
    private var chunks: [[Pair]] = []
    private let chunkCountMax = 128

    init() {}

    var isEmpty: Bool { count == 0 }

    /// The value of `key`; setting nil removes it.
    subscript(key: [UInt8]) -> Value? {
        get {
            let place = position(notBefore: key)
            guard let pair = pair(at: place), pair.key == key else { return nil }
            return pair.value
        }
        set {
            if let newValue {
                set(newValue, for: key)
            } else {
                remove(key)
            }
        }
    }

    /// The first position whose key is not before `key`.
    func position(notBefore key: [UInt8]) -> Position {
        guard !chunks.isEmpty else { return Position(chunk: 0, offset: 0) }
        let chunk = lastChunk(startingNotAfter: key)
        let offset = self.offset(of: key, in: chunk)
        if offset == chunks[chunk].count { return Position(chunk: chunk + 1, offset: 0) }
        return Position(chunk: chunk, offset: offset)
    }

    /// The pair at `position`, nil at the end.
    func pair(at position: Position) -> Pair? {
        guard position.chunk < chunks.count else { return nil }
        return chunks[position.chunk][position.offset]
    }

    func position(after position: Position) -> Position {
        precondition(position.chunk < chunks.count, "nothing comes after the end")
        if position.offset + 1 < chunks[position.chunk].count {
            return Position(chunk: position.chunk, offset: position.offset + 1)
        }
        return Position(chunk: position.chunk + 1, offset: 0)
    }

    /// The position before `position`, nil at the start.
    func position(before position: Position) -> Position? {
        if position.offset > 0 {
            return Position(chunk: position.chunk, offset: position.offset - 1)
        }
        guard position.chunk > 0 else { return nil }
        return Position(chunk: position.chunk - 1, offset: chunks[position.chunk - 1].count - 1)
    }

    /// Calls `body` with the pairs of `from ..< to` in order, or in reverse, until it returns
    /// false.
    func forEach(
        from: [UInt8], to: [UInt8], isReversed: Bool, _ body: (Pair) -> Bool
    ) {
        guard KeyOrder.isAscending(from, to) else { return }
        if isReversed {
            var position = self.position(before: self.position(notBefore: to))
            while let place = position, let pair = pair(at: place) {
                if KeyOrder.isAscending(pair.key, from) { return }
                if !body(pair) { return }
                position = self.position(before: place)
            }
        } else {
            var position = self.position(notBefore: from)
            while let pair = pair(at: position), KeyOrder.isAscending(pair.key, to) {
                if !body(pair) { return }
                position = self.position(after: position)
            }
        }
    }

    /// Removes every key in `from ..< to`; costs the chunks at the edges and the list of chunks.
    mutating func removeRange(from: [UInt8], to: [UInt8]) {
        guard KeyOrder.isAscending(from, to) else { return }
        let first = position(notBefore: from)
        let end = position(notBefore: to)
        guard first != end else { return }
        if first.chunk == end.chunk {
            chunks[first.chunk].removeSubrange(first.offset..<end.offset)
            count -= end.offset - first.offset
            return
        }
        if end.offset > 0 {
            chunks[end.chunk].removeSubrange(0..<end.offset)
            count -= end.offset
        }
        var firstWhole = first.chunk
        if first.offset > 0 {
            count -= chunks[first.chunk].count - first.offset
            chunks[first.chunk].removeSubrange(first.offset...)
            firstWhole += 1
        }
        for chunk in chunks[firstWhole..<end.chunk] { count -= chunk.count }
        chunks.removeSubrange(firstWhole..<end.chunk)
    }

    /// Traps unless the three invariants hold; linear.
    func checkInvariants() {
        var previous: [UInt8]?
        var total = 0
        for chunk in chunks {
            precondition(!chunk.isEmpty, "invariant 1: a chunk is empty")
            precondition(chunk.count <= chunkCountMax, "invariant 3: a chunk is too long")
            total += chunk.count
            for pair in chunk {
                if let previous {
                    precondition(
                        KeyOrder.isAscending(previous, pair.key), "invariant 2: keys do not rise")
                }
                previous = pair.key
            }
        }
        precondition(total == count, "the count is wrong")
    }

    private mutating func set(_ value: Value, for key: [UInt8]) {
        guard !chunks.isEmpty else {
            chunks = [[Pair(key: key, value: value)]]
            count = 1
            return
        }
        let chunk = lastChunk(startingNotAfter: key)
        let offset = self.offset(of: key, in: chunk)
        if offset < chunks[chunk].count, chunks[chunk][offset].key == key {
            chunks[chunk][offset].value = value
            return
        }
        chunks[chunk].insert(Pair(key: key, value: value), at: offset)
        count += 1
        guard chunks[chunk].count > chunkCountMax else { return }
        // Keys often rise, as a log's do: a chunk that overflows at its end stays almost full.
        let isAppend = offset == chunks[chunk].count - 1
        let keep = isAppend ? chunkCountMax : chunkCountMax / 2
        let tail = Array(chunks[chunk][keep...])
        chunks[chunk].removeSubrange(keep...)
        chunks.insert(tail, at: chunk + 1)
    }

    private mutating func remove(_ key: [UInt8]) {
        let place = position(notBefore: key)
        guard let pair = pair(at: place), pair.key == key else { return }
        count -= 1
        if chunks[place.chunk].count == 1 {
            chunks.remove(at: place.chunk)
        } else {
            chunks[place.chunk].remove(at: place.offset)
        }
    }

    /// The last chunk whose first key is not after `key`, or the first chunk.
    private func lastChunk(startingNotAfter key: [UInt8]) -> Int {
        var low = 0
        var high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if KeyOrder.isAscending(key, chunks[middle][0].key) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return max(low - 1, 0)
    }

    /// The offset in `chunk` of the first key that is not before `key`.
    private func offset(of key: [UInt8], in chunk: Int) -> Int {
        var low = 0
        var high = chunks[chunk].count
        while low < high {
            let middle = (low + high) / 2
            if KeyOrder.isAscending(chunks[chunk][middle].key, key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

extension SortedPairs.Pair: Sendable where Value: Sendable {}
extension SortedPairs: Sendable where Value: Sendable {}
