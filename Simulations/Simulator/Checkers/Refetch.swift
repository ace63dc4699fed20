package import Identity
package import Wire

/// What a client has built from pushes and differences is what it gets when it fetches everything
/// anew: the entries, the names, the read marks.
package struct Refetch {
    private struct Place: Hashable {
        let client: Int
        let chat: ChatID
    }

    /// One client's copy of one chat.
    private struct Copy {
        var entries: [SequenceNumber: ClientEntry] = [:]
        /// The newest edit of each message; looked up only.
        var edits: [SequenceNumber: ClientEntry] = [:]
        /// What was said of each message, in order; looked up only.
        var reactions: [SequenceNumber: [ClientEntry]] = [:]
        /// Whose copy it is.
        let me: AccountID
        var position = SequenceNumber.zero
        /// What was skipped: the client has only fetched some of it.
        var holes: [ClosedRange<UInt64>] = []
        var marks: [AccountID: Ordinal] = [:]
        var name: String?
        var fullName: String?

        /// Whether there may be an entry after `seq` that the client was never told.
        func mayHaveMissed(after seq: SequenceNumber) -> Bool {
            holes.contains { $0.upperBound > seq.rawValue }
        }

        func isInHole(_ seq: SequenceNumber) -> Bool {
            holes.contains { $0.contains(seq.rawValue) }
        }

        mutating func take(_ entry: ClientEntry) {
            entries[entry.seq] = entry
            switch entry.content {
            case .created(let name, let fullName), .renamed(let name, let fullName):
                self.name = name
                self.fullName = fullName
            case .edited(let target, _), .messageDeleted(let target, _): edit(target, by: entry)
            case .reacted(let target, _, _): react(to: target, by: entry)
            default: break
            }
        }

        /// An entry was fetched that lies before others, and may be older than their changes.
        mutating func fill(_ entry: ClientEntry) {
            entries[entry.seq] = entry
            switch entry.content {
            case .edited(let target, _), .messageDeleted(let target, _): edit(target, by: entry)
            case .reacted(let target, _, _): react(to: target, by: entry)
            default: break
            }
            if let edit = edits[entry.seq] { self.edit(entry.seq, by: edit) }
            for reaction in reactions[entry.seq, default: []] {
                entries[entry.seq] = entries[entry.seq]?.changed(by: reaction, for: me)
            }
        }

        private mutating func react(to target: SequenceNumber, by entry: ClientEntry) {
            var known = reactions[target, default: []]
            known.removeAll { $0.seq == entry.seq }
            let place = known.firstIndex { $0.seq > entry.seq } ?? known.endIndex
            known.insert(entry, at: place)
            reactions[target] = known
            entries[target] = entries[target]?.changed(by: entry, for: me)
        }

        /// What a client does that is told an edit: the message gets the words, which are nowhere
        /// else but in that edit.
        private mutating func edit(_ target: SequenceNumber, by edit: ClientEntry) {
            if let known = edits[target], known.seq > edit.seq {
                entries[edit.seq] = edit.withoutWords
            } else {
                if let known = edits[target], known.seq < edit.seq {
                    entries[known.seq] = entries[known.seq]?.withoutWords
                }
                edits[target] = edit
            }
            guard let message = entries[target] else { return }
            if let newest = message.edition, newest.seq > edit.seq {
                entries[edit.seq] = edit.withoutWords
                return
            }
            if let earlier = message.edition, earlier.seq < edit.seq {
                entries[earlier.seq] = entries[earlier.seq]?.withoutWords
            }
            entries[target] = message.changed(by: edit, for: me)
        }
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many fetched entries and listed chats were compared with a copy.
    package private(set) var comparedCount: UInt64 = 0
    private var copies: [Place: Copy] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// The client of the account `me` was told an entry.
    package mutating func told(
        _ entry: ClientEntry, of chat: ChatID, to client: Int, as me: AccountID
    ) {
        let place = Place(client: client, chat: chat)
        copies[place, default: Copy(me: me)].take(entry)
        copies[place]?.position = entry.seq
    }

    /// The client was told that it goes on after `head`.
    package mutating func skipped(
        after tail: SequenceNumber, to head: SequenceNumber, of chat: ChatID, by client: Int,
        as me: AccountID
    ) {
        guard tail < head else { return }
        let place = Place(client: client, chat: chat)
        copies[place, default: Copy(me: me)].holes.append(tail.next.rawValue...head.rawValue)
        copies[place]?.position = head
        // Whether the chat was renamed in between is not known.
        copies[place]?.name = nil
    }

    /// The client was told marks, as absolute values.
    package mutating func marked(
        _ fields: MarksFields, of chat: ChatID, by client: Int, as me: AccountID
    ) {
        let place = Place(client: client, chat: chat)
        for mark in fields.marks {
            copies[place, default: Copy(me: me)].marks[mark.account] = mark.n
        }
    }

    /// The client has no copy of the chat any more.
    package mutating func forgets(_ chat: ChatID, by client: Int) {
        copies[Place(client: client, chat: chat)] = nil
    }

    /// The client has fetched these entries of the chat, whose log then reached to `head`; it still
    /// grew unless it `isQuiet`.
    package mutating func fetched(
        _ entries: [ClientEntry], head: SequenceNumber, of chat: ChatID, by client: Int,
        isQuiet: Bool
    ) {
        let place = Place(client: client, chat: chat)
        guard let copy = copies[place] else { return }
        for entry in entries where entry.seq <= copy.position {
            comparedCount += 1
            if let own = copy.entries[entry.seq] {
                if !agree(own, entry, copy, head: head, isQuiet: isQuiet) {
                    report("client \(client) has \(own) of \(chat), fetched \(entry)")
                }
                let changes = [entry.edition?.seq, entry.reactions?.seq].compactMap { $0 }
                if changes.contains(where: { copy.isInHole($0) }) { copies[place]?.fill(entry) }
            } else if copy.isInHole(entry.seq) {
                copies[place]?.fill(entry)
            } else {
                report("client \(client) was never told \(entry.seq) of \(chat)")
            }
        }
    }

    /// Whether what a client has and what it fetched are one entry: the same, or one of them from
    /// before an edit that was told later, or not at all.
    private func agree(
        _ own: ClientEntry, _ fetched: ClientEntry, _ copy: Copy, head: SequenceNumber,
        isQuiet: Bool
    ) -> Bool {
        let isSame = own.withoutReactions == fetched.withoutReactions
        return (isSame || agreeOnWords(own, fetched, copy, head: head, isQuiet: isQuiet))
            && agreeOnReactions(own, fetched, copy, head: head)
    }

    /// The same for what is said of a message, with each change a whole of its own but for what the
    /// client said itself, which may have been skipped.
    private func agreeOnReactions(
        _ own: ClientEntry, _ fetched: ClientEntry, _ copy: Copy, head: SequenceNumber
    ) -> Bool {
        // Of a message that is deleted nothing is said.
        if own.content == .erased || fetched.content == .erased { return true }
        let (had, has) = (own.reactions?.seq ?? .zero, fetched.reactions?.seq ?? .zero)
        if had == has {
            return own.reactions == fetched.reactions
                || own.reactions?.tallies == fetched.reactions?.tallies
                    && copy.mayHaveMissed(after: own.seq)
        }
        return has > had ? has > copy.position || copy.isInHole(has) : had > head
    }

    private func agreeOnWords(
        _ own: ClientEntry, _ fetched: ClientEntry, _ copy: Copy, head: SequenceNumber,
        isQuiet: Bool
    ) -> Bool {
        guard own.withoutWords == fetched.withoutWords else { return false }
        switch (own.edition?.seq, fetched.edition?.seq) {
        case (nil, nil):
            // One of two edits; its words are gone when there was a later one.
            guard case .edited(_, let text) = own.content else { return false }
            return text == nil ? !isQuiet : !isQuiet || copy.mayHaveMissed(after: own.seq)
        case (let had, let has):
            let (had, has) = (had ?? .zero, has ?? .zero)
            return has > had ? has > copy.position || copy.isInHole(has) : had > has && had > head
        }
    }

    /// In what way the client's copy is not the chat as it is listed when everything is quiet; nil
    /// when it is.
    package mutating func difference(to chat: ClientChat, of client: Int) -> String? {
        guard let copy = copies[Place(client: client, chat: chat.id)] else {
            return "client \(client) has nothing of \(chat.id)"
        }
        comparedCount += 1
        if copy.position != chat.head.seq {
            return "client \(client) is at \(copy.position) of \(chat.id), not \(chat.head.seq)"
        }
        if let last = chat.last, let own = copy.entries[last.seq],
            !agree(own, last, copy, head: chat.head.seq, isQuiet: true)
        {
            return "client \(client) has \(own) as the last of \(chat.id), listed is \(last)"
        }
        if let name = copy.name, name != chat.name || copy.fullName != chat.fullName {
            return "client \(client) calls \(chat.id) \(name), listed is \(chat.name)"
        }
        var listed: [AccountID: Ordinal] = [:]
        for mark in chat.marks { listed[mark.account] = mark.n }
        guard listed != copy.marks else { return nil }
        let accounts = (chat.marks.map(\.account) + copy.marks.keys).sorted()
        let different = accounts.first { listed[$0] != copy.marks[$0] }
        return "client \(client) has other marks of \(chat.id) than those listed, of "
            + (different.map {
                "\($0) \(copy.marks[$0] ?? .zero) and not \(listed[$0] ?? .zero)"
            } ?? "nobody")
    }

    /// The difference stayed.
    package mutating func differs(_ words: String) { report(words) }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "refetch", words: words))
    }
}
