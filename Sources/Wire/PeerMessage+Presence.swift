internal import Determinism
internal import Identity

// Messages about who types and who is there.
extension PeerMessage {
    /// Only for these messages.
    func presenceBody() throws(WireError) -> WireMessage.OneOf_Body {
        switch self {
        case .typing(let shard, let chat, let account):
            return .typing(WireTyping(shard, chat, account))
        case .typed(let shard, let chat, let account, let epoch, let seq):
            var wire = WireTyping(shard, chat, account)
            wire.epoch = epoch
            wire.seq = seq.rawValue
            return .typed(wire)
        case .presenceClaims(let shard, let claims):
            try checkLimit("claims", claims.count, max: PeerLimits.accountsMax)
            var wire = WirePresenceClaims()
            wire.shard = shard.rawValue
            wire.claims = claims.map { claim in
                var wire = WirePresenceClaim()
                wire.account = WireWideIdentifier(claim.account)
                if let left = claim.left { wire.left = left.milliseconds }
                return wire
            }
            return .presenceClaims(wire)
        case .presenceWatch(let shard, let accounts):
            try checkLimit("accounts", accounts.count, max: PeerLimits.accountsMax)
            var wire = WirePresenceWatch()
            wire.shard = shard.rawValue
            wire.accounts = accounts.map { WireWideIdentifier($0) }
            return .presenceWatch(wire)
        case .presenceStates(let shard, let states):
            try checkLimit("states", states.count, max: PeerLimits.accountsMax)
            var wire = WirePresenceStates()
            wire.shard = shard.rawValue
            wire.states = states.map { state in
                var wire = WirePresenceState()
                wire.account = WireWideIdentifier(state.account)
                wire.kind = state.presence.number
                wire.lastSeen = state.presence.lastSeen.milliseconds
                return wire
            }
            return .presenceStates(wire)
        default:
            preconditionFailure("only messages about typing and presence come here")
        }
    }

    /// Only for these messages.
    static func presenceMessage(
        wire: WireMessage.OneOf_Body?
    ) throws(WireError) -> PeerMessage {
        switch wire {
        case .typing(let wire):
            let (shard, chat, account) = try wire.place()
            return .typing(shard: shard, chat: chat, account: account)
        case .typed(let wire):
            let (shard, chat, account) = try wire.place()
            return .typed(
                shard: shard, chat: chat, account: account, epoch: wire.epoch,
                seq: SequenceNumber(wire.seq))
        case .presenceClaims(let wire):
            try checkLimit("claims", wire.claims.count, max: PeerLimits.accountsMax)
            let claims = try wire.claims.map { claim throws(WireError) in
                guard claim.hasAccount else { throw .missing("claim.account") }
                return PresenceClaim(
                    account: AccountID(wire: claim.account),
                    left: claim.hasLeft ? WallTime(milliseconds: claim.left) : nil)
            }
            return .presenceClaims(shard: ShardID(wire.shard), claims: claims)
        case .presenceWatch(let wire):
            try checkLimit("accounts", wire.accounts.count, max: PeerLimits.accountsMax)
            return .presenceWatch(
                shard: ShardID(wire.shard), accounts: wire.accounts.map { AccountID(wire: $0) })
        case .presenceStates(let wire):
            try checkLimit("states", wire.states.count, max: PeerLimits.accountsMax)
            let states = try wire.states.map { state throws(WireError) in
                guard state.hasAccount else { throw .missing("state.account") }
                let time = WallTime(milliseconds: state.lastSeen)
                guard let presence = Presence(number: state.kind, lastSeen: time) else {
                    throw .unknownValue("state.kind", UInt64(state.kind))
                }
                return PersonPresence(account: AccountID(wire: state.account), presence: presence)
            }
            return .presenceStates(shard: ShardID(wire.shard), states: states)
        default:
            throw .missing("message.body")
        }
    }
}

extension WireTyping {
    fileprivate init(_ shard: ShardID, _ chat: ChatID, _ account: AccountID) {
        self.init()
        self.shard = shard.rawValue
        self.chat = WireWideIdentifier(chat)
        self.account = WireWideIdentifier(account)
    }

    fileprivate func place() throws(WireError) -> (ShardID, ChatID, AccountID) {
        guard hasChat else { throw .missing("typing.chat") }
        guard hasAccount else { throw .missing("typing.account") }
        return (ShardID(shard), ChatID(wire: chat), AccountID(wire: account))
    }
}
