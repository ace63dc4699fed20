internal import Identity
internal import Membership
internal import Raft
internal import Wire

/// What messages are called in a timeline: short, and the same words for the same thing, because
/// people search for them.
extension PeerMessage {
    var timelineKind: Timeline.MessageKind {
        switch self {
        case .raft(let messages):
            messages.map(\.timelineKind).min { $0.weight < $1.weight } ?? .other
        case .snapshotChunk, .snapshotAck: .snapshot
        case .request, .response, .notLeader: .request
        case .follow, .unfollow, .heads, .notOwner, .published, .marks: .publish
        case .typing, .typed, .presenceClaims, .presenceWatch, .presenceStates: .publish
        case .membershipSync, .streamPing, .streamPong: .gossip
        case .registryFetch, .registryState, .isMember, .isNoMember, .goodbye: .other
        }
    }

    var timelineWords: String {
        switch self {
        case .raft(let messages):
            let important = messages.sorted { $0.timelineKind.weight < $1.timelineKind.weight }
            return important.prefix(3).map(\.timelineWords).joined(separator: "; ")
                + (messages.count > 3 ? "; and \(messages.count - 3) more" : "")
        case .request(let id, let shard, let bytes):
            return "request \(id) to shard \(shard.rawValue), \(bytes.count) bytes"
        case .response(let id, let bytes): return "response \(id), \(bytes.count) bytes"
        case .notLeader(let id, let hint): return "not leader \(id), hint \(words(hint))"
        case .published(let shard, let term, let entries):
            return "published \(entries.count) of shard \(shard.rawValue) term \(term.rawValue)"
        case .follow(let shard, let logs):
            return "follow \(logs.count) logs of shard \(shard.rawValue)"
        case .snapshotChunk(let chunk): return "snapshot piece of shard \(chunk.shard.rawValue)"
        case .snapshotAck(let ack): return "snapshot ack of shard \(ack.shard.rawValue)"
        default: return String(String(describing: self).prefix(60))
        }
    }

    private func words(_ value: (some CustomStringConvertible)?) -> String {
        value?.description ?? "none"
    }
}

extension Timeline.MessageKind {
    /// What a batch is called after: the least of its messages'.
    fileprivate var weight: Int {
        switch self {
        case .vote: 0
        case .snapshot: 1
        case .append: 2
        case .publish: 3
        case .request: 4
        case .client: 5
        case .gossip: 6
        case .other: 7
        case .heartbeat: 8
        }
    }
}

extension [PeerMessage] {
    /// What one sending of several is called after.
    var timelineKind: Timeline.MessageKind {
        map(\.timelineKind).min { $0.weight < $1.weight } ?? .other
    }

    var timelineWords: String {
        prefix(3).map(\.timelineWords).joined(separator: "; ")
            + (count > 3 ? "; and \(count - 3) more" : "")
    }
}

extension RaftMessage {
    fileprivate var timelineKind: Timeline.MessageKind {
        switch body {
        case .preVote, .preVoteReply, .vote, .voteReply, .timeoutNow: .vote
        case .append, .appendReply, .appendRejected: .append
        case .heartbeat, .heartbeatReply: .heartbeat
        }
    }

    fileprivate var timelineWords: String {
        let place = "shard \(shard.rawValue) term \(term.rawValue)"
        switch body {
        case .preVote(let index, let lastTerm):
            return "pre-vote? \(place), last \(index.rawValue) of term \(lastTerm.rawValue)"
        case .preVoteReply(let granted): return "pre-vote \(granted ? "yes" : "no") \(place)"
        case .vote(let index, let lastTerm, let isTransfer):
            return "vote? \(place), last \(index.rawValue) of term \(lastTerm.rawValue)"
                + (isTransfer ? ", transfer" : "")
        case .voteReply(let granted): return "vote \(granted ? "yes" : "no") \(place)"
        case .append(let previous, _, let entries, let commit):
            return "append \(place), \(entries.count) after \(previous.rawValue), commit "
                + "\(commit.rawValue)"
        case .appendReply(let match, _): return "append ok \(place), match \(match.rawValue)"
        case .appendRejected(let previous, let hint, _, _):
            return "append rejected \(place), at \(previous.rawValue), hint \(hint.rawValue)"
        case .heartbeat(let commit, _): return "heartbeat \(place), commit \(commit.rawValue)"
        case .heartbeatReply(_, let applied, _):
            return "heartbeat reply \(place), applied \(applied.rawValue)"
        case .timeoutNow: return "timeout now \(place)"
        }
    }
}

extension MembershipMessage {
    var timelineWords: String {
        let name = String(describing: body).prefix { $0 != "(" }
        return updates.isEmpty ? String(name) : "\(name) with \(updates.count) updates"
    }
}
