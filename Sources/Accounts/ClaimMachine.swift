internal import Determinism
internal import Identity
package import Storage

/// The replicated state machine of claims: total, deterministic, a function of the shard's state and
/// the command alone.
package enum ClaimMachine {
    /// Does `command` once: a command whose id came before gets its first answer and changes nothing.
    /// Throws only when the state cannot be read as what it should be; the replica then stops.
    package static func apply(
        _ command: ClaimCommand, to transaction: inout StateTransaction
    ) throws(StorageError) -> AccountOutcome {
        throw .corrupt("not yet")
    }
}
