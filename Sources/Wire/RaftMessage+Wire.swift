internal import Determinism
internal import Identity
internal import Raft

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

// Messages between replicas, as protobuf carries them.

extension WireRaftMessage {
    /// Throws ``WireError/tooLarge(_:count:max:)`` for too many entries or one that is too long.
    init(_ message: RaftMessage) throws(WireError) {
        self.init()
        from = WireReplica(message.from)
        to = WireReplica(message.to)
        shard = message.shard.rawValue
        term = message.term.rawValue
        body = try Self.body(of: message.body)
    }

    private static func body(of body: RaftMessage.Body) throws(WireError) -> OneOf_Body {
        switch body {
        case .preVote(let lastIndex, let lastTerm):
            var wire = WirePreVote()
            wire.lastIndex = lastIndex.rawValue
            wire.lastTerm = lastTerm.rawValue
            return .preVote(wire)
        case .preVoteReply(let granted):
            return .preVoteReply(reply(granted))
        case .vote(let lastIndex, let lastTerm, let isTransfer):
            var wire = WireVote()
            wire.lastIndex = lastIndex.rawValue
            wire.lastTerm = lastTerm.rawValue
            wire.isTransfer = isTransfer
            return .vote(wire)
        case .voteReply(let granted):
            return .voteReply(reply(granted))
        case .append(let previousIndex, let previousTerm, let entries, let commit):
            try checkLimit("entries", entries.count, max: PeerLimits.raftEntriesMax)
            var wire = WireAppend()
            wire.previousIndex = previousIndex.rawValue
            wire.previousTerm = previousTerm.rawValue
            wire.entries = try entries.map(WireRaftEntry.init)
            wire.commit = commit.rawValue
            return .append(wire)
        case .appendReply(let match, let isRecovering):
            var wire = WireAppendReply()
            wire.match = match.rawValue
            wire.isRecovering = isRecovering
            return .appendReply(wire)
        case .appendRejected(let previousIndex, let hintIndex, let hintTerm, let isRecovering):
            var wire = WireAppendRejected()
            wire.previousIndex = previousIndex.rawValue
            wire.hintIndex = hintIndex.rawValue
            wire.hintTerm = hintTerm.rawValue
            wire.isRecovering = isRecovering
            if Canary.lostField.lives { wire.hintTerm = 0 }
            return .appendRejected(wire)
        case .heartbeat(let commit, let readContext):
            var wire = WireHeartbeat()
            wire.commit = commit.rawValue
            wire.readContext = readContext
            return .heartbeat(wire)
        case .heartbeatReply(let readContext, let applied, let isRecovering):
            var wire = WireHeartbeatReply()
            wire.readContext = readContext
            wire.applied = applied.rawValue
            wire.isRecovering = isRecovering
            return .heartbeatReply(wire)
        case .timeoutNow:
            return .timeoutNow(WireTimeoutNow())
        }
    }

    private static func reply(_ granted: Bool) -> WireVoteReply {
        var wire = WireVoteReply()
        wire.granted = granted
        return wire
    }
}

extension RaftMessage {
    init(wire: WireRaftMessage) throws(WireError) {
        guard wire.hasFrom, wire.hasTo else { throw .missing("raft.from, raft.to") }
        guard let body = wire.body else { throw .missing("raft.body") }
        self.init(
            from: ReplicaID(wire: wire.from), to: ReplicaID(wire: wire.to),
            shard: ShardID(wire.shard), term: Term(wire.term), body: try Body(wire: body))
    }
}

extension RaftMessage.Body {
    fileprivate init(wire: WireRaftMessage.OneOf_Body) throws(WireError) {
        switch wire {
        case .preVote(let vote):
            self = .preVote(lastIndex: LogIndex(vote.lastIndex), lastTerm: Term(vote.lastTerm))
        case .preVoteReply(let reply):
            self = .preVoteReply(granted: reply.granted)
        case .vote(let vote):
            self = .vote(
                lastIndex: LogIndex(vote.lastIndex), lastTerm: Term(vote.lastTerm),
                isTransfer: vote.isTransfer)
        case .voteReply(let reply):
            self = .voteReply(granted: reply.granted)
        case .append(let append):
            try checkLimit("entries", append.entries.count, max: PeerLimits.raftEntriesMax)
            self = .append(
                previousIndex: LogIndex(append.previousIndex),
                previousTerm: Term(append.previousTerm),
                entries: try append.entries.map(LogEntry.init(wire:)),
                commit: LogIndex(append.commit))
        case .appendReply(let reply):
            self = .appendReply(match: LogIndex(reply.match), isRecovering: reply.isRecovering)
        case .appendRejected(let reply):
            self = .appendRejected(
                previousIndex: LogIndex(reply.previousIndex), hintIndex: LogIndex(reply.hintIndex),
                hintTerm: Term(reply.hintTerm), isRecovering: reply.isRecovering)
        case .heartbeat(let heartbeat):
            self = .heartbeat(
                commit: LogIndex(heartbeat.commit), readContext: heartbeat.readContext)
        case .heartbeatReply(let reply):
            self = .heartbeatReply(
                readContext: reply.readContext, applied: LogIndex(reply.applied),
                isRecovering: reply.isRecovering)
        case .timeoutNow:
            self = .timeoutNow
        }
    }
}

extension WireRaftEntry {
    fileprivate init(_ entry: LogEntry) throws(WireError) {
        try checkLimit("entry", entry.payload.count, max: PeerLimits.raftEntryBytesMax)
        self.init()
        index = entry.index.rawValue
        term = entry.term.rawValue
        kind = UInt32(entry.kind.rawValue)
        payload = Data(entry.payload)
    }
}

extension LogEntry {
    fileprivate init(wire: WireRaftEntry) throws(WireError) {
        try checkLimit("entry", wire.payload.count, max: PeerLimits.raftEntryBytesMax)
        guard let number = UInt8(exactly: wire.kind), let kind = Kind(rawValue: number) else {
            throw .unknownValue("entry.kind", UInt64(wire.kind))
        }
        self.init(
            index: LogIndex(wire.index), term: Term(wire.term), kind: kind,
            payload: Array(wire.payload))
    }
}
