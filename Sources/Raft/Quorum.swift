import Determinism
import Identity

/// Majorities, plain and joint (Raft 5.2, 5.4.2, 6): pure functions of a configuration.
enum Quorum {
    /// How a vote stands.
    enum Verdict: Hashable {
        case pending
        case won
        case lost
    }

    /// How many of `count` are a majority.
    static func majority(of count: Int) -> Int { count / 2 + 1 }

    /// The highest value that a majority of each half has reached; nil for an empty configuration.
    static func reached<Value: Comparable>(
        by configuration: Configuration, _ value: (ReplicaID) -> Value
    ) -> Value? {
        let needed = majority(of: configuration.voters.count)
        if Canary.countedLearner.lives, !configuration.isJoint, !configuration.learners.isEmpty {
            let all = (configuration.voters + configuration.learners).map(value)
            return all.sorted(by: >)[needed - 1]
        }
        guard let incoming = reached(by: configuration.voters, value) else { return nil }
        guard let outgoing = reached(by: configuration.votersOutgoing, value),
            !Canary.jointByNewAlone.lives
        else { return incoming }
        return min(incoming, outgoing)
    }

    /// Whether a majority of each half satisfies the predicate; false for an empty configuration.
    static func holds(in configuration: Configuration, _ predicate: (ReplicaID) -> Bool) -> Bool {
        verdict(in: configuration) { predicate($0) } == .won
    }

    /// How a vote stands, given what each voter answered; nil is no answer yet.
    static func verdict(in configuration: Configuration, _ answer: (ReplicaID) -> Bool?) -> Verdict
    {
        guard !configuration.isEmpty else { return .lost }
        let incoming = verdict(of: configuration.voters, answer)
        guard configuration.isJoint, !Canary.jointByNewAlone.lives else { return incoming }
        let outgoing = verdict(of: configuration.votersOutgoing, answer)
        if incoming == .lost || outgoing == .lost { return .lost }
        return incoming == .won && outgoing == .won ? .won : .pending
    }

    private static func reached<Value: Comparable>(
        by voters: [ReplicaID], _ value: (ReplicaID) -> Value
    ) -> Value? {
        guard !voters.isEmpty else { return nil }
        let sorted = voters.map(value).sorted(by: >)
        return sorted[Canary.commitByMinority.lives ? 0 : majority(of: sorted.count) - 1]
    }

    private static func verdict(of voters: [ReplicaID], _ answer: (ReplicaID) -> Bool?) -> Verdict {
        var granted = 0
        var refused = 0
        for id in voters {
            switch answer(id) {
            case true: granted += 1
            case false: refused += 1
            case nil: break
            }
        }
        let needed = majority(of: voters.count)
        if granted >= needed { return .won }
        return voters.count - refused < needed ? .lost : .pending
    }
}
