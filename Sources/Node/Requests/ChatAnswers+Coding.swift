internal import Chat
internal import Determinism
internal import Identity
internal import Records
internal import Storage
internal import Wire

// How the answers about chats travel between nodes; used by `ShardResponse`.

extension ChatRole {
    init(stored text: String) throws(StorageError) {
        // A node of the version before there were roles says it in its word.
        guard let role = ChatRole(rawValue: text == "creator" ? "owner" : text) else {
            throw .corrupt("a role in a chat")
        }
        self = role
    }
}

extension ChatHead {
    var answer: Records_HeadAnswer {
        var answer = Records_HeadAnswer()
        answer.epoch = epoch
        answer.seq = seq.rawValue
        answer.n = n.rawValue
        answer.marksVersion = marksVersion
        return answer
    }

    init(_ answer: Records_HeadAnswer) {
        self.init(
            epoch: answer.epoch, seq: SequenceNumber(answer.seq), n: Ordinal(answer.n),
            marksVersion: answer.marksVersion)
    }
}

extension MarksFields {
    var answer: Records_MarksAnswer {
        var answer = Records_MarksAnswer()
        answer.version = version
        answer.marks = marks.map { mark in
            var answer = Records_MarkAnswer()
            answer.account = recordField(mark.account.bytes)
            answer.n = mark.n.rawValue
            return answer
        }
        return answer
    }

    init(_ answer: Records_MarksAnswer) throws(StorageError) {
        self.init(
            version: answer.version,
            marks: try answer.marks.map { mark throws(StorageError) in
                ReadMark(account: try AccountID(stored: mark.account), n: Ordinal(mark.n))
            })
    }
}

extension ChatSummary {
    var answer: Records_SummaryAnswer {
        var answer = Records_SummaryAnswer()
        answer.chat = recordField(chat.bytes)
        answer.kind = kind.record
        answer.name = name
        answer.fullName = fullName
        if let creator { answer.creator = recordField(creator.bytes) }
        answer.role = role.rawValue
        answer.memberCount = UInt32(clamping: memberCount)
        answer.head = head.answer
        answer.mark = mark.rawValue
        answer.marks = marks.map { mark in
            var answer = Records_MarkAnswer()
            answer.account = recordField(mark.account.bytes)
            answer.n = mark.n.rawValue
            return answer
        }
        if let last { answer.last = recordField(last.encoded()) }
        answer.changed = changed.rawValue
        answer.erasedCount = erasedCount
        answer.erased = erased.map(\.rawValue)
        if let peer { answer.peer = recordField(peer.bytes) }
        answer.permissions = permissions.rawValue
        answer.about = about
        answer.pins = pins.map(\.rawValue)
        return answer
    }

    init(_ answer: Records_SummaryAnswer) throws(StorageError) {
        guard let kind = ChatKind(answer.kind) else { throw .corrupt("the kind of a chat") }
        self.init(
            chat: try ChatID(stored: answer.chat),
            kind: kind, name: answer.name, fullName: answer.fullName,
            creator: answer.creator.isEmpty ? nil : try AccountID(stored: answer.creator),
            role: try ChatRole(stored: answer.role), memberCount: Int(answer.memberCount),
            head: ChatHead(answer.head), mark: Ordinal(answer.mark),
            marks: try answer.marks.map { mark throws(StorageError) in
                MemberMark(account: try AccountID(stored: mark.account), n: Ordinal(mark.n))
            },
            last: answer.last.isEmpty ? nil : try ChatEntry(decoding: Array(answer.last)),
            changed: SequenceNumber(answer.changed), erasedCount: answer.erasedCount,
            erased: answer.erased.map { Ordinal($0) },
            peer: answer.peer.isEmpty ? nil : try AccountID(stored: answer.peer),
            about: answer.about, permissions: ChatPermissions(rawValue: answer.permissions),
            pins: answer.pins.map { SequenceNumber($0) })
    }
}

extension StoredDifference {
    init(_ answer: Records_DifferenceAnswer) throws(StorageError) {
        self.init(
            head: ChatHead(answer.head), entries: answer.entries.map { Array($0) },
            marks: answer.hasMarks ? try MarksFields(answer.marks) : nil,
            hasMore: answer.hasMore_p, isEnd: answer.isEnd)
    }
}

extension StoredGap {
    init(_ answer: Records_GapAnswer) throws(StorageError) {
        self.init(
            head: ChatHead(answer.head), tail: SequenceNumber(answer.tail),
            marks: answer.hasMarks ? try MarksFields(answer.marks) : nil, isEnd: answer.isEnd)
    }
}
