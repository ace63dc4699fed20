import Identity
import Raft

extension RaftScenario {
    // MARK: Notices

    /// Says what a replica tells its host, beside messages and writes.
    mutating func tell(_ ready: RaftReady, of position: Int) {
        let id = hosts[position].id
        if let leadership = ready.leadership {
            let leader = leadership.leader.map { $0 == id ? "" : " behind \($0)" } ?? ""
            say("\(id) is \(leadership.role) of term \(leadership.term)\(leader)")
        }
        if ready.proposalsLost { say("\(id) no longer leads: its proposals may be lost") }
        for read in ready.readsReady { say("\(id) read \(read.token) is ready at \(read.index)") }
        for token in ready.readsFailed { say("\(id) read \(token) failed") }
        for follower in ready.snapshotsToSend { say("\(id) wants to send \(follower) a snapshot") }
        if let configuration = ready.configuration {
            say("\(id) applies \(Self.words(configuration))")
        }
        if let suspicion = ready.suspicion {
            say(suspicion ? "\(id) has lost confirmed data" : "\(id) is rebuilt")
        }
    }

    // MARK: State

    /// One line for each replica: what it is and knows.
    mutating func printState(of positions: [Int]) {
        for position in positions {
            let host = hosts[position]
            guard let replica = host.replica else {
                say("\(host.id)  down")
                continue
            }
            let vote = host.hardState.vote.map { "\($0)" } ?? "-"
            let leader = replica.leader.map { "\($0)" } ?? "-"
            say(
                "\(host.id)  \("\(replica.role)".padded(to: 12)) term \(replica.term)  vote \(vote)"
                    + "  leader \(leader)  commit \(replica.commitIndex)"
                    + "  applied \(replica.appliedIndex)"
                    + "  log \(replica.firstIndex)...\(replica.lastIndex)"
                    + (replica.isSuspect ? "  suspect" : ""))
        }
    }

    /// The logs as in the figures of the paper: the term of each entry. `.` stands behind what is
    /// committed, `~` behind what is not yet on disk.
    mutating func printLogs(of positions: [Int]) {
        let logs = positions.map { hosts[$0].log }
        let first = logs.map(\.origin).min()?.next ?? .zero
        let last = logs.map(\.lastIndex).max() ?? .zero
        var indices: [LogIndex] = []
        for offset in 0..<last.next.distance(from: first) { indices.append(first + offset) }
        say("    " + Self.row(indices.map { "\($0)" }))
        for (position, log) in zip(positions, logs) {
            let commit = hosts[position].replica?.commitIndex ?? log.hardState.commit
            let durable = hosts[position].replica?.durableIndex ?? log.lastIndex
            let cells = indices.map { index in
                guard index > log.origin, let term = log.term(at: index) else { return "" }
                return "\(term)\(index <= commit ? "." : "")\(index > durable ? "~" : "")"
            }
            say("\(hosts[position].id)".padded(to: 4) + Self.row(cells))
        }
    }

    private static func row(_ cells: [String]) -> String {
        cells.map { $0.padded(to: 4) }.joined()
    }

    /// How far the members are, as their leader sees them.
    mutating func printProgress(of position: Int) {
        for member in hosts[position].replica?.progress ?? [] {
            let notes =
                (member.isVoter ? "" : "  learner") + (member.isActive ? "" : "  silent")
                + (member.isRecovering ? "  recovering" : "")
            say(
                "\(member.id)  \(member.state)  match \(member.match)  applied \(member.applied)"
                    + notes)
        }
    }

    // MARK: Words

    static func words(_ configuration: Configuration) -> String {
        func list(_ name: String, _ ids: [ReplicaID]) -> String {
            ids.isEmpty ? "" : " \(name) " + ids.map { "\($0)" }.joined(separator: ",")
        }
        return "configuration" + list("voters", configuration.voters)
            + list("outgoing", configuration.votersOutgoing)
            + list("learners", configuration.learners)
            + list("learnersNext", configuration.learnersNext)
            + (configuration.autoLeave ? " autoLeave" : "")
    }

    static func words(_ message: RaftMessage) -> String {
        "\(message.from) -> \(message.to)  \(kind(message.body))  term \(message.term)"
            + details(message.body)
    }

    /// The name of a message as scripts write it.
    static func kind(_ body: RaftMessage.Body) -> String {
        switch body {
        case .preVote: "preVote"
        case .preVoteReply: "preVoteReply"
        case .vote: "vote"
        case .voteReply: "voteReply"
        case .append: "append"
        case .appendReply: "appendReply"
        case .appendRejected: "appendRejected"
        case .heartbeat: "heartbeat"
        case .heartbeatReply: "heartbeatReply"
        case .timeoutNow: "timeoutNow"
        }
    }

    private static func details(_ body: RaftMessage.Body) -> String {
        switch body {
        case .preVote(let index, let term):
            return "  log ends \(index)/\(term)"
        case .vote(let index, let term, let isTransfer):
            return "  log ends \(index)/\(term)\(isTransfer ? "  transfer" : "")"
        case .preVoteReply(let granted), .voteReply(let granted):
            return granted ? "  granted" : "  refused"
        case .append(let previousIndex, let previousTerm, let entries, let commit):
            let list = entries.map { "\($0.index)/\($0.term)" }.joined(separator: " ")
            return "  after \(previousIndex)/\(previousTerm)  [\(list)]  commit \(commit)"
        case .appendReply(let match, let isRecovering):
            return "  match \(match)\(isRecovering ? "  recovering" : "")"
        case .appendRejected(let index, let hintIndex, let hintTerm, let isRecovering):
            return "  at \(index)  hint \(hintIndex)/\(hintTerm)"
                + (isRecovering ? "  recovering" : "")
        case .heartbeat(let commit, let context):
            return "  commit \(commit)  context \(context)"
        case .heartbeatReply(let context, let applied, let isRecovering):
            return "  context \(context)  applied \(applied)"
                + (isRecovering ? "  recovering" : "")
        case .timeoutNow:
            return ""
        }
    }
}
