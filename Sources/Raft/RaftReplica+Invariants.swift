extension RaftReplica {
    /// Traps when an invariant is broken; linear in the entries in memory.
    package func checkInvariants() {
        log.checkInvariants()
        precondition(appliedIndex <= emittedIndex && emittedIndex <= commitIndex, "invariant 1")
        precondition(commitIndex <= log.lastIndex, "invariant 1")
        precondition(log.originIndex <= appliedIndex, "only what was applied is compacted")
        precondition(log.cacheStart <= appliedIndex.next, "what is not applied is in memory")
        precondition(log.lastTerm <= term, "no entry is of a term to come")
        if role == .leader {
            precondition(members.map(\.id) == configuration.members, "invariant 2")
            precondition(members.allSatisfy { $0.match < $0.next }, "invariant 2")
            precondition(members.allSatisfy { $0.match <= log.lastIndex }, "invariant 2")
            precondition(
                members.allSatisfy { $0.state == .replicate || $0.window.count == 0 },
                "only a pipelined follower has messages on their way")
            precondition(leader == id && vote == id && !isSuspect, "invariant 3")
            precondition(durableTerm == term && durableVote == id, "invariant 4")
            precondition(
                uncommittedBytes == log.byteCount(after: commitIndex), "every entry is counted once"
            )
        } else {
            precondition(members.isEmpty && reads.count == 0 && transferee == nil, "invariant 3")
            precondition(leader != id, "only a leader follows itself")
        }
        precondition(durableTerm <= term, "invariant 4")
        var previous = appliedIndex
        for waiting in waitingConfigurations {
            precondition(waiting.index > previous && waiting.index <= log.lastIndex, "invariant 5")
            precondition(
                waiting.index <= log.durableIndex || waiting.index > emittedIndex, "invariant 1")
            previous = waiting.index
        }
    }
}
