internal import Determinism
internal import Identity

extension ServerFrame: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch self {
        case .welcome(let welcome): welcome.writeFields(to: &writer)
        case .difference(let difference): difference.writeFields(to: &writer)
        case .tooLong(let gap): gap.writeFields(to: &writer)
        case .live: writer.member("kind", "live")
        case .push(let log, let epoch, let entry):
            writer.member("kind", "push")
            writer.member("log", log.text)
            writer.member("epoch", epoch)
            writer.member("seq", entry.seq.rawValue)
            writer.member("entry", entry)
        case .marks(let chat, let marks):
            writer.member("kind", "marks")
            writer.member("chat", chat.text)
            writer.fields(marks)
        case .advanced(let log, let head):
            writer.member("kind", "advanced")
            writer.member("log", log.text)
            writer.member("head", head)
        case .ack(let cmid, let chat, let place, let time):
            writer.member("kind", "ack")
            writer.member("cmid", cmid.text)
            writer.member("chat", chat.text)
            writer.member("seq", place.seq.rawValue)
            writer.member("n", place.n.rawValue)
            writer.member("ts", time.milliseconds)
        case .error(let error): error.writeFields(to: &writer)
        case .pong(let inbox, let ticket, let now):
            writer.member("kind", "pong")
            writer.member("inbox", inbox)
            writer.member("ticket", ticket)
            writer.member("now", now.milliseconds)
        case .goaway(let after, let spread, let reason):
            writer.member("kind", "goaway")
            writer.member("after", after.milliseconds)
            writer.member("spread", spread.milliseconds)
            writer.member("reason", reason)
        case .resync: writer.member("kind", "resync")
        case .authExpired: writer.member("kind", "authExpired")
        case .slowDown(let retryAfter):
            writer.member("kind", "slowDown")
            writer.member("retryAfter", retryAfter.milliseconds)
        case .typing(let chat, let account, let seq):
            writer.member("kind", "typing")
            writer.member("chat", chat.text)
            writer.member("account", account.text)
            writer.member("seq", seq.rawValue)
        case .presence(let people):
            writer.member("kind", "presence")
            writer.member("people", people)
        }
        writer.endObject()
    }
}

extension JSONWriter {
    /// The fields `epoch` and `seq`, and `marksVersion` unless it is zero.
    mutating func fields(_ cursor: LogCursor) {
        member("epoch", cursor.epoch)
        member("seq", cursor.seq.rawValue)
        if cursor.marksVersion > 0 { member("marksVersion", cursor.marksVersion) }
    }

    /// The fields `marksVersion` and `marks`.
    mutating func fields(_ marks: MarksFields) {
        member("marksVersion", marks.version)
        member("marks", marks.marks)
    }
}

extension LogCursor: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.fields(self)
        writer.endObject()
    }
}

extension LogPosition: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("seq", seq.rawValue)
        writer.member("n", n.rawValue)
        writer.endObject()
    }
}

extension ReadMark: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("account", account.text)
        writer.member("n", n.rawValue)
        writer.endObject()
    }
}

extension ClientLimits: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("textCharacters", textCharacters)
        writer.member("textBytes", textBytes)
        writer.member("frameBytes", frameBytes)
        writer.member("differenceEntries", differenceEntries)
        writer.member("pageEntries", pageEntries)
        writer.member("nameCharacters", nameCharacters)
        writer.member("fullNameCharacters", fullNameCharacters)
        writer.member("openChats", openChats)
        if typingPause > 0 { writer.member("typingPause", typingPause) }
        if watched > 0 { writer.member("watched", watched) }
        writer.endObject()
    }
}

extension Welcome {
    fileprivate func writeFields(to writer: inout JSONWriter) {
        writer.member("kind", "welcome")
        writer.member("account", account)
        writer.member("session", session.text)
        writer.member("heartbeat", heartbeat.milliseconds / 1_000)
        writer.member("now", now.milliseconds)
        writer.member("limits", limits)
        writer.key("nodes")
        writer.beginArray()
        for node in nodes { writer.string(node) }
        writer.endArray()
        writer.member("ticket", ticket)
        if let bearer { writer.member("bearer", bearer) }
        writer.member("inbox", inbox)
    }
}

extension DifferenceFrame {
    fileprivate func writeFields(to writer: inout JSONWriter) {
        writer.member("kind", "difference")
        writer.member("log", log.text)
        writer.member("epoch", epoch)
        writer.member("entries", entries)
        writer.member("head", head)
        if let marks { writer.fields(marks) }
        writer.member("more", hasMore)
    }
}

extension TooLongFrame {
    fileprivate func writeFields(to writer: inout JSONWriter) {
        writer.member("kind", "tooLong")
        writer.member("log", log.text)
        writer.member("epoch", epoch)
        writer.member("head", head)
        writer.member("tail", tail)
        if let marks { writer.fields(marks) }
    }
}

extension ErrorFrame {
    fileprivate func writeFields(to writer: inout JSONWriter) {
        writer.member("kind", "error")
        if let cmid { writer.member("cmid", cmid.text) }
        if let log { writer.member("log", log.text) }
        writer.member("code", code)
        writer.member("message", message)
        writer.member("retryable", isRetryable)
        if let retryAfter { writer.member("retryAfter", retryAfter.milliseconds) }
    }
}
