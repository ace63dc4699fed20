internal import Determinism
internal import Identity
internal import Storage
internal import Wire

// What the node delivers about logs, and how it reaches the sockets.
extension SessionHub {
    mutating func receivePublished(_ entries: [PublishedEntry], of id: LogID, epoch: UInt64) {
        guard logs[id] != nil, let first = entries.first, first.seq > .zero else { return }
        if logs[id]?.head == nil || logs[id]?.epoch != epoch {
            // The node tells the head first; were it not so, this is where the log was.
            let before = LogPosition(seq: SequenceNumber(first.seq.rawValue - 1), n: .zero)
            receiveHead(before, of: id, epoch: epoch, marksVersion: logs[id]?.marksVersion ?? 0)
        }
        for entry in entries {
            guard let head = logs[id]?.head, entry.seq > head.seq else { continue }
            if entry.seq > head.seq.next {
                let before = LogPosition(seq: SequenceNumber(entry.seq.rawValue - 1), n: head.n)
                jump(id, to: before, marksVersion: logs[id]?.marksVersion ?? 0)
            }
            publish(entry, of: id, epoch: epoch)
        }
    }

    private mutating func publish(_ published: PublishedEntry, of id: LogID, epoch: UInt64) {
        let log = ClientLog(id)
        let entry = ClientEntry.shown(published, of: id)
        if case .sessionRevoked(let session) = entry.content, case .inbox(let account) = id {
            for socket in accountSockets[account] ?? []
            where sockets[socket]?.grant?.session == session {
                expire(socket)
            }
        }
        guard let before = logs[id]?.head else { return }
        let head = LogPosition(seq: entry.seq, n: max(entry.n, before.n))
        shedFullSockets(id, head: head)
        guard let followed = logs[id] else { return }
        // What was pushed before has words that nobody is to be told any more.
        if case .messageDeleted = entry.content { logs[id]?.recent = [] }
        if !followed.live.isEmpty || followed.catchingCount > 0 {
            let frame = SharedFrame(ServerFrame.push(log, epoch: epoch, entry).jsonBytes)
            if !followed.live.isEmpty { effects.append(.send(followed.live, frame, .durable)) }
            logs[id]?.keepRecent(entry.seq, frame)
        }
        logs[id]?.head = head
        if let account = entry.endedMember { recheck(account, id, at: entry.seq) }
        promoteAhead(id)
    }

    /// Sockets whose backlog is full are told once that the log went on; their clients ask when they
    /// have read that.
    private mutating func shedFullSockets(_ id: LogID, head: LogPosition) {
        guard !fullSockets.isEmpty, let live = logs[id]?.live else { return }
        let log = ClientLog(id)
        let shed = fullSockets.filter { live.has($0) }
        guard !shed.isEmpty else { return }
        Mark.demotedToAdvanced.hit()
        for socket in shed {
            let position = position(of: socket, log)
            sockets[socket]?.cursors[log]?.position = position
            setState(.waiting, of: socket, log)
        }
        guard !Canary.skippedFrame.lives else { return }
        effects.append(
            .send(shed, SharedFrame(ServerFrame.advanced(log, head).jsonBytes), .durable))
    }

    /// The account is no longer a member: whether it may see what comes next is for the shard to say.
    private mutating func recheck(_ account: AccountID, _ id: LogID, at seq: SequenceNumber) {
        let log = ClientLog(id)
        for socket in accountSockets[account] ?? [] {
            guard let cursor = sockets[socket]?.cursors[log] else { continue }
            switch cursor.state {
            case .live: catchUp(of: socket, log, from: position(of: socket, log))
            case .catching: sockets[socket]?.cursors[log]?.mustAskAgain = true
            case .ahead where cursor.position.seq < seq:
                catchUp(of: socket, log, from: cursor.position)
            case .ahead, .waiting: break
            }
        }
    }

    mutating func receiveHead(
        _ head: LogPosition, of id: LogID, epoch: UInt64, marksVersion: UInt64
    ) {
        guard let followed = logs[id] else { return }
        guard let known = followed.head else {
            logs[id]?.epoch = epoch
            logs[id]?.head = head
            logs[id]?.skipMarks(to: marksVersion)
            return promoteAhead(id)
        }
        if epoch != followed.epoch {
            let stopped = stopLive(id)
            logs[id]?.epoch = epoch
            logs[id]?.head = head
            logs[id]?.skipMarks(to: marksVersion)
            logs[id]?.recent = []
            catchUpTogether(stopped, id)
            promoteAhead(id)
        } else if head.seq > known.seq || marksVersion > followed.marksVersion {
            jump(
                id, to: head.seq > known.seq ? head : known,
                marksVersion: max(marksVersion, followed.marksVersion))
        }
    }

    /// The log went on without the hub: every live cursor has a gap to fill.
    private mutating func jump(_ id: LogID, to head: LogPosition, marksVersion: UInt64) {
        Mark.hubJumped.hit()
        let stopped = stopLive(id)
        logs[id]?.head = head
        logs[id]?.skipMarks(to: marksVersion)
        catchUpTogether(stopped, id)
        promoteAhead(id)
    }

    /// Looks at the cursors that were ahead of the hub: it may be with them now.
    private mutating func promoteAhead(_ id: LogID) {
        guard let followed = logs[id], followed.others.count > followed.catchingCount,
            let head = followed.head
        else { return }
        let log = ClientLog(id)
        for socket in followed.others {
            guard let cursor = sockets[socket]?.cursors[log], cursor.state == .ahead else {
                continue
            }
            if cursor.position.epoch != followed.epoch {
                catchUp(of: socket, log, from: cursor.position)
            } else if cursor.position.seq <= head.seq {
                goLive(socket, log)
            }
        }
    }

    mutating func receiveMarks(_ marks: MarksFields, of chat: ChatID) {
        let id = LogID.chat(chat)
        guard let followed = logs[id], marks.version > followed.marksVersion else { return }
        let log = ClientLog.chat(chat)
        let frame = SharedFrame(ServerFrame.marks(chat, marks).jsonBytes)
        var told = followed.live
        for socket in followed.others where sockets[socket]?.cursors[log]?.state == .ahead {
            told.insertSorted(socket)
            if !slowSockets.has(socket), let position = sockets[socket]?.cursors[log]?.position {
                sockets[socket]?.cursors[log]?.position = LogCursor(
                    epoch: position.epoch, seq: position.seq,
                    marksVersion: max(position.marksVersion, marks.version))
            }
        }
        for socket in slowSockets where told.has(socket) {
            Mark.marksSpared.hit()
            told.removeSorted(socket)
            if sockets[socket]?.cursors[log]?.staleMarksFrom == nil {
                sockets[socket]?.cursors[log]?.staleMarksFrom = followed.marksVersion
            }
        }
        if !told.isEmpty { effects.append(.send(told, frame, .ephemeral)) }
        logs[id]?.marksVersion = marks.version
        logs[id]?.keepRecentMarks(marks.version, frame)
    }
}

extension ClientEntry {
    /// What clients are shown of a committed entry. One that this build cannot read keeps its number.
    /// All are shown the same, and so not what each has said of a message: an entry that was read
    /// late may have that already, and the `reacted` entries that follow it say it to each.
    static func shown(_ published: PublishedEntry, of log: LogID) -> ClientEntry {
        do throws(StorageError) {
            let entry = try ClientEntry(stored: published.bytes, of: log)
            if entry.seq == published.seq { return entry.withoutReactions }
        } catch {}
        return ClientEntry(
            seq: published.seq, n: published.n, time: .init(milliseconds: 0), from: nil,
            content: .unknown(kind: "unknown"))
    }

    /// The entry as all are told of it who see the log go on: what is said of a message comes after
    /// it.
    var withoutReactions: ClientEntry {
        guard reactions != nil else { return self }
        return ClientEntry(
            seq: seq, n: n, time: time, from: from, content: content, edition: edition,
            origin: origin)
    }
}
