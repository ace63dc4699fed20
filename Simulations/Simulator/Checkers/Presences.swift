package import Identity
package import Wire

/// Some time after the faults every client knows of all whom it watches whether they are there, but
/// of nobody exactly who hides it, and of nobody at all when it hides the own.
package struct Presences {
    /// How it is with an account.
    package struct Truth: Hashable, Sendable {
        /// Whether one of its clients is live and in use.
        package let isThere: Bool
        package let hides: Bool

        package init(isThere: Bool, hides: Bool) {
            self.isThere = isThere
            self.hides = hides
        }
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How often a client was told about somebody.
    package private(set) var toldCount: UInt64 = 0
    /// What was told last; looked up only.
    private var told: [Int: [AccountID: Presence]] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// A client is told whether some are there.
    package mutating func told(_ people: [PersonPresence], to client: Int) {
        toldCount += UInt64(people.count)
        for person in people { told[client, default: [:]][person.account] = person.presence }
    }

    /// What a client of `viewer` does not know right of those whom it watches, in words.
    package func differences(
        of client: Int, as viewer: AccountID, watching accounts: [AccountID],
        _ truths: [AccountID: Truth]
    ) -> [String] {
        guard let own = truths[viewer] else { return [] }
        return accounts.compactMap { account in
            guard account != viewer, let truth = truths[account] else { return nil }
            let known = told[client]?[account]
            let isRight =
                switch known {
                case nil: false
                case .online: truth.isThere && !truth.hides && !own.hides
                case .offline: !truth.isThere && !truth.hides && !own.hides
                default: truth.hides || own.hides
                }
            let said = known.map { "\($0)" } ?? "nothing"
            return isRight ? nil : "client \(client) knows \(said) of \(account), not \(truth)"
        }
    }

    /// A client has not found something out in time.
    package mutating func differs(_ words: String) {
        violations.append(Violation(property: "presence", words: words))
    }
}
