import Determinism
import Identity

// Replication: append, commit rule, flow control (Raft 5.3, 5.4.2; thesis 10.2).
extension RaftReplica {
    // MARK: Handlers of the host

    /// Adds a command to the log of the leader; says where it will stand if it is committed. It
    /// leaves with the next ``RaftReady``, together with others that came in meanwhile.
    ///
    /// Throws ``RaftError/notLeader(hint:)``, ``RaftError/transferring(to:)``,
    /// ``RaftError/tooLarge(bytesMax:)`` or ``RaftError/overloaded``.
    @discardableResult
    package mutating func propose(
        _ payload: [UInt8]
    ) throws(RaftError) -> (index: LogIndex, term: Term) {
        try requireLeadership()
        let bytes = payload.count + LogEntry.overheadBytes
        guard bytes <= settings.entryBytesMax else {
            throw .tooLarge(bytesMax: settings.entryBytesMax - LogEntry.overheadBytes)
        }
        let isBusy = uncommittedBytes > 0 && Perturbation.busyLeader.fires
        guard uncommittedBytes + bytes <= settings.uncommittedBytesMax, !isBusy else {
            Mark.proposalsFull.hit()
            throw .overloaded
        }
        return appendOwn(kind: .command, payload: payload)
    }

    /// Takes what the host read from disk for a slow follower. An answer that comes too late is
    /// dropped; linear in its entries.
    package mutating func logRead(_ result: LogReadResult) {
        let request = result.request
        guard role == .leader, request.term == term, let position = position(of: request.follower),
            members[position].isReading
        else { return }
        members[position].isReading = false
        guard members[position].state != .snapshot, members[position].next == request.from else {
            return Mark.logReadLate.hit()
        }
        guard case .entries(let previousTerm, let entries) = result.outcome,
            isSection(entries, of: request, after: previousTerm)
        else {
            Mark.logReadInVain.hit()
            requestSnapshot(for: position)
            return
        }
        deliver(entries, previousTerm: previousTerm, to: position)
    }

    /// Whether the entries are what was asked for: a host's mistake must not reach a follower.
    private func isSection(
        _ entries: [LogEntry], of request: LogReadRequest, after previousTerm: Term
    ) -> Bool {
        guard let last = entries.last, last.index <= request.through else { return false }
        var expected = request.from
        var lowest = previousTerm
        for entry in entries {
            guard entry.index == expected, entry.term >= lowest, entry.term <= term else {
                return false
            }
            expected = expected.next
            lowest = entry.term
        }
        return true
    }

    // MARK: Follower

    mutating func receiveAppend(
        from sender: ReplicaID, previousIndex: LogIndex, previousTerm: Term, entries: [LogEntry],
        commit: LogIndex
    ) {
        // What is appended while a snapshot replaces the log would be lost with it.
        guard follow(sender) else { return }
        guard installing == nil else { return Mark.appendDuringInstall.hit() }
        // A leader has everything that is committed (Raft 5.4.3), so there is nothing to compare up
        // to the commit index, and entries up to there are not news.
        let known = min(commitIndex.distance(from: previousIndex), entries.count)
        if previousIndex + known >= commitIndex {
            guard previousIndex <= commitIndex || log.term(at: previousIndex) == previousTerm else {
                reject(previousIndex, previousTerm, to: sender)
                return
            }
            let termBefore = known > 0 ? entries[known - 1].term : previousTerm
            appendNews(entries[known...], after: termBefore)
        }
        let last = max(previousIndex + entries.count, commitIndex)
        advanceCommit(to: min(commit, last))
        sendAfterPersist(.appendReply(match: last, isRecovering: isSuspect), to: sender)
    }

    /// Appends what is not in the log yet; an entry that conflicts goes, and all that follow it.
    /// What is there already stays, for the message may be an old one (Raft 5.3).
    private mutating func appendNews(_ entries: ArraySlice<LogEntry>, after termBefore: Term) {
        var termBefore = termBefore
        for entry in entries {
            defer { termBefore = entry.term }
            if entry.index <= log.lastIndex {
                let isSame = log.term(at: entry.index) == entry.term || Canary.keptConflict.lives
                if isSame { continue }
                precondition(entry.index > commitIndex, "what is committed never changes")
                Mark.conflictTruncated.hit()
                if let last = waitingConfigurations.last, last.index >= entry.index {
                    Mark.configurationTruncated.hit()
                }
                log.truncate(from: entry.index, keepingTerm: termBefore)
                waitingConfigurations.removeAll { $0.index >= entry.index }
            }
            log.append(entry)
            noteConfiguration(of: entry)
        }
    }

    private mutating func reject(
        _ previousIndex: LogIndex, _ previousTerm: Term, to sender: ReplicaID
    ) {
        // The logs agree up to the commit index at least, and cannot agree where the own term is
        // above that of the leader's entry.
        let hint = max(
            log.lastIndex(upTo: previousIndex.previous, withTermAtMost: previousTerm), commitIndex)
        send(
            .appendRejected(
                previousIndex: previousIndex, hintIndex: hint,
                hintTerm: log.term(at: hint) ?? .zero, isRecovering: isSuspect),
            to: sender)
    }

    mutating func receiveHeartbeat(from sender: ReplicaID, commit: LogIndex, readContext: UInt64) {
        guard follow(sender) else { return }
        if installing == nil {
            let isBeyond = commit > log.lastIndex
            if isBeyond, !Canary.unconfirmedCommit.lives, !Canary.uncheckedWatermark.lives {
                // The leader only tells what this replica has confirmed: it has lost that since. So
                // has one that is suspect already, if an old disk let it think that its own term
                // came after all that it had confirmed.
                becomeSuspect()
                return
            }
            if !isSuspect { advanceCommit(to: min(commit, log.lastIndex)) }
        }
        send(
            .heartbeatReply(
                readContext: readContext, applied: appliedIndex, isRecovering: isSuspect),
            to: sender)
    }

    mutating func advanceCommit(to index: LogIndex) {
        guard index > commitIndex else { return }
        precondition(index <= log.lastIndex, "only what is in the log can be committed")
        if role == .leader {
            uncommittedBytes -= log.byteCount(from: commitIndex.next, to: index.next)
        }
        commitIndex = index
    }

    // MARK: Leader

    func requireLeadership() throws(RaftError) {
        guard role == .leader else { throw .notLeader(hint: leader) }
        // A leader that is no voter only finishes what there is.
        guard configuration.isVoter(id) else { throw .notLeader(hint: nil) }
        if let transferee {
            Mark.transferRefusedProposal.hit()
            throw .transferring(to: transferee)
        }
    }

    @discardableResult
    mutating func appendOwn(
        kind: LogEntry.Kind, payload: [UInt8]
    ) -> (index: LogIndex, term: Term) {
        precondition(role == .leader, "only a leader makes entries")
        let entry = LogEntry(index: log.lastIndex.next, term: term, kind: kind, payload: payload)
        log.append(entry)
        noteConfiguration(of: entry)
        uncommittedBytes += entry.byteCount
        return (entry.index, entry.term)
    }

    /// Sends what has gathered since the last ``RaftReady``.
    mutating func flushAsLeader() {
        leaveJointIfDue()
        retireIfDue()
        guard role == .leader else { return }
        startReadRoundIfDue()
        // The others get it with the next flush, or when they answer a heartbeat.
        var spared = Perturbation.quorumOnly.fires ? (members.count - 1) / 2 : 0
        for position in members.indices where members[position].id != id {
            spared -= 1
            if spared >= 0 { continue }
            while sendAppend(to: position) {}
        }
    }

    mutating func broadcastHeartbeat() {
        heartbeatDue = now + settings.heartbeatInterval
        let context = reads.nextContext()
        for member in members where member.id != id {
            // Never above what the receiver has confirmed: its log may differ beyond (Raft 5.3).
            let known =
                Canary.unconfirmedCommit.lives ? commitIndex : min(member.match, commitIndex)
            send(
                .heartbeat(commit: known, readContext: context),
                to: member.id)
        }
    }

    mutating func receiveAppendReply(from sender: ReplicaID, match: LogIndex, isRecovering: Bool) {
        guard role == .leader, let position = position(of: sender), match <= log.lastIndex else {
            return
        }
        hear(from: position, isRecovering: isRecovering)
        let isNews = members[position].confirm(match)
        switch members[position].state {
        case .probe:
            guard isNews || members[position].match == match else { return }
            if Perturbation.slowProbe.fires {
                members[position].becomeProbe(next: match.next)
            } else {
                members[position].becomeReplicate()
            }
        case .snapshot:
            // Any snapshot will do from which the log goes on.
            guard members[position].next >= log.firstIndex else { return }
            members[position].becomeReplicate()
        case .replicate:
            members[position].window.free(through: match)
        }
        if isNews { advanceCommitByQuorum() }
        if transferee == sender { completeTransferIfDue() }
    }

    mutating func receiveAppendRejected(
        from sender: ReplicaID, previousIndex: LogIndex, hintIndex: LogIndex, hintTerm: Term,
        isRecovering: Bool
    ) {
        guard role == .leader, let position = position(of: sender) else { return }
        hear(from: position, isRecovering: isRecovering)
        let match = members[position].match
        switch members[position].state {
        case .snapshot:
            return
        case .replicate:
            // A late answer, unless it is about something that is not confirmed.
            guard previousIndex > match else { return }
            Mark.replicateBecameProbe.hit()
            members[position].becomeProbe(next: match.next)
        case .probe:
            guard members[position].next.previous == previousIndex else { return }
            // It has lost what it confirmed, and there is nothing before that to try: without this
            // the two would answer each other for ever. The next heartbeat tells it.
            guard previousIndex > match else { return Mark.confirmedRejected.hit() }
            // The logs cannot agree where the own term is above that of the follower's entry.
            let agreed =
                hintTerm > .zero
                ? log.lastIndex(upTo: hintIndex, withTermAtMost: hintTerm) : hintIndex
            members[position].becomeProbe(next: min(previousIndex, agreed.next))
        }
    }

    mutating func receiveHeartbeatReply(
        from sender: ReplicaID, readContext: UInt64, applied: LogIndex, isRecovering: Bool
    ) {
        guard role == .leader, let position = position(of: sender), readContext <= reads.context
        else { return }
        hear(from: position, isRecovering: isRecovering)
        members[position].isProbing = false
        members[position].applied = max(members[position].applied, applied)
        members[position].readContext = max(members[position].readContext, readContext)
        // All that was on its way may have been lost: without an answer to this one, even an empty
        // one, a full window would never open again.
        if members[position].match < log.lastIndex || members[position].state == .probe {
            sendAppend(to: position, evenIfEmpty: true)
        }
        confirmReads()
        if transferee == sender { completeTransferIfDue() }
    }

    /// Notes a sign of life of a member, and whether it counts.
    private mutating func hear(from position: Int, isRecovering: Bool) {
        members[position].isActive = true
        guard members[position].isRecovering != isRecovering else { return }
        if isRecovering { Mark.memberRecovering.hit() }
        members[position].isRecovering = isRecovering
        advanceCommitByQuorum()
    }

    /// Commits what a quorum has on disk, if it is of the own term: an older entry on a majority
    /// may still be replaced (Raft 5.4.2, figure 8); it is committed by what follows it.
    mutating func advanceCommitByQuorum() {
        let members = members
        let reached: LogIndex? = Quorum.reached(by: configuration) { member in
            guard let position = members.position(of: member), !members[position].isRecovering
            else { return .zero }
            return members[position].match
        }
        guard let reached, reached > commitIndex else { return }
        guard log.term(at: reached) == term else { return Mark.earlierTermHeldBack.hit() }
        if commitIndex.next < electionIndex { Mark.earlierTermCommitted.hit() }
        advanceCommit(to: reached)
    }

    /// Sends the next message to a member, if it may have one; whether it had entries and more may
    /// follow.
    @discardableResult
    private mutating func sendAppend(to position: Int, evenIfEmpty: Bool = false) -> Bool {
        // Only numbers are copied here: a copy of the member would copy its window when it is changed.
        let state = members[position].state
        let next = members[position].next
        guard !members[position].isReading, state != .snapshot, !members[position].isProbing else {
            return false
        }
        let isFull =
            state == .replicate
            && (members[position].window.isFull(settings)
                || members[position].window.count > 0 && Perturbation.narrowWindow.fires)
        if isFull { evenIfEmpty ? Mark.fullWindowProbed.hit() : Mark.windowFull.hit() }
        if isFull, !evenIfEmpty { return false }
        let isStranger = members[position].match == .zero && appliedIndex > .zero
        let wantsSnapshot = isStranger && Perturbation.needlessSnapshot.fires
        guard next.previous >= log.originIndex, !wantsSnapshot else {
            requestSnapshot(for: position)
            return false
        }
        let hasNews = next <= log.lastIndex && !isFull
        let skipsMemory = hasNews && next <= log.durableIndex && Perturbation.diskRead.fires
        guard let previousTerm = log.term(at: next.previous) ?? members[position].previousTerm,
            !hasNews || next >= log.cacheStart, !skipsMemory
        else {
            requestRead(for: position)
            return false
        }
        let entries =
            hasNews
            ? log.entries(
                from: next, through: log.lastIndex,
                bytesMax: Perturbation.singleEntry.fires ? 1 : settings.messageBytesMax)
            : []
        if entries.isEmpty, !evenIfEmpty, state == .replicate,
            members[position].sentCommit >= commitIndex
        {
            return false
        }
        deliver(entries, previousTerm: previousTerm, to: position)
        return !entries.isEmpty && state == .replicate
    }

    private mutating func deliver(
        _ entries: [LogEntry], previousTerm: Term, to position: Int
    ) {
        let previousIndex = members[position].next.previous
        members[position].sentCommit = commitIndex
        if members[position].state == .probe {
            members[position].isProbing = true
        } else if let last = entries.last {
            let bytes = entries.reduce(0) { $0 + $1.byteCount }
            members[position].sent(through: last.index, term: last.term, bytes: bytes)
        }
        send(
            .append(
                previousIndex: previousIndex, previousTerm: previousTerm, entries: entries,
                commit: commitIndex),
            to: members[position].id)
    }

    private mutating func requestRead(for position: Int) {
        Mark.logReadFromDisk.hit()
        members[position].isReading = true
        output.logReads.append(
            LogReadRequest(
                follower: members[position].id, term: term, from: members[position].next,
                // An entry that memory has too is read only where a perturbation skips memory.
                through: max(log.cacheStart.previous, members[position].next),
                bytesMax: settings.messageBytesMax))
    }
}
