import ClientSession
import ClientTransport
import Identity
import Wire

/// Fills a cluster with a demo, or goes on where an earlier run was interrupted: whatever is sent
/// has an id that only its place in the script and the age of its chat decide, so that the cluster
/// knows what it has already.
struct DemoRun: Sendable {
    let cluster: LoadedCluster
    let script: DemoScript
    /// The people's accounts, in their order.
    private let accounts: [Account]
    private let stage: DemoStage
    /// When the first person may have another code, which whoever looks at the demo will ask for.
    private let codeTime: UInt64

    /// What is known of a chat that is there.
    struct Place: Sendable {
        let play: DemoPlay
        let id: ChatID
        /// When it was made, in milliseconds since 1970.
        let birth: UInt64
        /// Messages that it has already.
        let messageCount: Int
    }

    /// How long a cluster sends no other code to a number, and a little more.
    private static let codePause: UInt64 = 31_000_000_000
    private static let marksTries = 200
    private static let marksPause = Duration.milliseconds(50)

    /// Signs the people in. Throws ``LoadFailure`` when one of their numbers or names is somebody
    /// else's.
    init(_ cluster: LoadedCluster, _ script: DemoScript) async throws {
        self.cluster = cluster
        self.script = script
        let book = AccountBook(
            cluster: cluster.file, connector: cluster.connector, fileName: "demo-accounts.jsonl")
        let profiles = script.people.map(\.profile)
        let isNew = try await book.known(profiles[0]) == nil
        accounts = try await book.accounts(of: profiles)
        codeTime = isNew ? Moment.now + DemoRun.codePause : 0
        stage = DemoStage(cluster.connector)
    }

    /// Makes what is missing; how many messages that were.
    func fill() async throws -> Int {
        var places: [Place] = []
        for chat in script.chats { places.append(try await place(chat)) }
        let missing = places.map {
            max(0, script.messageCount(of: $0.play.chat) - $0.messageCount)
        }.reduce(0, +)
        guard missing > 0 else { return 0 }
        Progress.tell("sending \(missing) messages")
        try await stage.enter(accounts, urls: cluster.urls)
        let said = try await say(all: places)
        try await star(places, said)
        try await forward(places, said)
        try await read(places)
        await stage.leave()
        let now = Moment.now
        if now < codeTime {
            Progress.tell("waiting until \(script.people[0].profile.phone) may have another code")
            try await Task.sleep(for: .nanoseconds(Int64(codeTime - now)))
        }
        return missing
    }

    // MARK: Chats

    private func place(_ chat: DemoScript.Chat) async throws -> Place {
        let members = chat.members.compactMap(script.number).map { accounts[$0] }
        let asker = NodeAsker(cluster.connector, cluster.urls[0])
        defer { Task { await asker.close() } }
        let caller = NodeCaller(asker, token: members[0].token)
        let id: ChatID
        if let known = try await known(chat, of: members[0], caller) {
            id = known
        } else {
            id = try await caller.makeChat(.private, name: chat.name, fullName: chat.fullName)
        }
        try await caller.invite(members.dropFirst(), to: id)
        let page = try await caller.get("/api/chats/\(id.text)/entries?before=2&limit=1")
        guard let first = try page.array("entries").first else {
            throw LoadFailure.refused(request: "the first entry", status: 404, code: "notFound")
        }
        return Place(
            play: DemoPlay(chat, of: script), id: id,
            birth: try JSONObject(first).integer("ts"),
            messageCount: Int(clamping: try page.object("head").integer("n")))
    }

    private func known(
        _ chat: DemoScript.Chat, of creator: Account, _ caller: NodeCaller
    ) async throws -> ChatID? {
        for value in try await caller.get("/api/chats").array("chats") {
            let found = try JSONObject(value)
            guard try found.optionalID("creator", as: AccountID.self) == creator.id,
                try found.string("name") == chat.name
            else { continue }
            return try found.id("id")
        }
        return nil
    }

    // MARK: Messages

    /// Says everything, in all chats at once and in each line by line; where the lines stand.
    private func say(all places: [Place]) async throws -> [[SequenceNumber]] {
        try await withThrowingTaskGroup(of: (Int, [SequenceNumber]).self) { group in
            for (number, place) in places.enumerated() {
                group.addTask { (number, try await say(place)) }
            }
            var said: [[SequenceNumber]] = Array(repeating: [], count: places.count)
            for try await (number, seqs) in group { said[number] = seqs }
            return said
        }
    }

    private func say(_ place: Place) async throws -> [SequenceNumber] {
        var seqs: [SequenceNumber] = []
        for (index, line) in place.play.lines.enumerated() {
            guard let person = script.number(of: line.speaker) else { continue }
            let at = try await stage.say(
                OutgoingMessage(
                    cmid: place.play.id("line", place: index, birth: place.birth), chat: place.id,
                    text: line.text, replyTo: line.answers.map { seqs[$0] }), as: person)
            seqs.append(at.seq)
            guard let words = line.becomes else { continue }
            _ = try await stage.say(
                OutgoingMessage(
                    cmid: place.play.id("edit", place: index, birth: place.birth), chat: place.id,
                    text: words, edits: at.seq), as: person)
        }
        return seqs
    }

    private func star(_ places: [Place], _ said: [[SequenceNumber]]) async throws {
        let asker = NodeAsker(cluster.connector, cluster.urls[0])
        defer { Task { await asker.close() } }
        for (place, seqs) in zip(places, said) {
            for (line, seq) in zip(place.play.lines, seqs) {
                for person in line.stars.compactMap(script.number) {
                    _ = try await NodeCaller(asker, token: accounts[person].token).ask(
                        "PUT", "/api/chats/\(place.id.text)/stars/\(seq.rawValue)", nil)
                }
            }
        }
    }

    private func forward(_ places: [Place], _ said: [[SequenceNumber]]) async throws {
        for (number, forward) in script.forwards.enumerated() {
            guard let from = places.firstIndex(where: { $0.play.chat.key == forward.from }),
                let to = places.first(where: { $0.play.chat.key == forward.to }),
                let line = places[from].play.lines.firstIndex(where: { $0.key == forward.message }),
                let person = script.number(of: forward.speaker)
            else { continue }
            _ = try await stage.say(
                OutgoingMessage(
                    cmid: to.play.id(
                        "forward", place: to.play.lines.count + number, birth: to.birth),
                    chat: to.id, text: places[from].play.lines[line].text,
                    forwards: MessagePlace(chat: places[from].id, seq: said[from][line])),
                as: person)
        }
    }

    // MARK: Read marks

    /// Everybody reads all of it, but for what the first person finds unread.
    private func read(_ places: [Place]) async throws {
        for person in script.people.indices {
            var marks: [ChatID: UInt64] = [:]
            for place in places where place.play.chat.members.contains(script.people[person].key) {
                let count = UInt64(script.messageCount(of: place.play.chat))
                let unread = person == 0 ? place.play.chat.unreadCount : 0
                marks[place.id] = count - min(unread, count)
                await stage.read(place.id, to: Ordinal(count - min(unread, count)), as: person)
            }
            try await untilRead(marks, by: person)
        }
    }

    private func untilRead(_ marks: [ChatID: UInt64], by person: Int) async throws {
        let account = accounts[person]
        let asker = NodeAsker(cluster.connector, cluster.urls[0])
        defer { Task { await asker.close() } }
        for number in 1...DemoRun.marksTries {
            let list = try await NodeCaller(asker, token: account.token).get("/api/chats")
            var isRead = true
            for value in try list.array("chats") {
                let chat = try JSONObject(value)
                let mark = marks[try chat.id("id")] ?? 0
                if try chat.integer("mark") < mark { isRead = false }
            }
            if isRead { return }
            // A node that asks to go slower has passed over what was sent.
            if number.isMultiple(of: 20) { await stage.enterAgain(person) }
            try await Task.sleep(for: DemoRun.marksPause)
        }
        throw LoadFailure.notTaken("the read marks of \(account.username)")
    }
}
