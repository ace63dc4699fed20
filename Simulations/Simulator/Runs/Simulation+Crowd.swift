internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// A chat with many members: accounts that sign up, are invited and do nothing more.
struct Crowd {
    let creator: Int
    let chat: ChatID
    var members: [Member] = []
    var joinedCount = 0

    struct Member {
        let phone: String
        var account: AccountID?
        var hasJoined = false
    }
}

extension Simulation {
    /// Members that sign up at the same time.
    private static let crowdWidth = 16

    /// Somebody invites a crowd; once in a run.
    func strikeBigChat() {
        guard crowd == nil, let person = writer(for: .bigChat),
            let chat = injector.pick(
                .bigChat, person.owner.own.filter { !publicChats.contains($0) })
        else { return }
        injector.count(.bigChat)
        crowd = Crowd(creator: person.index, chat: chat)
        for _ in 0..<Self.crowdWidth { addToCrowd() }
    }

    private func addToCrowd() {
        guard phase == .safety, let crowd, crowd.members.count < settings.workload.crowdCount
        else { return }
        let number = crowd.members.count
        let phone = "+49152\(String(1_000_000 + number))"
        self.crowd?.members.append(Crowd.Member(phone: phone))
        let person = people[crowd.creator]
        ask(
            .requestCode(phone: phone, codeHash: crowdCode(number), cmid: freshID(of: person)),
            for: .crowd(number), by: person)
    }

    private func crowdCode(_ number: Int) -> [UInt8] {
        SimulatedDigest().digest(Array("code of the crowd's \(number)".utf8))
    }

    /// A step of one member was done: the next, or the next member.
    func advanceCrowd(_ number: Int, _ response: ClientResponse, _ person: SimulatedPerson) {
        guard let crowd, let creator = person.account else { return }
        switch response {
        case .codeRequested:
            ask(
                .signIn(
                    SignIn(
                        phone: crowd.members[number].phone, codeHash: crowdCode(number),
                        device: "crowd", newAccount: AccountID(using: &person.generator),
                        session: SessionID(using: &person.generator),
                        secretHash: crowdCode(number), cmid: freshID(of: person))),
                for: .crowd(number), by: person)
        case .signedIn(let account, _):
            self.crowd?.members[number].account = account.id
            ask(
                .invite(
                    creator, crowd.chat, .phone(crowd.members[number].phone),
                    cmid: freshID(of: person)), for: .crowd(number), by: person)
        case .person(let guest):
            if guest.id != crowd.members[number].account {
                history.report("sense", "\(guest.id) was invited as the crowd's \(number)")
            }
            self.crowd?.members[number].hasJoined = true
            self.crowd?.joinedCount += 1
            counters.crowdJoined += 1
            endCrowdStep(of: number)
        default: history.report("sense", "the crowd's \(number) was answered \(response)")
        }
    }

    /// One member has joined, or was given up: the next.
    func endCrowdStep(of number: Int) { addToCrowd() }

    /// Asks who is in the big chat in the end.
    func askForCrowd() {
        guard let crowd, let account = people[crowd.creator].account else { return }
        ask(.chat(account, crowd.chat), for: .finalMembers(crowd.chat), by: people[crowd.creator])
    }

    /// The members that are listed are those that the log says, and each has the chat in its list.
    func judgeCrowd(_ chat: ClientChat, _ members: [ClientMember], of id: ChatID) {
        guard let crowd else { return }
        let listed = members.map(\.account)
        for (number, member) in crowd.members.enumerated() where member.hasJoined {
            guard let account = member.account else { continue }
            if !listed.contains(account) {
                history.report("members", "the crowd's \(number) is no member of \(id)")
            }
            let added = log(.inbox(account))?.count { $0.content == .chatAdded(id) } ?? 0
            if added != 1 {
                history.report("members", "the crowd's \(number) was told \(added) times of \(id)")
            }
        }
        if UInt64(listed.count) != chat.memberCount {
            history.report(
                "members", "\(id) has \(listed.count) members and says \(chat.memberCount)")
        }
    }
}
