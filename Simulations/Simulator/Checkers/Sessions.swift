package import Determinism
package import Identity

/// A session that was closed opens no socket any more, and is told nothing that its account's inbox
/// has from then on.
package struct Sessions {
    /// What did not hold.
    package private(set) var violations: [Violation] = []
    private var ends: [SessionID: Instant] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// How many sessions were closed.
    package var endedCount: Int { ends.count }

    /// At `now` it is known that the cluster has closed the session.
    package mutating func ended(_ session: SessionID, at now: Instant) {
        if ends[session] == nil { ends[session] = now }
    }

    /// A socket that was opened at `opened` was welcomed in the name of the session.
    package mutating func welcomed(_ session: SessionID, onSocketOpenedAt opened: Instant) {
        guard let end = ends[session], opened > end else { return }
        report("\(session) ended at \(end) and was welcomed on a socket opened at \(opened)")
    }

    /// The client of the session `own` was told the inbox entry that closed `session`.
    package mutating func told(endOf session: SessionID, to own: SessionID?) {
        guard session == own else { return }
        report("\(session) was told of its own end, and so of what came with it")
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "sessions", words: words))
    }
}
