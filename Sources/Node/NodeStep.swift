internal import Determinism
internal import Identity
internal import Raft
internal import Storage
internal import Wire

/// What one step of a node has produced so far: shared by the parts of the node while they handle
/// one input, and turned into a ``NodeReady`` when the host asks for it.
struct NodeStep {
    /// A range read and who waits for it.
    struct PendingRead {
        let purpose: ReadPurpose
        let view: UInt64?
        let range: KeyRange
    }

    /// Why a range is read: where its result goes.
    enum ReadPurpose {
        /// Entries for a slow follower of `shard`.
        case log(ShardID, LogReadRequest)
        /// The answer to a query of `shard`.
        case query(ShardID, ReplicaID, ticket: UInt64)
        /// A page of the state of `shard`, for the snapshot stream `stream`.
        case snapshot(ShardID, stream: UInt64)
        /// The hits of a search of `shard`.
        case search(ShardID, ReplicaID, ticket: UInt64)
        /// Work on the index of messages.
        case indexing(Indexing.Work)
    }

    /// A question to the store and who waits for the answer.
    struct PendingQuestion {
        let purpose: ReadPurpose
        let question: StoreQuestion
    }

    /// Who waits for this step's batch to be durable.
    struct Wait {
        let shard: ShardID
        let notice: Notice
    }

    /// What a replica is told when a batch is durable.
    enum Notice {
        /// A Raft token is durable, and these messages may leave.
        case persisted(ReplicaID, token: UInt64, messages: [RaftMessage])
        /// A piece of a snapshot is kept.
        case snapshotPiece(SnapshotAck, to: NodeID)
        /// A snapshot is installed.
        case snapshotInstalled(SnapshotMetadata, SnapshotAck, to: NodeID)
        /// A piece of an index is written: the next may be begun.
        case indexed
    }

    /// A command or query that ended here, and for whom.
    struct Answer {
        let requester: Requester
        let outcome: ShardAnswer
    }

    /// When the step happens.
    var now: Instant
    var batch = WriteBatch()
    /// How many of the batch's operations the store shows already.
    var stagedCount = 0
    var mustSync = false
    var waits: [Wait] = []
    var reads: [PendingRead] = []
    var questions: [PendingQuestion] = []
    /// What is derived of the state: written with the batch, and read by questions alone.
    var derived = WriteBatch()
    /// Chats whose index of messages is to be extended.
    var behind: [Indexing.Place] = []
    var viewsOpened: [UInt64] = []
    var viewsClosed: [UInt64] = []
    /// Read views and snapshot streams, never used twice, not even by another run of the node.
    var nextView: UInt64
    /// Snapshot streams of all replicas, also those of earlier steps.
    var snapshotsOut = 0
    var snapshotsIn = 0
    /// Searches that the host carries out.
    var searchesOut = 0
    /// The chat whose index a piece is under way for, also one of an earlier step: a state in which
    /// it is not yet may be read for it.
    var indexed: Indexing.Place?
    var outbound = OutboundMessages()
    var answers: [Answer] = []
    var publications: [Publication] = []
    var events: [NodeEvent] = []

    init(now: Instant, nextView: UInt64) {
        self.now = now
        self.nextView = nextView
    }

    /// An empty step that goes on after `earlier`.
    init(after earlier: NodeStep) {
        now = earlier.now
        nextView = earlier.nextView
        snapshotsOut = earlier.snapshotsOut
        snapshotsIn = earlier.snapshotsIn
        searchesOut = earlier.searchesOut
        indexed = earlier.indexed
    }

    var isEmpty: Bool {
        batch.isEmpty && waits.isEmpty && reads.isEmpty && questions.isEmpty && derived.isEmpty
            && behind.isEmpty && viewsOpened.isEmpty
            && viewsClosed.isEmpty && outbound.isEmpty && events.isEmpty
    }
}

/// What followers of a log are told of a committed change.
enum Publication {
    case entries(ShardID, Term, [PublishedEntry])
    case marks(ShardID, Term, ChatID, version: UInt64, [ReadMark])
    /// This replica leads no longer; those who follow its logs must look for who does.
    case ownerLost(ShardID, followers: [NodeID], hint: NodeID?)
    /// This node follows logs of a shard that it leads itself.
    case followedHere(ShardID, [LogID])
    /// Somebody types in a chat of a shard that this node leads.
    case typing(ShardID, ChatID, AccountID)
}

/// Messages by receiver, in the order in which they were made.
struct OutboundMessages {
    private struct Receiver {
        let node: NodeID
        var raft: [RaftMessage] = []
        var others: [PeerMessage] = []
    }

    private var receivers: [Receiver] = []

    var isEmpty: Bool { receivers.isEmpty }

    /// Adds a message of Raft; all of them to one node travel together.
    mutating func append(_ message: RaftMessage) {
        receivers[position(of: message.to.node)].raft.append(message)
    }

    mutating func append(_ message: PeerMessage, to node: NodeID) {
        receivers[position(of: node)].others.append(message)
    }

    /// Empties this and gives what is to be sent, sorted by receiver.
    mutating func take() -> [(node: NodeID, messages: [PeerMessage])] {
        let all = receivers.sorted { $0.node < $1.node }
        receivers = []
        return all.map { receiver in
            var messages: [PeerMessage] = []
            var rest = receiver.raft[...]
            while !rest.isEmpty {
                let count = Self.countThatFits(rest)
                messages.append(.raft(Array(rest.prefix(count))))
                rest = rest.dropFirst(count)
            }
            let isRaftLast = Perturbation.shuffledBatch.fires
            return (
                receiver.node,
                isRaftLast ? receiver.others + messages : messages + receiver.others
            )
        }
    }

    /// How many of `messages` go into one batch, at least one. A batch over the limit would be lost
    /// as a whole, with the heartbeats of every group in it, each time it is tried.
    private static func countThatFits(_ messages: ArraySlice<RaftMessage>) -> Int {
        var bytes = 0
        var count = 0
        for message in messages.prefix(PeerLimits.raftMessagesMax) {
            bytes += raftOverheadBytes
            if case .append(_, _, let entries, _) = message.body {
                bytes += entries.reduce(0) { $0 + $1.byteCount }
            }
            if count > 0, bytes > PeerLimits.messageBytesMax / 2 { break }
            count += 1
        }
        return count
    }

    /// More than a Raft message takes beside its entries.
    private static let raftOverheadBytes = 128

    private mutating func position(of node: NodeID) -> Int {
        if let found = receivers.firstIndex(where: { $0.node == node }) { return found }
        receivers.append(Receiver(node: node))
        return receivers.count - 1
    }
}
