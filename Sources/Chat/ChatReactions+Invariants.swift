internal import Identity
internal import Storage

extension ChatInvariants {
    /// Recounts what is said of each message from the entries that say so: linear.
    static func violations(
        ofReactions chat: ChatID, _ state: ChatState<StateView>
    ) throws(StorageError) -> [String] {
        var found: [String] = []
        var messages: [SequenceNumber: ChatEntry] = [:]
        var counted: [SequenceNumber: ChatReactions] = [:]
        for pair in try state.state.pairs(
            prefix: Keyspace.chatEntries(chat), after: nil, countMax: .max)
        {
            let entry = try ChatEntry(decoding: pair.value)
            if entry.n > .zero { messages[entry.seq] = entry }
            guard case .reacted(let target, let emoji, let tallies) = entry.kind else { continue }
            guard let actor = entry.from, messages[target] != nil else {
                found.append("11: \(entry.seq) is of nobody or to \(target)")
                continue
            }
            let before = counted[target]?.groups ?? []
            let groups = ChatReactions.groups(before, with: emoji, of: actor) ?? []
            counted[target] = ChatReactions(seq: entry.seq, groups: groups)
            if tallies != ChatReactions.tallies(of: groups) || groups == before {
                found.append("11: \(entry.seq) says \(tallies) after \(before)")
            }
        }
        for seq in messages.keys.sorted() {
            guard let message = messages[seq] else { continue }
            let isRight =
                message.kind == .erased
                ? message.reactions == nil : message.reactions == counted[seq]
            if !isRight { found.append("11: \(seq) has \(String(describing: message.reactions))") }
        }
        return found
    }
}
