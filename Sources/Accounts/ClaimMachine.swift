internal import Determinism
internal import Identity
package import Storage

/// The replicated state machine of claims: total, deterministic, a function of the shard's state
/// and the command alone.
package enum ClaimMachine {
    /// Does `command` once: a command whose id came before gets its first answer and changes
    /// nothing. Throws only when the state cannot be read as what it should be; the replica then
    /// stops.
    package static func apply(
        _ command: ClaimCommand, to transaction: inout StateTransaction
    ) throws(StorageError) -> AccountOutcome {
        var change = ClaimChange(command, on: transaction)
        let outcome: AccountOutcome
        if case .releaseName = command.body {
            // Doing it twice is doing it once: no answer needs to be kept.
            outcome = try change.make()
        } else {
            let scope = scope(of: command)
            let verdict = try DeduplicationTable.check(
                scope: scope, cmid: command.cmid, time: command.time, in: &change.claims.state)
            switch verdict {
            case .answered(let answer):
                Mark.claimRepeated.hit()
                outcome = AccountOutcome(result: try AccountResult(decoding: answer))
            case .expired: outcome = AccountOutcome(result: .rejected(.cmidExpired))
            case .inFuture: outcome = AccountOutcome(result: .rejected(.cmidInFuture))
            case .fresh:
                outcome = try change.make()
                guard isToBeKept(outcome.result) else { break }
                try DeduplicationTable.record(
                    outcome.result.encoded(), scope: scope, cmid: command.cmid,
                    time: command.time, in: &change.claims.state)
            }
        }
        transaction = change.claims.state
        return outcome
    }

    /// Who knows the id of somebody's sign-in must not get its answer without the code, so the code
    /// is a part of the scope: another code is another try.
    private static func scope(of command: ClaimCommand) -> [UInt8] {
        let scope = [StateKind.claim.rawValue] + command.key.bytes
        guard case .verifyCode(let codeHash, _) = command.body else { return scope }
        return scope + [0] + codeHash.prefix(AccountLimits.hashBytesMax)
    }

    /// A wrong code was counted, so its answer is kept: a retry by the node is not a second try.
    /// Other refusals leave nothing behind and are decided anew.
    private static func isToBeKept(_ result: AccountResult) -> Bool {
        switch result {
        case .accepted, .rejected(.codeWrong): true
        case .rejected: false
        }
    }
}
