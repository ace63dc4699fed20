import Wire

/// Who lives in a demo and what they say there: the file `cluster/demo.json`.
///
/// A chat begins with small talk, which is drawn from the exchanges of its languages, and ends with
/// a scene, which is said as it is written.
struct DemoScript: Hashable, Sendable {
    /// Somebody with a phone number, which is one that belongs to nobody.
    struct Person: Hashable, Sendable {
        let key: String
        let profile: Profile
    }

    /// A line of a scene.
    struct Line: Hashable, Sendable {
        let speaker: String
        let text: String
        /// By which other lines name it.
        let key: String?
        /// The key of the earlier line that it answers.
        let answers: String?
        /// What its speaker makes of it afterwards.
        let becomes: String?
        /// Who has a star at it.
        let stars: [String]
    }

    /// A chat; the first of its members makes it.
    struct Chat: Hashable, Sendable {
        let key: String
        let name: String
        let fullName: String
        let members: [String]
        /// What its small talk is drawn from; a language that stands there twice comes twice as
        /// often.
        let languages: [String]
        /// Messages of small talk.
        let talkCount: Int
        /// Messages that the first person of the demo has not read.
        let unreadCount: UInt64
        let scene: [Line]
    }

    /// What is said between the scenes: exchanges of lines, in which `{food}` stands for one of the
    /// words of that name.
    struct Language: Hashable, Sendable {
        let words: [Words]
        let exchanges: [[String]]
    }

    /// The words that a place of an exchange may have.
    struct Words: Hashable, Sendable {
        let slot: String
        let choices: [String]
    }

    /// A line of one scene that somebody forwards to another chat, when all is said.
    struct Forward: Hashable, Sendable {
        let from: String
        let message: String
        let to: String
        let speaker: String
    }

    let people: [Person]
    let languages: [String: Language]
    let chats: [Chat]
    let forwards: [Forward]

    private static let byteCountMax = 1 << 20
    private static let slots = ["food", "place", "day"]

    /// Reads the text of the file; throws when something is missing, or names what is not there.
    init(parsing bytes: [UInt8]) throws(ClientFrameError) {
        let object = try JSONObject(parsing: bytes, byteCountMax: DemoScript.byteCountMax)
        people = try object.objects("people").map { value throws(ClientFrameError) in
            Person(
                key: try value.string("key"),
                profile: Profile(
                    phone: try value.string("phone"), name: try value.string("name"),
                    username: try value.string("username")))
        }
        chats = try object.objects("chats").map(DemoScript.chat)
        forwards = try object.objects("forwards").map { value throws(ClientFrameError) in
            Forward(
                from: try value.string("from"), message: try value.string("message"),
                to: try value.string("to"), speaker: try value.string("by"))
        }
        let talk = try object.object("talk")
        var languages: [String: Language] = [:]
        for name in chats.flatMap(\.languages) where languages[name] == nil {
            languages[name] = try DemoScript.language(try talk.object(name))
        }
        self.languages = languages
        try check()
    }

    /// The place of somebody among the people.
    func number(of key: String) -> Int? { people.firstIndex { $0.key == key } }

    /// Messages that a chat has when all is said.
    func messageCount(of chat: Chat) -> Int {
        chat.talkCount + chat.scene.count + forwards.count { $0.to == chat.key }
    }

    private func check() throws(ClientFrameError) {
        guard !people.isEmpty else { throw .wrong("people") }
        for chat in chats {
            let members = Set(chat.members)
            let lines = Set(chat.scene.compactMap(\.key))
            let isWhole =
                members.count > 1 && members.count == chat.members.count
                && members.allSatisfy { number(of: $0) != nil }
                && chat.scene.allSatisfy {
                    members.contains($0.speaker) && members.isSuperset(of: $0.stars)
                        && ($0.answers.map(lines.contains) ?? true)
                }
            guard isWhole else { throw .wrong(chat.key) }
        }
        for forward in forwards {
            let isKnown =
                chats.contains { chat in
                    chat.key == forward.from && chat.members.contains(forward.speaker)
                        && chat.scene.contains { $0.key == forward.message }
                }
                && chats.contains {
                    $0.key == forward.to && $0.members.contains(forward.speaker)
                }
            guard isKnown else { throw .wrong(forward.message) }
        }
    }

    private static func chat(_ value: JSONObject) throws(ClientFrameError) -> Chat {
        Chat(
            key: try value.string("key"), name: try value.string("name"),
            fullName: try value.string("fullName"), members: try value.strings("members"),
            languages: try value.strings("talk"),
            talkCount: Int(clamping: try value.integer("messages")),
            unreadCount: try value.integer("unread"),
            scene: try value.objects("scene").map(line))
    }

    private static func line(_ value: JSONObject) throws(ClientFrameError) -> Line {
        Line(
            speaker: try value.string("by"), text: try value.string("text"),
            key: try value.optionalString("key"), answers: try value.optionalString("answers"),
            becomes: try value.optionalString("becomes"),
            stars: value["stars"] == nil ? [] : try value.strings("stars"))
    }

    private static func language(_ value: JSONObject) throws(ClientFrameError) -> Language {
        let object = try value.object("words")
        var words: [Words] = []
        for slot in slots where object[slot] != nil {
            words.append(Words(slot: "{\(slot)}", choices: try object.strings(slot)))
        }
        var exchanges: [[String]] = []
        for exchange in try value.array("exchanges") {
            exchanges.append(try JSONObject.strings(exchange, "exchanges"))
        }
        guard !exchanges.isEmpty, words.allSatisfy({ !$0.choices.isEmpty }) else {
            throw .wrong("exchanges")
        }
        return Language(words: words, exchanges: exchanges)
    }
}

extension JSONObject {
    fileprivate func objects(_ name: String) throws(ClientFrameError) -> [JSONObject] {
        var objects: [JSONObject] = []
        for value in try array(name) { objects.append(try JSONObject(value)) }
        return objects
    }

    fileprivate func strings(_ name: String) throws(ClientFrameError) -> [String] {
        try JSONObject.strings(.array(try array(name)), name)
    }

    fileprivate static func strings(
        _ value: JSONValue, _ name: String
    ) throws(ClientFrameError) -> [String] {
        guard case .array(let values) = value else { throw .wrong(name) }
        var strings: [String] = []
        for value in values {
            guard case .string(let text) = value else { throw .wrong(name) }
            strings.append(text)
        }
        return strings
    }
}
