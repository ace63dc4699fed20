internal import Storage

/// The node's store as its parts read it: what is on disk, under what was handed to the disk and is
/// not written yet, under what the step at hand has changed so far. A class, so that replicas and
/// transactions share it without copying; used on the node's loop only.
final class NodeStore: ReadableStore {
    private var overlay: OverlayStore
    private var nextPiece: UInt64 = 1
    private var hasPiece = false

    init(base: any ReadableStore) {
        overlay = OverlayStore(base: base)
    }

    func value(for key: [UInt8], in family: ColumnFamily) throws(StorageError) -> [UInt8]? {
        try overlay.value(for: key, in: family)
    }

    func pairs(_ range: KeyRange) throws(StorageError) -> [KeyValue] {
        try overlay.pairs(range)
    }

    /// What was added to the step's batch since the last call is seen from now on. Must come
    /// between a change of state and the next look at it.
    func stage(_ step: inout NodeStep) {
        let fresh = step.batch.operations.dropFirst(step.stagedCount)
        guard !fresh.isEmpty else { return }
        step.stagedCount = step.batch.operations.count
        overlay.push(WriteBatch(fresh), token: nextPiece)
        nextPiece += 1
        hasPiece = true
    }

    /// The step's batch, staged to the end, goes to the disk: the token that says when it is there.
    func seal() -> UInt64 {
        if !hasPiece { nextPiece += 1 }
        hasPiece = false
        return nextPiece - 1
    }

    /// The disk shows everything through `token` itself.
    func drop(through token: UInt64) {
        overlay.drop(through: token)
    }
}
