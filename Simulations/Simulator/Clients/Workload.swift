package import Determinism

/// What people do one after another; each has a share of a run's acts.
package enum PersonAct: String, Hashable, Sendable, CaseIterable {
    /// Over the socket, through the outbox of the client.
    case write
    /// Over HTTP, past the client.
    case post
    case create
    case createPublic
    /// Follows a public chat of others.
    case visit
    case invite
    case read
    case mark
    case list
    /// Looks at a private chat of others.
    case pry
    case rename
    case delete
    case me
    case goOffline
    case goOnline
    /// Fetches everything of one chat, to compare it with what was told.
    case refetch
}

/// How people use the cluster in one run: what they do, how often, in which crowds and with how
/// much text.
package struct Workload: Hashable, Sendable {
    /// How often each act is chosen relative to the others, in the order of ``PersonAct``.
    package var shares = PersonAct.allCases.map(\.share)
    /// How long a person thinks between two acts, on average.
    package var thinkTime = Interval.milliseconds(400)
    /// After how many of a hundred acts others follow at once.
    package var burstPerCent: UInt64 = 0
    /// How many acts follow at most.
    package var burstMax: UInt64 = 1
    /// Chats that one account makes and has at the same time.
    package var ownChatsMax = 4
    /// How many of a hundred messages go to the room where everybody is.
    package var hotPerCent: UInt64 = 0
    /// How many of a thousand messages are long: up to the most that a chat takes.
    package var longPerMille: UInt64 = 0
    /// How far the clocks of clients are off at most, within what the cluster takes.
    package var clockOffsetMax = Interval.zero
    /// Members of the big chat, in runs that have one.
    package var crowdCount = 30
    /// Messages that one heating of the hot chat has.
    package var heatCount = 60

    /// Everybody does everything at an even pace.
    package init() {}

    /// The workload that `generator` draws.
    package init(using generator: inout SeededGenerator) {
        // In most runs some acts are many times as common as in others, or do not happen.
        let factors: [UInt64] = [0, 1, 2, 2, 2, 2, 4, 8]
        for (index, act) in PersonAct.allCases.enumerated() {
            let factor = factors[generator.number(below: UInt64(factors.count))]
            shares[index] = act.share * (act.isVital ? max(1, factor) : factor)
        }
        thinkTime = .milliseconds(100 + generator.next(upperBound: 700))
        if generator.chance(1, in: 2) {
            burstPerCent = generator.next(upperBound: 15)
            burstMax = 1 + generator.next(upperBound: 12)
        }
        ownChatsMax = 1 + generator.number(below: 6)
        if generator.chance(1, in: 2) { hotPerCent = generator.next(upperBound: 101) }
        if generator.chance(1, in: 3) { longPerMille = generator.next(upperBound: 200) }
        if generator.chance(1, in: 3) {
            clockOffsetMax = .seconds(generator.next(upperBound: 18 * 3_600))
        }
        crowdCount = generator.chance(1, in: 4) ? 300 : 20 + generator.number(below: 100)
        heatCount = generator.chance(1, in: 12) ? 1_100 : 20 + generator.number(below: 100)
    }

    /// One line for people.
    package var words: String {
        let acts = zip(PersonAct.allCases, shares).map { "\($0.rawValue) \($1)" }
        return "an act every \(thinkTime) (\(acts.joined(separator: ", "))), bursts "
            + "\(burstPerCent) % of up to \(burstMax), own chats \(ownChatsMax), hot "
            + "\(hotPerCent) %, long \(longPerMille)‰, clocks off by \(clockOffsetMax), crowd "
            + "\(crowdCount), heat \(heatCount)"
    }
}

extension PersonAct {
    /// How often it is chosen where nothing else is drawn.
    fileprivate var share: UInt64 {
        switch self {
        case .write: 50
        case .invite: 11
        case .read, .mark: 8
        case .create: 6
        case .post, .list: 4
        case .pry: 3
        case .createPublic, .visit, .rename, .refetch: 2
        case .delete, .me, .goOffline, .goOnline: 1
        }
    }

    /// Without it there is nothing to see.
    fileprivate var isVital: Bool { self == .write || self == .goOnline }
}
