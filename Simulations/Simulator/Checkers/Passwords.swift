package import Identity

/// A password that was replaced for sure opens nothing any more: whoever asks how a password is
/// kept, or signs in with one, after a change was acknowledged, meets that change or a later one.
package struct Passwords {
    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How often a password was compared with what was acknowledged.
    package private(set) var comparedCount: UInt64 = 0
    /// The number of the newest password that each account surely has; looked up only.
    private var floors: [AccountID: UInt64] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// The oldest password that the account may have for whoever asks now.
    package func begin(for account: AccountID) -> UInt64 { floors[account, default: 0] }

    /// The change to this password was acknowledged.
    package mutating func set(_ number: UInt64, of account: AccountID) {
        floors[account] = max(floors[account, default: 0], number)
    }

    /// Somebody who asked when `floor` was the oldest that there might be was told of this
    /// password, 0 for none, or was let in with it.
    package mutating func met(
        _ number: UInt64, floor: UInt64, of account: AccountID, by whom: String
    ) {
        comparedCount += 1
        guard number < floor else { return }
        violations.append(
            Violation(
                property: "passwords",
                words: "\(whom) met the password \(number) of \(account) after \(floor) was set"))
    }
}
