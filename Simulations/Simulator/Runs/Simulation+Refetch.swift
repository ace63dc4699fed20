internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// When everything is quiet everybody fetches all anew, and it must be what they have.
extension Simulation {
    /// Marks are told late to who was slow; that long and so often is waited for them.
    private static let refetchPause = Interval.seconds(4)
    private static let refetchesMax = 5
    /// Pages of one chat that one person fetches in the end.
    private static let pagesMax = 4

    func refetchAll() {
        for person in people where person.isStarted {
            guard let account = person.account else { continue }
            ask(.chats(account), for: .finalChats, by: person)
            ask(.stars(account), for: .finalStars, by: person)
            ask(.chatSettings(account), for: .finalSettings, by: person)
            ask(.drafts(account, of: nil), for: .finalDrafts, by: person)
            for chat in person.chats {
                ask(
                    .history(
                        account, chat, before: nil, after: nil, limit: SessionLimits.pageMax),
                    for: .finalHistory(chat), by: person)
                askForLinks(of: chat, by: person, account)
            }
        }
        askForCrowd()
        guard answerAll() else { return }
        history.settings.judgeChanges()
        for attempt in 1...Self.refetchesMax {
            let differences = listDifferences()
            if differences.isEmpty { return }
            guard attempt < Self.refetchesMax else {
                for words in differences { history.refetch.differs(words) }
                return
            }
            cluster.run(until: cluster.now + Self.refetchPause)
            askForLists()
            guard answerAll() else { return }
        }
    }

    private func askForLists() {
        for person in people where person.isStarted {
            if let account = person.account { ask(.chats(account), for: .finalChats, by: person) }
        }
    }

    /// Lets everything be answered; whether it was.
    func answerAll() -> Bool {
        let before = nextOperation
        let isAnswered = cluster.run(until: cluster.now + .seconds(30)) {
            history.isSound && !openOperations.isEmpty
        }
        if !isAnswered {
            history.report("convergence", "operations before \(before) have no answer in the end")
        }
        return history.isSound
    }

    private func listDifferences() -> [String] {
        var differences: [String] = []
        for (index, chats) in finalLists {
            for chat in chats {
                if let words = history.refetch.difference(to: chat, of: index) {
                    differences.append(words)
                }
            }
        }
        finalLists = []
        return differences
    }

    /// Fetches the page before one that was fetched.
    func refetchMore(of chat: ChatID, before page: EntryPage, _ person: SimulatedPerson) {
        guard let first = page.entries.first, let account = person.account,
            first.seq > SequenceNumber(1),
            page.head.seq.rawValue - first.seq.rawValue
                < UInt64(Self.pagesMax * SessionLimits.pageMax)
        else { return }
        ask(
            .history(
                account, chat, before: first.seq, after: nil, limit: SessionLimits.pageMax),
            for: .finalHistory(chat), by: person)
    }

    // MARK: Names

    /// Every contested name is taken exactly when a chat is called so: no two have it, and none
    /// that was let go is lost.
    func probeNames() -> [Violation] {
        guard let person = people.first(where: { $0.isStarted }), let account = person.account,
            !publicChats.isEmpty
        else { return [] }
        for name in Self.contestedNames {
            let holders = publicChats.filter { currentName(of: $0) == name }
            if holders.count > 1 {
                history.report("names", "\(holders) are all called \(name)")
            }
            ask(
                .createChat(
                    account, kind: .public, name: name, fullName: "", cmid: freshID(of: person)),
                for: .finalName(name, isTaken: !holders.isEmpty), by: person)
        }
        _ = answerAll()
        return history.violations
    }

    /// What a public chat is called; nil when it is deleted or was never made.
    private func currentName(of chat: ChatID) -> String? {
        var current: String?
        for entry in log(.chat(chat)) ?? [] {
            switch entry.content {
            case .created(let name, _), .renamed(let name, _): current = name
            case .deleted: return nil
            default: break
            }
        }
        return current
    }
}
