internal import Determinism
internal import Identity
internal import Storage

// When the account was last there, and who may know.
extension AccountChange {
    /// The account was there until `time`, and is no longer. Nobody is told by the inbox: whoever
    /// looks asks.
    mutating func see(at time: WallTime) throws(StorageError) -> AccountOutcome {
        guard var stored = try accounts.account(command.account) else {
            return try refused(.notFound)
        }
        // What comes late, or again, says nothing new; and nobody was there in the time to come.
        guard time > stored.lastSeen, time <= command.time else { return accepted(stored) }
        stored.lastSeen = time
        return try accepted(stored, [])
    }

    /// Sets who may know it.
    mutating func setLastSeenRule(_ rule: LastSeenRule) throws(StorageError) -> AccountOutcome {
        guard var stored = try accounts.account(command.account) else {
            return try refused(.notFound)
        }
        guard stored.lastSeenRule != rule else { return accepted(stored) }
        stored.lastSeenRule = rule
        let published = append(.privacyChanged(rule), &stored)
        return try accepted(stored, [published])
    }
}
