internal import Identity
internal import Membership
internal import Raft

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

// Messages of a link, as protobuf carries them. A batch is the concatenation of its messages, each
// encoded by itself, so that a link can queue encoded messages and cut batches where it likes.

extension PeerMessage {
    /// The field that a message is in a batch: number 1, length-delimited.
    private static let batchTag: UInt8 = 0x0A

    /// This message as an element of a batch: batches are concatenations of these. Throws
    /// ``WireError/tooLarge(_:count:max:)`` for a message that is over one of ``PeerLimits``.
    package func encoded() throws(WireError) -> [UInt8] {
        var wire = WireMessage()
        wire.body = try wireBody()
        let bytes = try serialized(wire)
        try checkLimit("message", bytes.count, max: PeerLimits.messageBytesMax)
        var element: [UInt8] = []
        element.reserveCapacity(bytes.count + 6)
        element.append(Self.batchTag)
        var length = UInt64(bytes.count)
        while length >= 0x80 {
            element.append(UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        element.append(UInt8(truncatingIfNeeded: length))
        element.append(contentsOf: bytes)
        return element
    }

    /// The messages of a batch, in order. Total: throws a ``WireError`` for what is no batch, or
    /// has anything over its limit.
    package static func decodeBatch(_ bytes: [UInt8]) throws(WireError) -> [PeerMessage] {
        try checkLimit("batch", bytes.count, max: PeerLimits.frameBytesMax)
        let batch = try parsed(WireBatch.self, bytes, "batch")
        try checkLimit("batch", batch.messages.count, max: PeerLimits.messagesPerFrameMax)
        return try batch.messages.map(PeerMessage.init(wire:))
    }
}

extension PeerMessage {
    private func wireBody() throws(WireError) -> WireMessage.OneOf_Body {
        switch self {
        case .raft(let messages):
            try checkLimit("raft", messages.count, max: PeerLimits.raftMessagesMax)
            var wire = WireRaftBatch()
            wire.messages = try messages.map(WireRaftMessage.init)
            return .raft(wire)
        case .request, .response, .notLeader:
            return try requestBody()
        case .follow, .unfollow, .heads, .notOwner, .published, .marks:
            return try logBody()
        case .registryFetch(let have):
            var wire = WireRegistryFetch()
            wire.have = have.rawValue
            return .registryFetch(wire)
        case .registryState(let bytes):
            try checkLimit("registry", bytes.count, max: PeerLimits.registryBytesMax)
            var wire = WireRegistryState()
            wire.payload = Data(bytes)
            return .registryState(wire)
        case .snapshotChunk(let chunk):
            return .snapshotChunk(try WireSnapshotChunk(chunk))
        case .snapshotAck(let ack):
            return .snapshotAck(WireSnapshotAck(ack))
        case .membershipSync(let sync):
            return .membershipSync(try WireMembershipSync(sync))
        case .streamPing(let sequence):
            return .streamPing(ping(sequence))
        case .streamPong(let sequence):
            return .streamPong(ping(sequence))
        case .isMember(let shard, let replica):
            return .isMember(replicaOfShard(shard, replica))
        case .isNoMember(let shard, let replica):
            return .isNoMember(replicaOfShard(shard, replica))
        case .typing, .typed, .presenceClaims, .presenceWatch, .presenceStates:
            return try presenceBody()
        case .goodbye(let reason):
            try checkLimit("reason", reason.utf8.count, max: PeerLimits.reasonBytesMax)
            var wire = WireGoodbye()
            wire.reason = reason
            return .goodbye(wire)
        }
    }

    private func replicaOfShard(_ shard: ShardID, _ replica: ReplicaID) -> WireReplicaOfShard {
        var wire = WireReplicaOfShard()
        wire.shard = shard.rawValue
        wire.replica = WireReplica(replica)
        return wire
    }

    private func ping(_ sequence: UInt32) -> WireStreamPing {
        var wire = WireStreamPing()
        wire.sequence = sequence
        return wire
    }

    /// Only for `request`, `response` and `notLeader`.
    private func requestBody() throws(WireError) -> WireMessage.OneOf_Body {
        switch self {
        case .request(let id, let shard, let bytes):
            try checkLimit("request", bytes.count, max: PeerLimits.requestBytesMax)
            var wire = WireRequest()
            wire.id = id
            wire.shard = shard.rawValue
            wire.payload = Data(bytes)
            return .request(wire)
        case .response(let id, let bytes):
            try checkLimit("response", bytes.count, max: PeerLimits.requestBytesMax)
            var wire = WireResponse()
            wire.id = id
            wire.payload = Data(bytes)
            return .response(wire)
        case .notLeader(let id, let hint):
            var wire = WireNotLeader()
            wire.id = id
            if let hint { wire.hint = hint.rawValue }
            return .notLeader(wire)
        default:
            preconditionFailure("only messages about requests come here")
        }
    }

    /// Only for the messages about followed logs.
    private func logBody() throws(WireError) -> WireMessage.OneOf_Body {
        switch self {
        case .follow(let shard, let logs):
            return .follow(try WireLogList(shard, logs))
        case .unfollow(let shard, let logs):
            return .unfollow(try WireLogList(shard, logs))
        case .heads(let shard, let term, let heads):
            try checkLimit("heads", heads.count, max: PeerLimits.logsMax)
            var wire = WireHeads()
            wire.shard = shard.rawValue
            wire.term = term.rawValue
            wire.heads = heads.map(WireHead.init)
            return .heads(wire)
        case .notOwner(let shard, let hint):
            var wire = WireNotOwner()
            wire.shard = shard.rawValue
            if let hint { wire.hint = hint.rawValue }
            return .notOwner(wire)
        case .published(let shard, let term, let entries):
            try checkLimit("entries", entries.count, max: PeerLimits.entriesMax)
            var wire = WirePublished()
            wire.shard = shard.rawValue
            wire.term = term.rawValue
            wire.entries = try entries.map(WireEntry.init)
            return .published(wire)
        case .marks(let shard, let term, let chat, let version, let marks):
            try checkLimit("marks", marks.count, max: PeerLimits.marksMax)
            var wire = WireMarks()
            wire.shard = shard.rawValue
            wire.term = term.rawValue
            wire.chat = WireWideIdentifier(chat)
            wire.version = version
            wire.marks = marks.map(WireMark.init)
            return .marks(wire)
        default:
            preconditionFailure("only messages about logs come here")
        }
    }
}

extension PeerMessage {
    private init(wire: WireMessage) throws(WireError) {
        switch wire.body {
        case .raft(let batch):
            try checkLimit("raft", batch.messages.count, max: PeerLimits.raftMessagesMax)
            self = .raft(try batch.messages.map(RaftMessage.init(wire:)))
        case .request(let request):
            try checkLimit("request", request.payload.count, max: PeerLimits.requestBytesMax)
            self = .request(
                id: request.id, shard: ShardID(request.shard), bytes: Array(request.payload))
        case .response(let response):
            try checkLimit("response", response.payload.count, max: PeerLimits.requestBytesMax)
            self = .response(id: response.id, bytes: Array(response.payload))
        case .notLeader(let answer):
            self = .notLeader(id: answer.id, hint: answer.hasHint ? NodeID(answer.hint) : nil)
        case .follow(let list):
            self = .follow(shard: ShardID(list.shard), logs: try list.checkedLogs())
        case .unfollow(let list):
            self = .unfollow(shard: ShardID(list.shard), logs: try list.checkedLogs())
        case .heads(let heads):
            try checkLimit("heads", heads.heads.count, max: PeerLimits.logsMax)
            self = .heads(
                shard: ShardID(heads.shard), term: Term(heads.term),
                heads: try heads.heads.map(LogHead.init(wire:)))
        case .notOwner(let answer):
            self = .notOwner(
                shard: ShardID(answer.shard), hint: answer.hasHint ? NodeID(answer.hint) : nil)
        case .published(let published):
            try checkLimit("entries", published.entries.count, max: PeerLimits.entriesMax)
            self = .published(
                shard: ShardID(published.shard), term: Term(published.term),
                entries: try published.entries.map(PublishedEntry.init(wire:)))
        case .marks(let marks):
            try checkLimit("marks", marks.marks.count, max: PeerLimits.marksMax)
            guard marks.hasChat else { throw .missing("marks.chat") }
            self = .marks(
                shard: ShardID(marks.shard), term: Term(marks.term), chat: ChatID(wire: marks.chat),
                version: marks.version, marks: try marks.marks.map(ReadMark.init(wire:)))
        case .typing, .typed, .presenceClaims, .presenceWatch, .presenceStates:
            self = try Self.presenceMessage(wire: wire.body)
        default:
            self = try Self.hostMessage(wire: wire.body)
        }
    }

    /// The messages that are not about logs, requests or Raft.
    private static func hostMessage(
        wire: WireMessage.OneOf_Body?
    ) throws(WireError) -> PeerMessage {
        switch wire {
        case .registryFetch(let fetch):
            return .registryFetch(have: RegistryEpoch(fetch.have))
        case .registryState(let state):
            try checkLimit("registry", state.payload.count, max: PeerLimits.registryBytesMax)
            return .registryState(Array(state.payload))
        case .snapshotChunk(let chunk):
            return .snapshotChunk(try SnapshotChunk(wire: chunk))
        case .snapshotAck(let ack):
            return .snapshotAck(try SnapshotAck(wire: ack))
        case .membershipSync(let sync):
            return .membershipSync(try MembershipSync(wire: sync))
        case .streamPing(let ping):
            return .streamPing(sequence: ping.sequence)
        case .streamPong(let pong):
            return .streamPong(sequence: pong.sequence)
        case .isMember(let wire):
            return .isMember(shard: ShardID(wire.shard), replica: ReplicaID(wire: wire.replica))
        case .isNoMember(let wire):
            return .isNoMember(shard: ShardID(wire.shard), replica: ReplicaID(wire: wire.replica))
        case .goodbye(let goodbye):
            try checkLimit("reason", goodbye.reason.utf8.count, max: PeerLimits.reasonBytesMax)
            return .goodbye(reason: goodbye.reason)
        default:
            throw .missing("message.body")
        }
    }
}
