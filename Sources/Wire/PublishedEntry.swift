package import Identity

/// One entry of a followed log as nodes carry it: the place in the log, and the entry's stored form.
package struct PublishedEntry: Hashable, Sendable {
    /// Which log.
    package let log: LogID
    /// The log's epoch.
    package let epoch: UInt64
    /// The entry's place: one more than that of the entry before.
    package let seq: SequenceNumber
    /// The message's number; zero when the entry is no message.
    package let n: Ordinal
    /// The entry as Records encodes it, at most ``PeerLimits/entryBytesMax``.
    package let bytes: [UInt8]

    package init(
        log: LogID, epoch: UInt64, seq: SequenceNumber, n: Ordinal, bytes: [UInt8]
    ) {
        self.log = log
        self.epoch = epoch
        self.seq = seq
        self.n = n
        self.bytes = bytes
    }
}
