/// The pairs read so far of a range that has limits: the one place that says where a page ends.
package struct KeyPage: Sendable {
    /// What was read.
    package private(set) var pairs: [KeyValue] = []
    /// Whether a further pair was refused or the count has been reached.
    package private(set) var isFull: Bool

    private let countMax: Int
    private var bytesLeft: Int

    /// An empty page for at most `countMax` pairs and `bytesMax` bytes of keys and values.
    package init(countMax: Int, bytesMax: Int) {
        self.countMax = countMax
        bytesLeft = bytesMax
        isFull = countMax <= 0
    }

    /// Whether a pair of `byteCount` bytes of key and value still fits; the first always does. Once
    /// one does not, the page is full.
    package mutating func reserve(byteCount: Int) -> Bool {
        if isFull || (!pairs.isEmpty && byteCount > bytesLeft) {
            isFull = true
            return false
        }
        return true
    }

    /// Adds `pair` if it fits; answers whether to go on.
    package mutating func append(_ pair: KeyValue) -> Bool {
        let byteCount = pair.key.count + pair.value.count
        guard reserve(byteCount: byteCount) else { return false }
        bytesLeft -= byteCount
        pairs.append(pair)
        if pairs.count >= countMax { isFull = true }
        return !isFull
    }
}
