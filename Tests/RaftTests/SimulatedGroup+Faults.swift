import Determinism
import Identity

@testable import Raft

extension SimulatedGroup {
    /// One step's worth of clients, operators and faults.
    mutating func disturb() {
        if generator.chance(1, in: 3) { propose() }
        if generator.chance(1, in: 12) { read() }
        if generator.chance(1, in: 60) { changeConfiguration() }
        if generator.chance(1, in: 150) { transfer() }
        if generator.chance(options.isRough ? 30 : crashPerMille, in: 1_000) {
            let victim = randomHost()
            if !hosts[victim].isDown { crash(victim) }
        }
        for position in hosts.indices where hosts[position].isDown {
            if generator.chance(1, in: options.isRough ? 20 : 100) { start(position) }
        }
        if generator.chance(1, in: 150) { repartition() }
        if generator.chance(1, in: 300) {
            let position = randomHost()
            hosts[position].pausedUntil = step + generator.next(upperBound: UInt64(600))
        }
        if generator.chance(1, in: options.isRough ? 10 : 100) {
            let position = randomHost()
            let now = now
            hosts[position].replica?.forgetLeader(at: now, using: &generator)
            drain(position)
        }
    }

    mutating func randomHost() -> Int { Int(generator.next(upperBound: UInt64(hosts.count))) }

    /// Some who believes to lead; there may be several.
    mutating func randomLeader() -> Int? {
        let leaders = hosts.indices.filter {
            hosts[$0].replica?.role == .leader && hosts[$0].pausedUntil <= step
        }
        guard !leaders.isEmpty else { return nil }
        return leaders[Int(generator.next(upperBound: UInt64(leaders.count)))]
    }

    mutating func propose() {
        guard let position = randomLeader() else { return }
        let count = 1 + generator.next(upperBound: UInt64(4))
        for _ in 0..<count {
            let payload = (0..<8).map { UInt8(truncatingIfNeeded: nextPayload >> (8 * UInt64($0))) }
            nextPayload += 1
            _ = try? hosts[position].replica?.propose(payload)
        }
        drain(position)
    }

    mutating func read() {
        guard let position = randomLeader() else { return }
        let token = UInt64(reads.count + 1)
        let floor = hosts.compactMap { $0.replica?.commitIndex }.max() ?? .zero
        do {
            try hosts[position].replica?.requestRead(token: token)
            reads[token] = max(floor, committedMax)
        } catch {}
        if options.sabotage == .readsWithoutQuorum, let index = hosts[position].replica?.commitIndex
        {
            check(ReadReady(token: token, index: index), position)
        }
        drain(position)
    }

    private mutating func changeConfiguration() {
        guard let position = randomLeader(), let current = hosts[position].replica?.configuration
        else {
            return
        }
        let outsider = hosts[randomHost()].id
        let change: ConfigurationChange
        switch generator.next(upperBound: UInt64(4)) {
        case 0: change = .addLearner(outsider)
        case 1: change = .removeLearner(outsider)
        case 2 where current.isJoint: change = .leaveJoint
        default:
            var voters = current.voters.filter { $0 != outsider }
            if voters.count == current.voters.count { voters.append(outsider) }
            if generator.chance(1, in: 2) {
                let other = hosts[randomHost()].id
                voters = voters.filter { $0 != other } + (voters.contains(other) ? [] : [other])
            }
            let learners = hosts.map(\.id).filter {
                !voters.contains($0) && generator.chance(1, in: 4)
            }
            change = .enterJoint(
                voters: voters, learners: learners, autoLeave: generator.chance(4, in: 5))
        }
        _ = try? hosts[position].replica?.proposeConfiguration(change)
        drain(position)
    }

    private mutating func transfer() {
        guard let position = randomLeader() else { return }
        let successor = hosts[randomHost()].id
        try? hosts[position].replica?.transferLeadership(to: successor)
        drain(position)
    }

    /// Heals, cuts the group in two, isolates one, or cuts single directions.
    private mutating func repartition() {
        let kind = generator.next(upperBound: UInt64(5))
        let isolated = randomHost()
        let side = hosts.indices.map { _ in generator.chance(1, in: 2) }
        for from in hosts.indices {
            for to in hosts.indices {
                switch kind {
                case 0, 1: blocked[from][to] = false
                case 2: blocked[from][to] = side[from] != side[to]
                case 3: blocked[from][to] = from == isolated || to == isolated
                default: blocked[from][to] = generator.chance(1, in: 4)
                }
            }
        }
    }

    /// Everything works again, and everybody is up.
    mutating func calmDown() {
        isCalm = true
        for from in hosts.indices {
            for to in hosts.indices { blocked[from][to] = false }
        }
        for position in hosts.indices {
            hosts[position].pausedUntil = 0
            if hosts[position].isDown { start(position) }
        }
    }

    /// Whether progress can be expected: the intact ones are a quorum wherever one may be needed.
    var isQuorumIntact: Bool {
        let damaged = hosts.filter { $0.replica?.isSuspect ?? false }.map(\.id)
        let possible = hosts.compactMap(\.replica).flatMap { replica in
            [replica.configuration] + replica.waitingConfigurations.map(\.configuration)
        }
        return possible.filter { !$0.isEmpty }.allSatisfy { configuration in
            Quorum.holds(in: configuration) { !damaged.contains($0) }
        }
    }

    /// Whether a command proposed in calm is applied by every member.
    func hasConverged(after payload: UInt64) -> Bool {
        let leaders = hosts.compactMap(\.replica).filter { $0.role == .leader }
        guard leaders.count == 1, let leader = leaders.first, leader.isReadyToServe,
            leader.configuration.votersOutgoing.isEmpty || !leader.configuration.autoLeave,
            nextPayload > payload + 20
        else { return false }
        return hosts.allSatisfy { host in
            !leader.configuration.contains(host.id)
                || host.applied + 12 >= leader.commitIndex && host.replica?.isSuspect == false
        }
    }
}
