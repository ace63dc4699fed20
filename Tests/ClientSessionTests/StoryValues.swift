import ClientSession
import Determinism
import Identity
import Wire

extension ClientEvent {
    /// Reads an event of a story.
    init(_ object: JSONObject) throws {
        switch try object.string("kind") {
        case "start":
            var logs: [Hello.Open] = []
            for log in try object.array("logs") {
                let log = try JSONObject(log)
                logs.append(Hello.Open(chat: try log.id("chat"), cursor: try log.cursor()))
            }
            var nodes: [String] = []
            for case .string(let node) in try object.array("nodes") { nodes.append(node) }
            var outbox: [OutgoingMessage] = []
            for message in try object.array("outbox") {
                outbox.append(try OutgoingMessage(JSONObject(message)))
            }
            self = .start(
                ClientStart(
                    home: try object.string("home"), nodes: nodes,
                    hasCookies: try object.bool("cookies"),
                    bearer: try object.optionalString("bearer"),
                    inbox: try object.object("inbox").cursor(), logs: logs, outbox: outbox))
        case "opened": self = .opened
        case "closed": self = .closed(code: UInt16(try object.integer("code")))
        case "frame":
            var writer = JSONWriter()
            object["frame"]?.write(to: &writer)
            self = .frame(try ServerFrame(decoding: writer.bytes))
        case "timer": self = .timer(try ClientTimer(text: object.string("timer")))
        case "follow": self = .follow(try object.id("chat"), try object.cursor())
        case "unfollow": self = .unfollow(try object.id("chat"))
        case "send": self = .send(try OutgoingMessage(object))
        case "retry": self = .retry(try object.messageID("cmid"))
        case "discard": self = .discard(try object.messageID("cmid"))
        case "read": self = .read(try object.id("chat"), try object.ordinal())
        case "offline": self = .offline
        case "online": self = .online
        case "wake": self = .wake
        case "stop": self = .stop
        case let kind: throw ClientFrameError.unknownKind(kind)
        }
    }
}

extension OutgoingMessage {
    init(_ object: JSONObject) throws {
        self.init(
            cmid: try object.messageID("cmid"), chat: try object.id("chat"),
            text: try object.string("text"), replyTo: try object.optionalSeq("replyTo"),
            edits: try object.optionalSeq("edits"), deletes: try object.optionalSeq("deletes"),
            forwards: object["forwards"] == nil
                ? nil : try MessagePlace(object.object("forwards")),
            reacts: object["reacts"] == nil
                ? nil : try OutgoingReaction(object.object("reacts")))
    }

    var vector: JSONValue {
        var members = [
            JSONMember(name: "cmid", value: .string(cmid.text)),
            JSONMember(name: "chat", value: .string(chat.text)),
            JSONMember(name: "text", value: .string(text)),
        ]
        if let replyTo {
            members.append(JSONMember(name: "replyTo", value: .integer(replyTo.rawValue)))
        }
        if let edits {
            members.append(JSONMember(name: "edits", value: .integer(edits.rawValue)))
        }
        if let deletes {
            members.append(JSONMember(name: "deletes", value: .integer(deletes.rawValue)))
        }
        if let forwards {
            members.append(
                JSONMember(
                    name: "forwards",
                    value: .object([
                        JSONMember(name: "chat", value: .string(forwards.chat.text)),
                        JSONMember(name: "seq", value: .integer(forwards.seq.rawValue)),
                    ])))
        }
        if let reacts {
            members.append(JSONMember(name: "reacts", value: reacts.vector))
        }
        return .object(members)
    }
}

extension OutgoingReaction {
    fileprivate init(_ object: JSONObject) throws {
        self.init(
            target: try object.target(),
            emoji: object["emoji"] == nil ? nil : try object.string("emoji"))
    }

    fileprivate var vector: JSONValue {
        var members = [JSONMember(name: "target", value: .integer(target.rawValue))]
        if let emoji { members.append(JSONMember(name: "emoji", value: .string(emoji))) }
        return .object(members)
    }
}

extension ClientTimer {
    init(text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts[0], parts.count > 1 ? parts[1] : "") {
        case ("connect", ""): self = .connect
        case ("reconnect", ""): self = .reconnect
        case ("heartbeat", ""): self = .heartbeat
        case ("pong", ""): self = .pong
        case ("goaway", ""): self = .goaway
        case ("outbox", ""): self = .outbox
        case ("gap", let log):
            guard let log = ClientLog(text: log) else { throw ClientFrameError.wrong("timer") }
            self = .gap(log)
        case ("ack", let chat):
            guard let chat = ChatID(text: chat) else { throw ClientFrameError.wrong("timer") }
            self = .ack(chat)
        case ("retry", let chat):
            guard let chat = ChatID(text: chat) else { throw ClientFrameError.wrong("timer") }
            self = .retry(chat)
        default: throw ClientFrameError.wrong("timer")
        }
    }

    var text: String {
        switch self {
        case .connect: "connect"
        case .reconnect: "reconnect"
        case .heartbeat: "heartbeat"
        case .pong: "pong"
        case .goaway: "goaway"
        case .outbox: "outbox"
        case .gap(let log): "gap:\(log.text)"
        case .ack(let chat): "ack:\(chat.text)"
        case .retry(let chat): "retry:\(chat.text)"
        }
    }
}

extension ClientEffect {
    /// The effect as stories write it.
    func vector() throws -> JSONValue {
        switch self {
        case .connect(let node): .object(["kind": .string("connect"), "node": .string(node)])
        case .disconnect: .object(["kind": .string("disconnect")])
        case .sendFrame(let frame):
            .object(["kind": .string("sendFrame"), "frame": try .of(frame)])
        case .setTimer(let timer, let after):
            .object([
                "kind": .string("setTimer"), "timer": .string(timer.text),
                "after": .integer(after.milliseconds),
            ])
        case .cancelTimer(let timer):
            .object(["kind": .string("cancelTimer"), "timer": .string(timer.text)])
        case .cancelAllTimers: .object(["kind": .string("cancelAllTimers")])
        case .keep(let message): .object(["kind": .string("keep"), "item": message.vector])
        case .forget(let cmid):
            .object(["kind": .string("forget"), "cmid": .string(cmid.text)])
        case .entries(let log, let epoch, let entries):
            .object([
                "kind": .string("entries"), "log": .string(log.text), "epoch": .integer(epoch),
                "entries": .array(try entries.map { try .of($0) }),
            ])
        case .hole(let log, let epoch, let tail, let head):
            .object([
                "kind": .string("hole"), "log": .string(log.text), "epoch": .integer(epoch),
                "tail": .integer(tail.rawValue), "head": try .of(head),
            ])
        case .reset(let log, let epoch):
            .object([
                "kind": .string("reset"), "log": .string(log.text), "epoch": .integer(epoch),
            ])
        case .marks(let chat, let marks):
            .object([
                "kind": .string("marks"), "chat": .string(chat.text),
                "marksVersion": .integer(marks.version),
                "marks": .array(try marks.marks.map { try .of($0) }),
            ])
        case .acked(let cmid, let chat, let place, let time):
            .object([
                "kind": .string("acked"), "cmid": .string(cmid.text), "chat": .string(chat.text),
                "seq": .integer(place.seq.rawValue), "n": .integer(place.n.rawValue),
                "ts": .integer(time.milliseconds),
            ])
        case .typing(let chat, let account, let seq):
            .object([
                "kind": .string("typing"), "chat": .string(chat.text),
                "account": .string(account.text), "seq": .integer(seq.rawValue),
            ])
        case .presence(let people):
            .object(["kind": .string("presence"), "people": .array(try people.map { try .of($0) })])
        case .refused(let log, let code):
            .object([
                "kind": .string("refused"), "log": .string(log.text), "code": .string(code),
            ])
        case .problem(let code, let message):
            .object([
                "kind": .string("problem"), "code": .string(code), "message": .string(message),
            ])
        case .live: .object(["kind": .string("live")])
        case .signedOut: .object(["kind": .string("signedOut")])
        }
    }
}

extension ClientCore {
    /// The state as stories write it.
    func vector() throws -> JSONValue {
        var logs: [JSONMember] = []
        for (log, state) in self.logs {
            logs.append(
                JSONMember(
                    name: log.text,
                    value: .object([
                        "epoch": .integer(state.epoch), "seq": .integer(state.seq.rawValue),
                        "want": .integer(state.want.rawValue), "waiting": .bool(state.isWaiting),
                        "asking": .bool(state.isAsking),
                        "early": .array(try state.early.map { try .of($0) }),
                    ])))
        }
        return .object([
            "phase": .string(phase.rawValue), "home": .string(home),
            "nodes": .array(nodes.map { .string($0) }), "node": .string(node),
            "attempt": .integer(attempt), "cookies": .bool(hasCookies),
            "credential": .string(credential.rawValue),
            "ticket": ticket.map { .string($0) } ?? .null,
            "bearer": bearer.map { .string($0) } ?? .null,
            "heartbeat": .integer(heartbeat.milliseconds),
            "account": account.map { .string($0.text) } ?? .null, "logs": .object(logs),
            "outbox": .array(outbox.map(\.vector)),
            "held": .array(held.map { .string($0.text) }), "paused": .bool(isPaused),
            "unsentMarks": .object(
                unsentMarks.map {
                    JSONMember(name: $0.chat.text, value: .integer($0.n.rawValue))
                }),
        ])
    }
}

extension ClientCore.OutboxItem {
    var vector: JSONValue {
        guard case .object(var members) = message.vector else { return .null }
        func add(_ name: String, _ value: JSONValue) {
            members.append(JSONMember(name: name, value: value))
        }
        switch state {
        case .queued: add("state", .string("queued"))
        case .sending: add("state", .string("sending"))
        case .sent(let place, let time):
            add("state", .string("sent"))
            add("seq", .integer(place.seq.rawValue))
            add("n", .integer(place.n.rawValue))
            add("ts", .integer(time.milliseconds))
        case .failed(let code, let message):
            add("state", .string("failed"))
            add("code", .string(code))
            add("message", .string(message))
        }
        return .object(members)
    }
}
