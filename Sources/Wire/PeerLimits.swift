/// How much one node takes from another at once. What is over a limit is an error of the sender:
/// the encoder refuses it, and a decoder that meets it closes the link.
package enum PeerLimits {
    /// The newest version of frames and messages that this build speaks.
    package static let protocolMax: UInt16 = 2
    /// The oldest version that this build speaks.
    package static let protocolMin: UInt16 = 1
    /// The oldest version that has messages about typing and presence, and the entry that says when
    /// an account was last there; an older node would end the link, or its replica.
    package static let presenceProtocolMin: UInt16 = 2
    /// The largest frame on a link, header included, in bytes.
    package static let frameBytesMax = 8 * 1_024 * 1_024
    /// The largest single message, in bytes: a batch of one fits a frame with room to spare.
    package static let messageBytesMax = frameBytesMax - 1_024
    /// The largest frame before the handshake is done, in bytes.
    package static let handshakeBytesMax = 4 * 1_024
    /// The largest frame of a join, in bytes: it carries the registry.
    package static let joinBytesMax = 4 * 1_024 * 1_024
    /// A payload above this many bytes is compressed, if that makes it smaller.
    package static let compressionBytesMin = 4 * 1_024
    /// The most messages in one frame.
    package static let messagesPerFrameMax = 131_072
    /// The most Raft messages in one `raft` message.
    package static let raftMessagesMax = 8_192
    /// The most log entries in one Raft append.
    package static let raftEntriesMax = 8_192
    /// The most replicas in one half of a Raft configuration.
    package static let raftReplicasMax = 64
    /// The largest payload of one Raft log entry, in bytes.
    package static let raftEntryBytesMax = 4 * 1_024 * 1_024
    /// The largest encoded request or answer, in bytes.
    package static let requestBytesMax = 4 * 1_024 * 1_024
    /// The most logs in one follow, unfollow or heads message.
    package static let logsMax = 8_192
    /// The most accounts in one message about presence.
    package static let accountsMax = 8_192
    /// The most entries in one `published` message.
    package static let entriesMax = 8_192
    /// The largest published entry, in bytes.
    package static let entryBytesMax = 256 * 1_024
    /// The most read marks in one message.
    package static let marksMax = 16_384
    /// The largest encoded registry, in bytes.
    package static let registryBytesMax = 4 * 1_024 * 1_024
    /// The largest piece of a snapshot, in bytes.
    package static let snapshotChunkBytesMax = 2 * 1_024 * 1_024
    /// The largest description of a snapshot, in bytes.
    package static let snapshotMetadataBytesMax = 64 * 1_024
    /// The longest reason or other text for people, in bytes of UTF-8.
    package static let reasonBytesMax = 512
}
