package import Determinism
package import Identity
package import Membership
package import Raft

/// What one node says to another over their TCP link; a frame carries a batch of these.
///
/// Links lose what they hold when they break and never say what arrived, so every message is either
/// repeated by its sender (Raft, snapshots), asked for again (requests, heads), or only a hint.
package enum PeerMessage: Hashable, Sendable {
    /// Messages of any number of Raft groups, in the order in which the sender made them.
    case raft([RaftMessage])
    /// Asks the receiver, thought to lead `shard`, to run an encoded shard request; `id` is chosen
    /// by the sender and comes back in the answer.
    case request(id: UInt64, shard: ShardID, bytes: [UInt8])
    /// The encoded answer to request `id`.
    case response(id: UInt64, bytes: [UInt8])
    /// Request `id` was not run: the receiver does not lead the shard; `hint` is who it thinks does.
    case notLeader(id: UInt64, hint: NodeID?)
    /// Asks the leader of `shard` for the heads of `logs` and for all that they publish from now on.
    case follow(shard: ShardID, logs: [LogID])
    /// Ends what ``follow(shard:logs:)`` began; a log that is not followed is ignored.
    case unfollow(shard: ShardID, logs: [LogID])
    /// The newest entries of followed logs: the answer to a follow, and told again by a new leader.
    case heads(shard: ShardID, term: Term, heads: [LogHead])
    /// The receiver of a follow does not lead `shard`; `hint` is who it thinks does.
    case notOwner(shard: ShardID, hint: NodeID?)
    /// New entries of followed logs, in the order of each log.
    case published(shard: ShardID, term: Term, entries: [PublishedEntry])
    /// Read marks of a chat that changed, up to `version` of the chat's marks; absolute values.
    case marks(shard: ShardID, term: Term, chat: ChatID, version: UInt64, marks: [ReadMark])
    /// Asks for the registry's state if the receiver's is newer than `have`.
    case registryFetch(have: RegistryEpoch)
    /// The registry's state, encoded by the registry's own rules.
    case registryState([UInt8])
    /// A piece of a snapshot on its way to a replica.
    case snapshotChunk(SnapshotChunk)
    /// How far the receiver of a snapshot has come.
    case snapshotAck(SnapshotAck)
    /// Everything the sender knows about members: too much for a datagram.
    case membershipSync(MembershipSync)
    /// Membership's last resort when datagrams fail: asks for a ``streamPong(sequence:)``. (The
    /// links' own keepalive is a kind of frame, not a message.)
    case streamPing(sequence: UInt32)
    /// Answers the ping with the same `sequence`.
    case streamPong(sequence: UInt32)
    /// Asks the leader of `shard` whether the sender's replica still belongs to the group. Only a no is
    /// answered, by ``isNoMember(shard:replica:)``.
    case isMember(shard: ShardID, replica: ReplicaID)
    /// The group of `shard`, which the sender leads, does not have the receiver's replica any more.
    case isNoMember(shard: ShardID, replica: ReplicaID)
    /// Somebody types in a chat of `shard`, says a socket of the sender to its owner. This and the
    /// next four only to nodes that speak ``PeerLimits/presenceProtocolMin``.
    case typing(shard: ShardID, chat: ChatID, account: AccountID)
    /// The owner has found that the account may write there, at the end of the log so far; to nodes
    /// that follow the chat.
    case typed(shard: ShardID, chat: ChatID, account: AccountID, epoch: UInt64, seq: SequenceNumber)
    /// Which accounts of `shard` have somebody at a socket of the sender, or had until lately.
    case presenceClaims(shard: ShardID, claims: [PresenceClaim])
    /// Asks the owner of `shard` whether these are there, and for their changes for some time.
    case presenceWatch(shard: ShardID, accounts: [AccountID])
    /// Whether these are there; from the owner of `shard` to who has asked.
    case presenceStates(shard: ShardID, states: [PersonPresence])
    /// The sender closes this link in good order; it says why for the log.
    case goodbye(reason: String)
}

/// The newest entry of a log, as its owner knows it.
package struct LogHead: Hashable, Sendable {
    /// Which log.
    package let log: LogID
    /// Changes when the log was restored from a backup: cursors of another epoch are void.
    package let epoch: UInt64
    /// The newest entry; zero for an empty log.
    package let seq: SequenceNumber
    /// The newest message; zero when there is none.
    package let n: Ordinal
    /// The version of the chat's read marks; zero for an inbox.
    package let marksVersion: UInt64

    package init(
        log: LogID, epoch: UInt64, seq: SequenceNumber, n: Ordinal, marksVersion: UInt64
    ) {
        self.log = log
        self.epoch = epoch
        self.seq = seq
        self.n = n
        self.marksVersion = marksVersion
    }
}

/// Up to which message an account has read a chat.
package struct ReadMark: Hashable, Sendable {
    /// Who has read.
    package let account: AccountID
    /// The newest message that was read.
    package let n: Ordinal

    package init(account: AccountID, n: Ordinal) {
        self.account = account
        self.n = n
    }
}

/// What one node has to say of an account's presence.
package struct PresenceClaim: Hashable, Sendable {
    package let account: AccountID
    /// When it was last at a socket of the node; nil: it is now.
    package let left: WallTime?

    package init(account: AccountID, left: WallTime?) {
        self.account = account
        self.left = left
    }
}

/// A piece of one snapshot stream; pieces are sent in order, and again from any offset on request.
package struct SnapshotChunk: Hashable, Sendable {
    /// Whose state.
    package let shard: ShardID
    /// The replica that sends, a leader of `term`.
    package let from: ReplicaID
    /// The replica that shall be replaced; a replica of another incarnation refuses.
    package let to: ReplicaID
    /// The sender's term.
    package let term: Term
    /// Which stream: chosen by the sender, never used twice for the same `from` and `to`.
    package let id: UInt64
    /// What the snapshot is of (index, term, membership, hash), encoded by the Node room; in the
    /// first piece only, and empty in the others.
    package let metadata: [UInt8]
    /// How many bytes of the stream come before this piece.
    package let offset: UInt64
    /// The piece, at most ``PeerLimits/snapshotChunkBytesMax``.
    package let bytes: [UInt8]
    /// Nothing comes after this piece.
    package let isLast: Bool

    package init(
        shard: ShardID, from: ReplicaID, to: ReplicaID, term: Term, id: UInt64, metadata: [UInt8],
        offset: UInt64, bytes: [UInt8], isLast: Bool
    ) {
        self.shard = shard
        self.from = from
        self.to = to
        self.term = term
        self.id = id
        self.metadata = metadata
        self.offset = offset
        self.bytes = bytes
        self.isLast = isLast
    }
}

/// The receiver's answer to a ``SnapshotChunk``.
package struct SnapshotAck: Hashable, Sendable {
    /// What the receiver makes of the stream.
    package enum Status: UInt8, Hashable, Sendable, CaseIterable {
        /// All before `nextOffset` is kept; go on there. Also the answer to a gap.
        case receiving = 1
        /// The whole snapshot is installed and durable.
        case installed = 2
        /// The receiver does not want this stream (old term, other incarnation, already ahead).
        case refused = 3
        /// The receiver cannot take it now (too many streams, disk full); try later.
        case busy = 4
        /// The bytes do not make a snapshot; start again from zero under another id.
        case damaged = 5
    }

    /// Whose state.
    package let shard: ShardID
    /// The replica that received.
    package let from: ReplicaID
    /// The replica that sends the snapshot.
    package let to: ReplicaID
    /// Which stream.
    package let id: UInt64
    /// Where the sender shall go on, in bytes of the stream.
    package let nextOffset: UInt64
    /// What the receiver makes of it.
    package let status: Status

    package init(
        shard: ShardID, from: ReplicaID, to: ReplicaID, id: UInt64, nextOffset: UInt64,
        status: Status
    ) {
        self.shard = shard
        self.from = from
        self.to = to
        self.id = id
        self.nextOffset = nextOffset
        self.status = status
    }
}
