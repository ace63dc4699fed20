package import Identity

/// What people say of a message with one emoji each, as one account is told of it.
package struct ClientReactions: Hashable, Sendable {
    /// The newest `reacted` entry that is counted here.
    package let seq: SequenceNumber
    /// In the order in which the emoji came; empty when all was taken back.
    package let tallies: [ClientReactionTally]
    /// With what the account that is told reacted; nil when it did not.
    package let mine: String?

    package init(seq: SequenceNumber, tallies: [ClientReactionTally], mine: String?) {
        self.seq = seq
        self.tallies = tallies
        self.mine = mine
    }
}

/// How many reacted to a message with one emoji.
package struct ClientReactionTally: Hashable, Sendable {
    package let emoji: String
    /// 1 or more.
    package let count: UInt64
    /// The first of them, at most three.
    package let first: [AccountID]

    package init(emoji: String, count: UInt64, first: [AccountID]) {
        self.emoji = emoji
        self.count = count
        self.first = first
    }
}

extension ClientReactions: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("seq", seq.rawValue)
        if let mine { writer.member("mine", mine) }
        writer.member("tallies", tallies)
        writer.endObject()
    }

    /// Reads `{seq, mine?, tallies}`.
    init(_ object: JSONObject) throws(ClientFrameError) {
        self.init(
            seq: try object.seq(), tallies: try ClientReactionTally.all(in: object),
            mine: object["mine"] == nil ? nil : try object.string("mine"))
    }
}

extension ClientReactionTally: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("emoji", emoji)
        writer.member("count", count)
        writer.key("first")
        writer.beginArray()
        for account in first { writer.string(account.text) }
        writer.endArray()
        writer.endObject()
    }

    /// Reads the `tallies` of an object, each `{emoji, count, first}`.
    static func all(in object: JSONObject) throws(ClientFrameError) -> [ClientReactionTally] {
        try object.array("tallies").map { value throws(ClientFrameError) in
            let tally = try JSONObject(value)
            let count = try tally.integer("count")
            guard count > 0 else { throw .wrong("count") }
            return ClientReactionTally(
                emoji: try tally.string("emoji"), count: count,
                first: try tally.array("first").map { value throws(ClientFrameError) in
                    guard case .string(let text) = value, let account = AccountID(text: text)
                    else { throw .wrong("first") }
                    return account
                })
        }
    }
}

extension ClientEntry {
    /// The members of an entry that says something of an earlier message and leaves its words.
    func writeResponse(to writer: inout JSONWriter) {
        switch content {
        case .reacted(let target, let emoji, let tallies):
            writer.member("kind", "reacted")
            writer.member("target", target.rawValue)
            if let emoji { writer.member("emoji", emoji) }
            writer.member("tallies", tallies)
        case .pinned(let target):
            writer.member("kind", "pinned")
            writer.member("target", target.rawValue)
        case .unpinned(let target):
            writer.member("kind", "unpinned")
            writer.member("target", target.rawValue)
        default: preconditionFailure("an entry of another kind is written by itself")
        }
    }
}
