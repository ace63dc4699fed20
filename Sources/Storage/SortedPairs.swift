/// The first 32 bytes of a key as numbers that compare like the bytes, zeros behind a shorter key:
/// most comparisons need no look at the key itself, which is elsewhere in memory.
struct KeyHead: Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    init(_ key: [UInt8]) {
        words = key.withUnsafeBytes { bytes in
            (
                Self.word(bytes, 0), Self.word(bytes, 8), Self.word(bytes, 16),
                Self.word(bytes, 24)
            )
        }
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        if offset + 8 <= bytes.count {
            return UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        var word: UInt64 = 0
        for position in offset..<(offset + 8) {
            word = word << 8 | (position < bytes.count ? UInt64(bytes[position]) : 0)
        }
        return word
    }

    /// Whether a key with this head comes before one with the other; nil when the heads are equal.
    func isAscending(to other: KeyHead) -> Bool? {
        if words.0 != other.words.0 { return words.0 < other.words.0 }
        if words.1 != other.words.1 { return words.1 < other.words.1 }
        if words.2 != other.words.2 { return words.2 < other.words.2 }
        if words.3 != other.words.3 { return words.3 < other.words.3 }
        return nil
    }
}

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
        let head: KeyHead
        var value: Value

        init(key: [UInt8], value: Value) {
            self.key = key
            self.head = KeyHead(key)
            self.value = value
        }

        /// Whether this pair's key comes before `key`, which begins with `head`.
        func comes(before key: [UInt8], _ head: KeyHead) -> Bool {
            self.head.isAscending(to: head) ?? KeyOrder.isAscending(self.key, key)
        }

        /// Whether this pair's key comes after `key`, which begins with `head`.
        func comes(after key: [UInt8], _ head: KeyHead) -> Bool {
            head.isAscending(to: self.head) ?? KeyOrder.isAscending(key, self.key)
        }
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
        let head = KeyHead(key)
        let chunk = lastChunk(startingNotAfter: key, head)
        let offset = self.offset(of: key, head, in: chunk)
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
        let head = KeyHead(key)
        let chunk = lastChunk(startingNotAfter: key, head)
        let offset = self.offset(of: key, head, in: chunk)
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
    private func lastChunk(startingNotAfter key: [UInt8], _ head: KeyHead) -> Int {
        var low = 0
        var high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle][0].comes(after: key, head) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return max(low - 1, 0)
    }

    /// The offset in `chunk` of the first key that is not before `key`.
    private func offset(of key: [UInt8], _ head: KeyHead, in chunk: Int) -> Int {
        let pairs = chunks[chunk]
        var low = 0
        var high = pairs.count
        while low < high {
            let middle = (low + high) / 2
            if pairs[middle].comes(before: key, head) {
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
