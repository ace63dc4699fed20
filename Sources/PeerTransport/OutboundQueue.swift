internal import Wire

/// What waits for one node: encoded messages in batches, bounded in bytes. When it is full the oldest
/// batch goes, because a new message of Raft or of fan-out replaces what an old one said.
struct OutboundQueue {
    private let bytesMax: Int
    private var batches: [[UInt8]] = []
    private var start = 0
    private(set) var byteCount = 0

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    var isEmpty: Bool { start == batches.count }

    /// Appends a batch of at most ``PeerLimits/messageBytesMax``; returns how many were dropped.
    mutating func append(_ batch: [UInt8]) -> Int {
        batches.append(batch)
        byteCount += batch.count
        var droppedCount = 0
        while byteCount > bytesMax, start < batches.count - 1 {
            _ = removeFirst()
            droppedCount += 1
        }
        return droppedCount
    }

    /// The payload of the next frame: the oldest batch, and more of them up to `bytesTarget`. Nil
    /// when nothing waits.
    mutating func takePayload(bytesTarget: Int) -> [UInt8]? {
        guard !isEmpty else { return nil }
        var payload = removeFirst()
        while !isEmpty, payload.count + batches[start].count <= bytesTarget {
            payload.append(contentsOf: removeFirst())
        }
        return payload
    }

    mutating func removeAll() {
        batches = []
        start = 0
        byteCount = 0
    }

    private mutating func removeFirst() -> [UInt8] {
        let batch = batches[start]
        batches[start] = []
        start += 1
        byteCount -= batch.count
        if start == batches.count {
            batches.removeAll(keepingCapacity: true)
            start = 0
        } else if start >= 1_024 {
            batches.removeFirst(start)
            start = 0
        }
        return batch
    }
}
