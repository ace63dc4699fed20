internal import Determinism
internal import Identity

extension ServerFrame {
    /// Bytes of one frame that a client takes: a full difference, escaped.
    package static let byteCountMax = 8_388_608

    /// Reads the text of a frame.
    package init(decoding bytes: [UInt8]) throws(ClientFrameError) {
        let object = try JSONObject(parsing: bytes, byteCountMax: ServerFrame.byteCountMax)
        let kind = try object.string("kind")
        switch kind {
        case "welcome": self = .welcome(try Welcome(object))
        case "difference": self = .difference(try DifferenceFrame(object))
        case "tooLong": self = .tooLong(try TooLongFrame(object))
        case "live": self = .live
        case "push":
            let entry = try ClientEntry(try object.object("entry"))
            guard entry.seq == (try object.seq()) else { throw .wrong("seq") }
            self = .push(try object.log(), epoch: try object.integer("epoch"), entry)
        case "marks":
            guard let marks = try MarksFields(object) else { throw .missing("marks") }
            self = .marks(try object.id("chat"), marks)
        case "advanced": self = .advanced(try object.log(), try object.position("head"))
        case "ack":
            self = .ack(
                try object.messageID("cmid"), try object.id("chat"),
                LogPosition(seq: try object.seq(), n: try object.ordinal()),
                time: try object.wallTime("ts"))
        case "error": self = .error(try ErrorFrame(object))
        case "pong":
            self = .pong(
                inbox: try object.object("inbox").cursor(), ticket: try object.string("ticket"),
                now: try object.wallTime("now"))
        case "goaway":
            self = .goaway(
                after: try object.milliseconds("after"), spread: try object.milliseconds("spread"),
                reason: try object.string("reason"))
        case "resync": self = .resync
        case "authExpired": self = .authExpired
        case "slowDown": self = .slowDown(retryAfter: try object.milliseconds("retryAfter"))
        case "typing":
            self = .typing(
                try object.id("chat"), try object.id("account"), seq: try object.seq())
        case "presence":
            var people: [PersonPresence] = []
            for person in try object.array("people") {
                people.append(try PersonPresence(try JSONObject(person)))
            }
            self = .presence(people)
        default: throw .unknownKind(String(kind.prefix(32)))
        }
    }
}

extension MarksFields {
    /// Nil when the frame tells no marks.
    fileprivate init?(_ object: JSONObject) throws(ClientFrameError) {
        guard let version = try object.optionalInteger("marksVersion") else { return nil }
        var marks: [ReadMark] = []
        for mark in try object.array("marks") {
            let mark = try JSONObject(mark)
            marks.append(ReadMark(account: try mark.id("account"), n: try mark.ordinal()))
        }
        self.init(version: version, marks: marks)
    }
}

extension Welcome {
    fileprivate init(_ object: JSONObject) throws(ClientFrameError) {
        var nodes: [String] = []
        for node in try object.array("nodes") {
            guard case .string(let url) = node else { throw .wrong("nodes") }
            nodes.append(url)
        }
        let seconds = try object.integer("heartbeat")
        guard 1...3_600 ~= seconds else { throw .wrong("heartbeat") }
        self.init(
            account: try ClientPerson(try object.object("account")),
            session: try object.id("session"), heartbeat: .seconds(seconds),
            now: try object.wallTime("now"), limits: try ClientLimits(try object.object("limits")),
            nodes: nodes, ticket: try object.string("ticket"),
            bearer: try object.optionalString("bearer"),
            inbox: try object.object("inbox").cursor())
    }
}

extension ClientLimits {
    /// Limits that are missing are those of the first version of the protocol.
    fileprivate init(_ object: JSONObject) throws(ClientFrameError) {
        self.init(
            textCharacters: try object.optionalInteger("textCharacters") ?? 4_096,
            textBytes: try object.optionalInteger("textBytes") ?? 16_384,
            frameBytes: try object.optionalInteger("frameBytes") ?? 65_536,
            differenceEntries: try object.optionalInteger("differenceEntries") ?? 1_000,
            pageEntries: try object.optionalInteger("pageEntries") ?? 100,
            nameCharacters: try object.optionalInteger("nameCharacters") ?? 32,
            fullNameCharacters: try object.optionalInteger("fullNameCharacters") ?? 128,
            openChats: try object.optionalInteger("openChats") ?? 512,
            typingPause: try object.optionalInteger("typingPause") ?? 0,
            watched: try object.optionalInteger("watched") ?? 0)
    }
}

extension DifferenceFrame {
    fileprivate init(_ object: JSONObject) throws(ClientFrameError) {
        var entries: [ClientEntry] = []
        for entry in try object.array("entries") {
            entries.append(try ClientEntry(try JSONObject(entry)))
        }
        for (earlier, later) in zip(entries, entries.dropFirst())
        where later.seq != earlier.seq.next {
            throw .wrong("entries")
        }
        self.init(
            log: try object.log(), epoch: try object.integer("epoch"), entries: entries,
            head: try object.position("head"), marks: try MarksFields(object),
            hasMore: try object.bool("more"))
    }
}

extension TooLongFrame {
    fileprivate init(_ object: JSONObject) throws(ClientFrameError) {
        self.init(
            log: try object.log(), epoch: try object.integer("epoch"),
            head: try object.position("head"), tail: try object.position("tail"),
            marks: try MarksFields(object))
    }
}

extension ErrorFrame {
    fileprivate init(_ object: JSONObject) throws(ClientFrameError) {
        self.init(
            cmid: object["cmid"] == nil ? nil : try object.messageID("cmid"),
            log: object["log"] == nil ? nil : try object.log(), code: try object.string("code"),
            message: try object.string("message"), isRetryable: try object.bool("retryable"),
            retryAfter: object["retryAfter"] == nil ? nil : try object.milliseconds("retryAfter"))
    }
}
