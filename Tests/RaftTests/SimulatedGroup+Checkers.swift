import Determinism
import Identity

@testable import Raft

extension SimulatedGroup {
    mutating func check(_ ready: RaftReady, _ position: Int) {
        let id = hosts[position].id
        if let leadership = ready.leadership, leadership.role == .leader {
            elections += 1
            checkElection(of: id, in: leadership.term, position)
        }
        for entry in ready.committed { checkCommitted(entry, by: id) }
        for read in ready.readsReady where options.sabotage != .readsWithoutQuorum {
            check(read, position)
        }
        if ready.configuration != nil { configurationsApplied += 1 }
    }

    /// Election safety (Raft 5.2) and leader completeness (5.4.3).
    private mutating func checkElection(of id: ReplicaID, in term: Term, _ position: Int) {
        if let other = leaders[term], other != id {
            violations.append("term \(term) has leaders \(other) and \(id)")
        }
        leaders[term] = id
        guard let replica = hosts[position].replica else { return }
        for (index, entry) in committed where index >= replica.firstIndex && entry.term < term {
            let own = replica.log.term(at: index) ?? hosts[position].disk.term(at: index)
            if index > replica.lastIndex || own.map({ $0 != entry.term }) ?? false {
                violations.append("leader \(id) of term \(term) lacks committed \(index)")
                return
            }
        }
    }

    /// State machine safety (Raft 5.4.3): nobody commits anything else at the same index.
    private mutating func checkCommitted(_ entry: LogEntry, by id: ReplicaID) {
        if let known = committed[entry.index] {
            if known != entry {
                violations.append(
                    "\(id) commits \(entry.term) at \(entry.index), others \(known.term)")
            }
            return
        }
        committed[entry.index] = entry
        committedMax = max(committedMax, entry.index)
        if entry.kind == .configuration, let next = try? Configuration(bytes: entry.payload) {
            configurations.append((entry.index, next))
            configurations.sort { $0.index < $1.index }
        }
    }

    /// Linearizable reads (thesis 6.4): at least what was committed anywhere when the read came in.
    mutating func check(_ read: ReadReady, _ position: Int) {
        guard let floor = reads[read.token] else { return }
        readsAnswered += 1
        if read.index < floor {
            violations.append(
                "\(hosts[position].id) reads at \(read.index) what was committed to \(floor)")
        }
    }

    /// Log matching (Raft 5.3): the same term at the same index means the same log up to there.
    mutating func checkLogMatching() {
        for first in hosts.indices {
            for second in hosts.indices where second > first {
                let one = hosts[first].disk
                let other = hosts[second].disk
                var matches = false
                for entry in one.entries.reversed() {
                    guard entry.index > other.origin, entry.index <= other.lastIndex else {
                        continue
                    }
                    let twin = other.entries[entry.index.distance(from: other.origin) - 1]
                    if twin.term == entry.term { matches = true }
                    if matches, twin != entry {
                        violations.append("logs of \(first) and \(second) differ at \(entry.index)")
                        return
                    }
                }
            }
        }
    }
}
