package import Identity
package import Wire

/// A client that follows a log from a position is told every later entry once, in order, without a
/// gap that it was not told of.
package struct Delivery {
    private struct Place: Hashable {
        let client: Int
        let log: ClientLog
    }

    package private(set) var violations: [Violation] = []
    private var positions: [Place: SequenceNumber] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// Where a client is in a log that it follows.
    package func position(of client: Int, in log: ClientLog) -> SequenceNumber? {
        positions[Place(client: client, log: log)]
    }

    /// The client follows `log` from after `seq`.
    package mutating func follows(_ log: ClientLog, after seq: SequenceNumber, by client: Int) {
        positions[Place(client: client, log: log)] = seq
    }

    /// The client follows `log` no longer.

    package mutating func stops(_ log: ClientLog, by client: Int) {
        positions[Place(client: client, log: log)] = nil
    }

    /// The client was told an entry.
    package mutating func told(_ seq: SequenceNumber, of log: ClientLog, to client: Int) {
        let place = Place(client: client, log: log)
        guard let position = positions[place] else {
            return report("client \(client) was told \(seq) of \(log), which it does not follow")
        }
        if seq.rawValue != position.rawValue + 1 {
            report("client \(client) was told \(seq) of \(log) after \(position)")
        }
        positions[place] = seq
    }

    /// The client was told that it goes on after `head`.
    package mutating func skipped(to head: SequenceNumber, of log: ClientLog, by client: Int) {
        positions[Place(client: client, log: log)] = head
    }

    /// In the end the log ends at `head`; the client must have come there.
    package mutating func ended(at head: SequenceNumber, of log: ClientLog, for client: Int) {
        let position = positions[Place(client: client, log: log)]
        if position != head {
            report(
                "client \(client) is at \(position.map { "\($0)" } ?? "nothing") of \(log), which "
                    + "ends at \(head)")
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "delivery", words: words))
    }
}
