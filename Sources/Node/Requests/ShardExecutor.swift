package import Accounts
package import Chat
package import Determinism
package import Identity
internal import Records
package import Storage
package import Wire

/// What applying one command to a shard did and is to be told.
package struct ShardOutcome: Hashable, Sendable {
    /// The answer to whoever asked.
    package let response: ShardResponse
    /// New entries of logs of this shard, in order.
    package let published: [PublishedEntry]
    /// Read marks that changed.
    package let marks: MarksOfChat?
    /// Whether the outbox has got effects to deliver.
    package let hasEffects: Bool
    /// The message whose words were replaced or taken.
    package var rewritten: RewrittenMessage?
}

/// Read marks of a chat that changed, as absolute values.
package struct MarksOfChat: Hashable, Sendable {
    package let chat: ChatID
    package let fields: MarksFields
}

/// How requests meet a shard's state: commands change it, queries read it. Pure functions.
package enum ShardExecutor {
    /// Applies a committed command. Cross-shard effects go into the outbox in the same transaction.
    /// Throws only when the state cannot be read as what it should be; the replica then stops.
    package static func apply(
        _ command: ShardCommand, to transaction: inout StateTransaction
    ) throws(StorageError) -> ShardOutcome {
        switch command {
        case .chat(let command):
            let outcome = try ChatMachine.apply(command, to: &transaction)
            for effect in outcome.effects {
                try transaction.appendOutbox(ShardEffect.chat(effect).encoded())
            }
            return ShardOutcome(
                response: ShardResponse(outcome.result), published: outcome.published,
                marks: outcome.marks.map {
                    MarksOfChat(chat: $0.chat, fields: MarksFields($0))
                }, hasEffects: !outcome.effects.isEmpty, rewritten: outcome.rewritten)
        case .account(let command):
            return try finish(AccountMachine.apply(command, to: &transaction), in: &transaction)
        case .claim(let command):
            return try finish(ClaimMachine.apply(command, to: &transaction), in: &transaction)
        case .outboxDone(let sequences):
            try transaction.removeOutbox(sequences)
            return ShardOutcome(response: .done, published: [], marks: nil, hasEffects: false)
        }
    }

    private static func finish(
        _ outcome: AccountOutcome, in transaction: inout StateTransaction
    ) throws(StorageError) -> ShardOutcome {
        for effect in outcome.effects {
            try transaction.appendOutbox(ShardEffect.account(effect).encoded())
        }
        return ShardOutcome(
            response: ShardResponse(outcome.result), published: outcome.published, marks: nil,
            hasEffects: !outcome.effects.isEmpty)
    }
}

/// An effect on another shard, as the outbox keeps it.
package enum ShardEffect: Hashable, Sendable {
    case chat(ChatEffect)
    case account(AccountEffect)

    /// The form that the outbox keeps; equal effects have equal bytes.
    package func encoded() -> [UInt8] {
        var record = Records_ShardEffect()
        switch self {
        case .chat(let effect): record.chat = recordField(effect.encoded())
        case .account(let effect): record.account = recordField(effect.encoded())
        }
        return record.recordBytes()
    }

    /// Reads the form of ``encoded()``; `corrupt` for anything else.
    package init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ShardEffect(recordBytes: bytes), let effect = record.effect
        else {
            throw .corrupt("an effect of an outbox")
        }
        switch effect {
        case .chat(let bytes): self = .chat(try ChatEffect(decoding: Array(bytes)))
        case .account(let bytes): self = .account(try AccountEffect(decoding: Array(bytes)))
        }
    }

    /// The command that delivers this, to the shard of its ``ShardCommand/key``. `wall` is the clock of
    /// the delivering node. Delivered at least once: every definite answer settles it
    /// (``ShardResponse/isSettled``).
    package func command(at wall: WallTime) throws(StorageError) -> ShardCommand {
        switch self {
        case .chat(let effect):
            switch effect.body {
            case .listChat(let account, let chat, let seq):
                return .account(
                    AccountCommand(
                        account: account, cmid: effect.cmid, time: wall,
                        body: .listChat(chat, at: seq)))
            case .unlistChat(let account, let chat, let seq):
                return .account(
                    AccountCommand(
                        account: account, cmid: effect.cmid, time: wall,
                        body: .unlistChat(chat, at: seq)))
            case .releaseName(let name, let chat, let claim):
                return .claim(
                    ClaimCommand(
                        key: .name(name), cmid: effect.cmid, time: wall,
                        body: .releaseName(owner: .chat(chat), claim: claim)))
            }
        case .account(let effect):
            switch effect.body {
            case .releaseName(let name, let account, let claim):
                return .claim(
                    ClaimCommand(
                        key: .name(name), cmid: effect.cmid, time: wall,
                        body: .releaseName(owner: .account(account), claim: claim)))
            case .carried(let bytes): return try ShardCommand(decoding: bytes)
            case .accepted(let account, let chat, let inviter):
                return .chat(
                    ChatCommand(
                        chat: chat, cmid: effect.cmid, actor: inviter, time: wall,
                        body: .addMember(account)))
            }
        }
    }
}

extension ShardResponse {
    /// Whether a command that was answered so need not be sent again: it is done, or refused for good.
    package var isSettled: Bool {
        if case .failed(let failure) = self { !failure.isRetryable } else { true }
    }

    init(_ result: ChatResult) {
        switch result {
        case .accepted(let receipt): self = .receipt(receipt)
        case .rejected(let rejection):
            self = .failed(Failure(FailureCode(rawValue: rejection.code) ?? .internal))
        }
    }

    init(_ result: AccountResult) {
        switch result {
        case .accepted(let receipt): self = .accountReceipt(receipt)
        case .rejected(let rejection):
            self = .failed(
                Failure(
                    FailureCode(rawValue: rejection.code) ?? .internal,
                    retryAfter: rejection.retryAfter))
        }
    }
}

extension MarksFields {
    init(_ change: Chat.MarksChange) {
        self.init(
            version: change.version,
            marks: change.marks.map { ReadMark(account: $0.account, n: $0.n) })
    }
}
