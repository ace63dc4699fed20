internal import Accounts
internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Registry
internal import Wire

/// The phase of liveness: a core of the cluster goes on alone, and everything else stays broken.
extension Simulation {
    /// Looks whether a core that is drawn does all that it should in time, if this run has one;
    /// answers what did not hold.
    func liveInCore() -> [Violation] {
        injector.budget.forget(groups: cluster.groups) { cluster.isWhole($0) }
        let members = cluster.nodes.compactMap(\.id)
        let needs = cluster.coreNeeds { injector.budget.hasDamage(on: $0, of: $1) }
        guard settings.hasCore, !needs.isEmpty,
            let drawn = LivenessCore(
                members: members, needs: needs, using: &injector.coreGenerator)
        else { return [] }
        counters.coreCount += 1
        core = drawn
        injector.settle(drawn, on: cluster)
        // What waits for a disk that was slow so far is not the cluster's delay.
        let written = judged.map(\.disk.busyUntil).max() ?? cluster.now
        _ = cluster.run(until: written) { history.isSound }
        guard history.isSound else { return history.violations }
        history.liveness.begin(at: cluster.now, commits: commits)
        askEverywhere()
        let begun = cluster.now
        var isWell = false
        _ = cluster.run(until: begun + BoundedLiveness.convergenceMax) {
            isWell = isWell || isCoreConverged
            return history.isSound && !isWell
        }
        // Who was away for long waits up to half a minute before every try, and tries all in turn.
        let more = BoundedLiveness.strangerMax * UInt64(drawn.outside.count)
        if !isWell, coreDifferences.isEmpty {
            _ = cluster.run(until: cluster.now + more) {
                isWell = isWell || areClientsConverged
                return history.isSound && !isWell
            }
        }
        let missing = coreDifferences + clientDifferences
        history.liveness.end(differences: isWell ? [] : missing)
        counters.coreTimeMax = max(counters.coreTimeMax, cluster.now - begun)
        core = nil
        // What came to an end outside of the core is looked after only now.
        for (machine, end) in endsOutside { ended(cluster.nodes[machine], because: end) }
        endsOutside = []
        return history.violations
    }

    /// The machines that are looked at: those of the core while there is one, else all.
    var judged: [SimulatedNode] {
        guard let core else { return cluster.nodes }
        return cluster.nodes.filter { node in node.id.map { core.inside.contains($0) } ?? false }
    }

    /// Whether the core goes on without this machine.
    func isOutside(_ node: SimulatedNode) -> Bool {
        guard let core, let id = node.id else { return false }
        return core.outside.contains(id)
    }

    /// How far the groups have committed, as far as any running node knows.
    private var commits: [(shard: ShardID, commit: UInt64)] {
        let statuses = cluster.nodes.compactMap { $0.status }
        guard let newest = statuses.max(by: { $0.epoch < $1.epoch }) else { return [] }
        return newest.shards.indices.map { position in
            let known = statuses.compactMap { status in
                position < status.shards.count ? status.shards[position].local?.commit : nil
            }
            return (newest.shards[position].shard, known.max() ?? 0)
        }
    }

    /// Something is written into every group, by whoever is signed in.
    private func askEverywhere() {
        let person = people[0]
        for number in 0..<settings.shardCount {
            ask(
                .requestCode(
                    phone: phone(inShard: ShardID(UInt32(number)), by: person),
                    codeHash: person.login.secret, cmid: freshID(of: person)),
                for: .liveness, by: person, counts: false)
        }
        begin(.write)
    }

    /// A number that nobody has, whose claim lives in this shard.
    private func phone(inShard shard: ShardID, by person: SimulatedPerson) -> String {
        while true {
            let digits = 1_000_000 + person.generator.number(below: 8_000_000)
            let phone = "+4930\(digits)"
            guard let number = PhoneNumber(phone) else { continue }
            let key = ShardKey(ClaimKey.phone(number))
            if key.shard(count: UInt32(settings.shardCount)) == shard { return phone }
        }
    }

    /// A node has refused something, for now or for good.
    func note(_ code: String, saidBy node: SimulatedNode) {
        let isExcuse = [FailureCode.unavailable, .unknown].contains { $0.rawValue == code }
        guard isExcuse, core != nil, !isOutside(node) else { return }
        history.liveness.said(code, by: "node \(node.name)", at: cluster.now)
    }

    /// The process of a machine has ended by itself; outside of the core nobody looks after it.
    func note(_ end: ProcessEnd, of node: SimulatedNode) {
        var id = node.id
        if case .diskLost(let lost) = end { id = lost }
        if let core, let id, core.outside.contains(id) {
            endsOutside.append((node.name, end))
        } else {
            ended(node, because: end)
        }
    }

    private var isCoreConverged: Bool {
        guard history.liveness.hasCommitted, isCheckDue(every: .milliseconds(250)) else {
            return false
        }
        return coreDifferences.isEmpty && clientDifferences.isEmpty
    }

    /// Whether somebody's client knows a node that goes on, and may go there: with nothing but a
    /// cookie it may go home only.
    func canReachCore(_ person: SimulatedPerson) -> Bool {
        let client = person.core
        let mayLeave = client.ticket != nil || client.bearer != nil
        return judged.contains { node in
            node.clientURL == client.home || mayLeave && client.nodes.contains(node.clientURL)
        }
    }

    private var areClientsConverged: Bool {
        isCheckDue(every: .milliseconds(250)) && clientDifferences.isEmpty
    }

    /// What the core still lacks.
    private var coreDifferences: [String] {
        let nodes = judged
        if let down = nodes.first(where: { !$0.isUp }) { return ["node \(down.name) is down"] }
        var differences = Convergence.coreDifferences(of: nodes.compactMap { $0.status })
        if nodes.contains(where: { $0.mayHaveEffects }) {
            differences.append("effects wait in outboxes")
        }
        return differences
    }
}
