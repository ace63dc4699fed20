internal import Identity
package import Wire

/// What a node says of an account's stars is what each of its clients made of the inbox.
package struct Stars {
    private struct Told {
        var places: [MessagePlace: SequenceNumber] = [:]
        var last = SequenceNumber.zero
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many stars the clients had that were compared in the end.
    package private(set) var comparedCount: UInt64 = 0
    private var told: [Int: Told] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// A client was told this entry of its inbox; it was told all before it.
    package mutating func told(_ entry: ClientEntry, to client: Int) {
        switch entry.content {
        case .starred(let place):
            if told[client]?.places[place] != nil {
                report("client \(client) was told twice of the star at \(place)")
            }
            told[client, default: Told()].places[place] = entry.seq
        case .unstarred(let place):
            if told[client, default: Told()].places.removeValue(forKey: place) == nil {
                report("client \(client) was told that no star is at \(place), and none was")
            }
        default: break
        }
        told[client, default: Told()].last = entry.seq
    }

    /// The client begins anew, with nothing.
    package mutating func forgets(_ client: Int) { told[client] = nil }

    /// A node says where the account of a client has stars, in the end: of an inbox that goes on,
    /// what is newer than the cursor may be in it or not.
    package mutating func lists(_ stars: [ClientStar], inbox: LogCursor, to client: Int) {
        guard let told = told[client], told.last == inbox.seq else { return }
        comparedCount += UInt64(told.places.count)
        let said = stars.filter { told.places[$0.message] == $0.place }.count
        guard said == told.places.count, said == stars.count else {
            return report(
                "client \(client) has \(told.places.count) stars of \(stars.count) that a node says"
            )
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "stars", words: words))
    }
}
