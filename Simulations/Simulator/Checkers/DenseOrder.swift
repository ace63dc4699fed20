package import Identity
package import Wire

/// Whoever sees an entry of a log at a number sees the same entry there, with the same words unless
/// others came with an edit, and numbers of a full log are dense from 1, as are the ordinals of its
/// messages. What people say of a message is for ``Reactions``.
package struct DenseOrder {
    private struct Place: Hashable {
        let log: LogID
        let seq: SequenceNumber
    }

    package private(set) var violations: [Violation] = []
    private var canonical: [Place: ClientEntry] = [:]

    /// The words of an entry since an edit.
    private struct Words: Hashable {
        let place: Place
        let edition: SequenceNumber?
    }

    private var words: [Words: ClientEntry] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// Somebody was shown an entry in `log`.
    package mutating func saw(_ shown: ClientEntry, in log: LogID, by whom: String) {
        let entry = shown.withoutReactions
        let place = Place(log: log, seq: entry.seq)
        let version = Words(place: place, edition: entry.edition?.seq)
        let first = canonical[place] ?? entry
        canonical[place] = first
        let said = entry.isNameless ? entry : words[version] ?? entry
        if !entry.isNameless { words[version] = said }
        if first.withoutWords != entry.withoutWords || said != entry {
            report("\(whom) saw \(entry) at \(entry.seq) of \(log), others \(first), \(said)")
        }
    }

    /// A replica holds exactly these entries of `log`, ascending.
    package mutating func holds(_ entries: [ClientEntry], of log: LogID, on replica: String) {
        var n = Ordinal.zero
        for (offset, entry) in entries.enumerated() {
            if entry.seq.rawValue != UInt64(offset) + 1 {
                return report("\(replica) has \(entry.seq) of \(log) at place \(offset + 1)")
            }
            if entry.n > .zero || entry.content == .erased {
                if entry.n.rawValue != n.rawValue + 1 {
                    report("\(replica) has the ordinal \(entry.n) after \(n) in \(log)")
                }
                n = entry.n
            }
            saw(entry, in: log, by: replica)
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "dense order", words: words))
    }
}
