internal import Determinism
internal import Identity
package import Storage

/// The replicated state machine of accounts: total, deterministic, a function of the shard's state
/// and the command alone.
package enum AccountMachine {
    /// Does `command` once: a command whose id came before gets its first answer and changes
    /// nothing. Throws only when the state cannot be read as what it should be; the replica then
    /// stops.
    package static func apply(
        _ command: AccountCommand, to transaction: inout StateTransaction
    ) throws(StorageError) -> AccountOutcome {
        var change = AccountChange(command, on: transaction)
        let outcome: AccountOutcome
        if isIdempotent(command.body) {
            outcome = try change.make()
        } else {
            let scope = [StateKind.account.rawValue] + command.account.bytes
            let verdict = try DeduplicationTable.check(
                scope: scope, cmid: command.cmid, time: command.time, in: &change.accounts.state)
            switch verdict {
            case .answered(let answer):
                outcome = AccountOutcome(result: try AccountResult(decoding: answer))
            case .expired: outcome = try change.refused(.cmidExpired)
            case .inFuture: outcome = try change.refused(.cmidInFuture)
            case .fresh:
                outcome = try change.make()
                // A refusal that asked nothing of anybody is decided anew when it comes again:
                // refused commands leave nothing behind.
                if case .rejected = outcome.result, outcome.effects.isEmpty { break }
                try DeduplicationTable.record(
                    outcome.result.encoded(), scope: scope, cmid: command.cmid,
                    time: command.time, in: &change.accounts.state)
            }
        }
        transaction = change.accounts.state
        return outcome
    }

    /// Whether doing it twice is doing it once, so that no answer needs to be kept.
    private static func isIdempotent(_ body: AccountCommand.Body) -> Bool {
        switch body {
        case .touchSession, .listChat, .unlistChat, .see: true
        case .openSession, .closeSession, .closeAllSessions, .redeemTicket, .setProfile,
            .setUsername, .star, .unstar, .setChat, .setDraft, .signUp, .setPassword, .setPhone,
            .setLastSeenRule:
            false
        }
    }
}
