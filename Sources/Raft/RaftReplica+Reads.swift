import Determinism

// Linearizable reads without writing to the log (thesis 6.4).
extension RaftReplica {
    /// Asks for the index that a linearizable read has to wait for; answered in
    /// ``RaftReady/readsReady`` or ``RaftReady/readsFailed`` under the same token. Reads that come
    /// in together share a round of heartbeats.
    ///
    /// Throws ``RaftError/notLeader(hint:)`` or ``RaftError/overloaded``.
    package mutating func requestRead(token: UInt64) throws(RaftError) {
        guard role == .leader else { throw .notLeader(hint: leader) }
        let isBusy = reads.count > 0 && Perturbation.busyReads.fires
        guard reads.count < settings.pendingReadsMax, !isBusy else { throw .overloaded }
        reads.add(token)
    }

    /// Starts a round for the reads that wait. A new leader does not know yet what is committed
    /// until it has committed an entry of its own (etcd #7331).
    mutating func startReadRoundIfDue() {
        guard reads.isRoundDue else { return }
        guard commitIndex >= electionIndex else { return Mark.readWaitedForFirstCommit.hit() }
        reads.startRound(at: commitIndex)
        broadcastHeartbeat()
        confirmReads()
    }

    private mutating func answerUnasked() {
        for round in reads.confirm(through: .max) {
            output.readsReady += round.tokens.map { ReadReady(token: $0, index: round.index) }
        }
    }

    /// Answers the reads for which a quorum has said since that this is still the leader.
    mutating func confirmReads() {
        guard !Canary.staleRead.lives else { return answerUnasked() }
        // Of its own the closure has what it needs: a closure that has `self` copies all of it.
        let (members, own, context) = (self.members, id, reads.context)
        let answered: UInt64? = Quorum.reached(by: configuration) { member in
            if member == own { return context }
            guard let position = members.position(of: member), !members[position].isRecovering
            else { return 0 }
            return members[position].readContext
        }
        for round in reads.confirm(through: answered ?? 0) {
            output.readsReady += round.tokens.map { ReadReady(token: $0, index: round.index) }
        }
    }
}
