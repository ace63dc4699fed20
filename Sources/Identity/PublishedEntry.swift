/// One entry of a log that clients follow, as peers carry it: numbered and encoded once, by the
/// owner.
package struct PublishedEntry: Hashable, Sendable {
    /// The chat or inbox that the entry belongs to.
    package let log: LogID
    /// Changes only when the log is restored or made anew; a client then drops its copy.
    package let epoch: UInt64
    /// The entry's place in its log.
    package let seq: SequenceNumber
    /// The entry's place among the messages of a chat; zero when it is none.
    package let n: Ordinal
    /// The entry itself: a `ChatEntry` or an `InboxEntry`, encoded.
    package let bytes: [UInt8]

    package init(
        log: LogID, epoch: UInt64, seq: SequenceNumber, n: Ordinal = .zero, bytes: [UInt8]
    ) {
        self.log = log
        self.epoch = epoch
        self.seq = seq
        self.n = n
        self.bytes = bytes
    }
}
