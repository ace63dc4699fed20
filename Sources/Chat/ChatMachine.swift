internal import Determinism
internal import Identity
package import Storage

/// The replicated state machine of chats: total, deterministic, a function of the shard's state and
/// the command alone.
package enum ChatMachine {
    /// Does `command` once: a command whose id came before gets its first answer and changes
    /// nothing. Throws only when the state cannot be read as what it should be; the replica then
    /// stops.
    package static func apply(
        _ command: ChatCommand, to transaction: inout StateTransaction
    ) throws(StorageError) -> ChatOutcome {
        if case .mark(let n) = command.body {
            return try applyMark(n, of: command, to: &transaction)
        }
        let scope = [StateKind.chat.rawValue] + command.chat.bytes
        let verdict = try DeduplicationTable.check(
            scope: scope, cmid: command.cmid, time: command.time, in: &transaction)
        let outcome: ChatOutcome
        switch verdict {
        case .answered(let answer):
            Mark.commandRepeated.hit()
            if Canary.unreadTwice.lives { try countAgain(command.chat, in: &transaction) }
            if case .create = command.body { Mark.creationRepeated.hit() }
            return ChatOutcome(result: try ChatResult(decoding: answer))
        case .expired:
            Mark.commandTooOld.hit()
            outcome = try refuse(.cmidExpired, command, transaction)
        case .inFuture:
            Mark.commandFromFuture.hit()
            outcome = try refuse(.cmidInFuture, command, transaction)
        case .fresh:
            var change = ChatChange(command, on: transaction)
            outcome = try change.make()
            transaction = change.chats.state
        }
        // A refusal that asked nothing of anybody is decided anew when it comes again: refused
        // commands leave nothing behind.
        if isToBeKept(outcome, verdict) {
            try DeduplicationTable.record(
                outcome.result.encoded(), scope: scope, cmid: command.cmid, time: command.time,
                in: &transaction)
        }
        return outcome
    }

    private static func countAgain(
        _ chat: ChatID, in transaction: inout StateTransaction
    ) throws(StorageError) {
        var chats = ChatState(transaction)
        guard var stored = try chats.chat(chat) else { return }
        stored.head = ChatHead(
            epoch: stored.head.epoch, seq: stored.head.seq, n: stored.head.n.next,
            marksVersion: stored.head.marksVersion)
        try chats.put(stored, as: chat)
        transaction = chats.state
    }

    private static func isToBeKept(
        _ outcome: ChatOutcome, _ verdict: DeduplicationTable.Verdict
    ) -> Bool {
        guard verdict == .fresh else { return false }
        if case .accepted = outcome.result { return true }
        if case .rejected(.badForward) = outcome.result { return true }
        return !outcome.effects.isEmpty
    }

    private static func refuse(
        _ rejection: ChatRejection, _ command: ChatCommand, _ transaction: StateTransaction
    ) throws(StorageError) -> ChatOutcome {
        try ChatChange(command, on: transaction).refused(rejection)
    }

    private static func applyMark(
        _ n: Ordinal, of command: ChatCommand, to transaction: inout StateTransaction
    ) throws(StorageError) -> ChatOutcome {
        var change = ChatChange(command, on: transaction)
        let outcome = try change.mark(n)
        transaction = change.chats.state
        return outcome
    }
}
