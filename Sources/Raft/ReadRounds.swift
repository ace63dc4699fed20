import Determinism

/// Linearizable reads in batches (thesis 6.4): reads that came in together share one round of
/// heartbeats, and no two rounds of a term share a context (etcd #20418).
struct ReadRounds: Sendable {
    /// Reads that wait for the answers to the heartbeats of `context` or of any later one.
    struct Round: Sendable {
        let context: UInt64
        let index: LogIndex
        let tokens: [UInt64]
    }

    /// Reads that have no round yet.
    private(set) var waiting: [UInt64] = []
    /// Rounds without a quorum so far, oldest first.
    private(set) var open: [Round] = []
    /// The context of the latest heartbeats.
    private(set) var context: UInt64 = 0

    /// How many rounds may be open at a time; further reads gather for the next one.
    private static let openMax = 2

    /// How many reads are not yet answered.
    var count: Int { open.reduce(waiting.count) { $0 + $1.tokens.count } }

    /// Whether a round should be started now.
    var isRoundDue: Bool { !waiting.isEmpty && open.count < Self.openMax }

    mutating func add(_ token: UInt64) { waiting.append(token) }

    /// The context of heartbeats that are about to be sent; never used before in this term.
    mutating func nextContext() -> UInt64 {
        context += 1
        return context
    }

    /// Gives the waiting reads a round at `index`; its heartbeats carry the next context.
    mutating func startRound(at index: LogIndex) {
        precondition(isRoundDue, "a round has reads")
        open.append(Round(context: context + 1, index: index, tokens: waiting))
        waiting.removeAll(keepingCapacity: true)
    }

    /// Takes the rounds that are confirmed when a quorum has answered `context`, oldest first:
    /// those whose own heartbeats are not later.
    mutating func confirm(through context: UInt64) -> [Round] {
        guard let latest = open.lastIndex(where: { $0.context <= context }) else { return [] }
        if open[latest].context < context { Mark.readsConfirmedLater.hit() }
        defer { open.removeFirst(latest + 1) }
        return Array(open[...latest])
    }

    /// Takes every read that was not answered.
    mutating func takeAll() -> [UInt64] {
        defer { self = ReadRounds() }
        return open.flatMap(\.tokens) + waiting
    }
}
