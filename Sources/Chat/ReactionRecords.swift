internal import Identity
internal import Records
internal import Storage

/// The stored forms of reactions.
enum ReactionRecords {
    /// The form of a `reacted` entry.
    static func reacted(
        _ target: SequenceNumber, _ emoji: String?, _ tallies: [ReactionTally]
    ) -> Records_ReactedMessage {
        var record = Records_ReactedMessage()
        record.target = target.rawValue
        record.emoji = emoji ?? ""
        record.tallies = tallies.map { tally in
            var record = Records_ReactionTally()
            record.emoji = tally.emoji
            record.count = UInt32(tally.count)
            record.first = tally.first.map { recordField($0.bytes) }
            return record
        }
        return record
    }

    /// Reads the form of ``reacted(_:_:_:)``.
    static func kind(_ record: Records_ReactedMessage) throws(StorageError) -> ChatEntry.Kind {
        var tallies: [ReactionTally] = []
        for tally in record.tallies {
            var first: [AccountID] = []
            for account in tally.first { first.append(try AccountID(stored: account)) }
            tallies.append(
                ReactionTally(emoji: tally.emoji, count: Int(tally.count), first: first))
        }
        return .reacted(
            SequenceNumber(record.target), emoji: record.emoji.isEmpty ? nil : record.emoji,
            tallies: tallies)
    }
}

extension ChatReactions {
    /// The form in the entry of the message.
    var record: Records_Reactions {
        var record = Records_Reactions()
        record.seq = seq.rawValue
        record.groups = groups.map { group in
            var record = Records_ReactionGroup()
            record.emoji = group.emoji
            record.accounts = group.accounts.map { recordField($0.bytes) }
            return record
        }
        return record
    }

    /// Reads the form of ``record``.
    init(_ record: Records_Reactions) throws(StorageError) {
        var groups: [Group] = []
        for group in record.groups {
            var accounts: [AccountID] = []
            for account in group.accounts { accounts.append(try AccountID(stored: account)) }
            groups.append(Group(emoji: group.emoji, accounts: accounts))
        }
        self.init(seq: SequenceNumber(record.seq), groups: groups)
    }
}
