package import Identity
package import Storage

/// The invariants of ``ChatState``, recounted from the whole state; for simulations and tests.
package enum ChatInvariants {
    /// What is wrong with `chat`, in the numbering of ``ChatState``; empty when all is well, also
    /// when there is no such chat. Reads everything that the chat has: linear.
    package static func violations(
        of chat: ChatID, in shard: ShardID, _ store: any ReadableStore
    ) throws(StorageError) -> [String] {
        let state = ChatState(StateView(shard, store))
        guard let stored = try state.chat(chat) else { return [] }
        return try violations(ofEntries: chat, stored, state)
            + violations(ofMarks: chat, stored, state)
            + violations(ofMembers: chat, stored, state)
            + violations(ofChanges: chat, stored, state)
            + violations(ofDirect: chat, stored, state)
            + violations(ofRoles: chat, stored, state)
    }

    private static func violations(
        ofRoles chat: ChatID, _ stored: StoredChat, _ state: ChatState<StateView>
    ) throws(StorageError) -> [String] {
        var found: [String] = []
        let members = try state.members(of: chat)
        let owners = members.filter { $0.role == .owner }
        if !stored.isDeleted, owners.count != (stored.creator == nil ? 0 : 1) {
            found.append("10: \(chat) has the owners \(owners.map(\.account))")
        }
        let banned = try state.state.pairs(
            prefix: Keyspace.bans(chat), after: nil, countMax: .max
        ).map { pair throws(StorageError) in
            try AccountID(stored: pair.key.dropFirst(Keyspace.bans(chat).count))
        }
        if banned.count != stored.bannedCount {
            found.append("5: \(banned.count) bans, but \(stored.bannedCount) counted")
        }
        for member in members where banned.contains(member.account) {
            found.append("5: \(member.account) is a member and banned")
        }
        found += try violations(ofReactions: chat, state)
        found += try violations(ofPins: chat, stored, state)
        found += try violations(ofLinks: chat, state)
        return found
    }

    private static func violations(
        ofDirect chat: ChatID, _ stored: StoredChat, _ state: ChatState<StateView>
    ) throws(StorageError) -> [String] {
        let first = try state.entry(DirectChat.openingSeq, of: chat)
        guard case .opened(let other)? = first?.kind, let one = first?.from else {
            return stored.kind == .direct ? ["9: \(chat) was not opened"] : []
        }
        let members = try state.members(of: chat).map(\.account)
        let isSound =
            stored.kind == .direct && chat == DirectChat.id(of: one, and: other)
            && members == Set([one, other]).sorted() && stored.creator == nil
            && stored.name.isEmpty && stored.fullName.isEmpty && !stored.isDeleted
        return isSound ? [] : ["9: \(chat) of \(one) and \(other) has \(members)"]
    }

    private static func violations(
        ofChanges chat: ChatID, _ stored: StoredChat, _ state: ChatState<StateView>
    ) throws(StorageError) -> [String] {
        var found: [String] = []
        var shown = SequenceNumber.zero
        var changed = SequenceNumber.zero
        var erasedCount: UInt64 = 0
        for pair in try state.state.pairs(
            prefix: Keyspace.chatEntries(chat), after: nil, countMax: .max)
        {
            let entry = try ChatEntry(decoding: pair.value)
            switch entry.kind {
            case .edited, .messageDeleted, .reacted, .unpinned: changed = entry.seq
            case .erased where entry.edition == nil: found.append("8: \(entry.seq)")
            default: if entry.isShown { shown = entry.seq }
            }
            if let edition = entry.edition {
                let edit = try state.entry(edition.seq, of: chat)
                if case .text(let text, _) = entry.kind, let edit, edit.from == entry.from,
                    edit.time == edition.time, edit.kind == .edited(entry.seq, text: text)
                {
                    continue
                }
                if entry.kind == .erased, edit?.time == edition.time,
                    edit?.kind == .messageDeleted(entry.seq, n: entry.n)
                {
                    erasedCount += 1
                    continue
                }
                found.append("6: \(entry.seq) has not the words of \(edition.seq)")
            }
            guard case .edited(let target, let text) = entry.kind else { continue }
            let edition = try state.entry(target, of: chat)?.edition
            let isNewest = edition?.seq == entry.seq
            if target >= entry.seq || (text != nil) != isNewest {
                found.append(
                    "6: \(entry.seq) edits \(target), which has the words of "
                        + String(describing: edition))
            }
        }
        let indexed = try state.erased(of: chat, after: .zero).count
        if indexed != erasedCount {
            found.append("8: \(erasedCount) are deleted, \(indexed) in the index")
        }
        let isFar = try state.entry(stored.shownSeq, of: chat)?.kind == .erased
        if (shown != stored.shownSeq && !isFar) || changed != stored.changedSeq {
            found.append(
                "7: \(shown) is shown and \(changed) changed, not \(stored.shownSeq) and "
                    + "\(stored.changedSeq)")
        }
        return found
    }

    private static func violations(
        ofEntries chat: ChatID, _ stored: StoredChat, _ state: ChatState<StateView>
    ) throws(StorageError) -> [String] {
        var found: [String] = []
        var seq = SequenceNumber.zero
        var n = Ordinal.zero
        var time = stored.headTime
        for pair in try state.state.pairs(
            prefix: Keyspace.chatEntries(chat), after: nil, countMax: .max)
        {
            let entry = try ChatEntry(decoding: pair.value)
            if entry.seq != seq.next || pair.key != Keyspace.chatEntry(chat, entry.seq) {
                found.append("1: \(entry.seq) follows \(seq)")
            }
            if entry.n > .zero || entry.kind == .erased {
                if entry.n != n.next { found.append("2: \(entry.n) follows \(n)") }
                n = entry.n
            }
            if seq > .zero, entry.time <= time { found.append("3: \(entry.seq) is not later") }
            seq = entry.seq
            time = entry.time
        }
        if seq != stored.head.seq { found.append("1: the head is \(stored.head.seq), not \(seq)") }
        if n != stored.head.n { found.append("2: the head is \(stored.head.n), not \(n)") }
        if time != stored.headTime { found.append("3: the head's time") }
        return found
    }

    private static func violations(
        ofMarks chat: ChatID, _ stored: StoredChat, _ state: ChatState<StateView>
    ) throws(StorageError) -> [String] {
        var found: [String] = []
        let prefix = Keyspace.state(.mark, chat.bytes)
        let marks = try state.state.pairs(prefix: prefix, after: nil, countMax: .max)
        for pair in marks {
            let account = try AccountID(stored: pair.key.dropFirst(prefix.count))
            let mark = try StoredMark(decoding: pair.value)
            let indexed = try state.state.value(
                for: Keyspace.markVersion(chat, mark.marksVersion))
            if indexed != account.bytes + Keyspace.bytes(mark.n.rawValue) {
                found.append("4: the index does not know the mark of \(account)")
            }
            if mark.n > stored.head.n || mark.marksVersion > stored.head.marksVersion {
                found.append("4: the mark of \(account) is beyond the head")
            }
        }
        let versions = try state.state.pairs(
            prefix: Keyspace.markVersions(chat), after: nil, countMax: .max)
        if versions.count != marks.count {
            found.append("4: \(versions.count) versions of \(marks.count) marks")
        }
        return found
    }

    private static func violations(
        ofMembers chat: ChatID, _ stored: StoredChat, _ state: ChatState<StateView>
    ) throws(StorageError) -> [String] {
        let count = try state.members(of: chat).count
        return count == stored.memberCount
            ? [] : ["5: \(count) members, but \(stored.memberCount) counted"]
    }
}
