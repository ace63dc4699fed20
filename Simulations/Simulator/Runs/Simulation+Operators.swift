internal import Determinism
internal import Identity
internal import Node
internal import Registry

/// What operators do to the members of the cluster.
extension Simulation {
    private static let retryInterval = Interval.milliseconds(700)

    /// Begins a change.
    func begin(_ goal: OperatorTask.Goal) {
        operators.append(
            OperatorTask(
                goal: goal,
                requestID: MessageID(milliseconds: cluster.wall.milliseconds, using: &generator)))
        advance(operator: operators.count - 1)
    }

    /// Looks for the answer to the last request of a change, and makes the next.
    func advance(operator number: Int) {
        guard !operators[number].isDone else { return }
        if let response = operatorResponses.removeValue(forKey: operators[number].request) {
            use(response, of: number)
        }
        guard !operators[number].isDone else { return }
        let running = judged.filter { $0.isUp && !$0.isPaused }
        if !running.isEmpty {
            let node = running[Int(generator.next(upperBound: UInt64(running.count)))]
            let action = action(of: operators[number])
            operators[number].action = action
            operators[number].request = nextOperatorRequest
            nextOperatorRequest += 1
            cluster.feed(
                .operate(operators[number].request, .change(action)), to: node)
        }
        cluster.schedule(.operation(UInt64(number)), after: Self.retryInterval)
    }

    // MARK: Questions

    private func action(of task: OperatorTask) -> RegistryAction {
        switch task.goal {
        case .drain(let node): return .drain(node)
        case .write:
            let hash = SimulatedDigest().digest([0xFF])
            return .createToken(hash: hash, expiry: cluster.wall + .seconds(3_600))
        case .remove(let node, _):
            let standing = newestRegistry?.member(node)?.standing
            return standing == .left || standing == nil || mayGo(node)
                ? .remove(node) : .drain(node)
        case .retire(let node):
            return mayGo(node) || newestRegistry?.member(node) == nil
                ? .remove(node) : .markLost(node)
        case .join(let name):
            let hash = tokenHash(of: cluster.nodes[name])
            guard task.hasToken else {
                return .createToken(hash: hash, expiry: cluster.wall + .seconds(3_600))
            }
            return .admit(
                tokenHash: hash, requestID: task.requestID,
                description: cluster.description(of: cluster.nodes[name]))
        case .mistake(let mistake): return action(of: mistake, task)
        }
    }

    private func action(of mistake: OperatorMistake, _ task: OperatorTask) -> RegistryAction {
        let spare = cluster.description(of: cluster.nodes[cluster.nodes.count - 1])
        switch mistake {
        case .secondInit:
            return .initialise(
                RegistryOrigin(
                    clusterID: ClusterID(high: 1, low: 2), shardCount: settings.shardCount,
                    first: spare, publicRooms: []))
        case .unknownToken:
            let hash = SimulatedDigest().digest(Array("nobody made this".utf8))
            return .admit(tokenHash: hash, requestID: task.requestID, description: spare)
        case .usedToken:
            let hash = SimulatedDigest().digest(Self.tokenSecret(of: 1, replacement: 0))
            return .admit(tokenHash: hash, requestID: task.requestID, description: spare)
        case .expiredToken:
            let hash = SimulatedDigest().digest(Array("too late".utf8))
            return .createToken(hash: hash, expiry: WallTime(milliseconds: 1))
        }
    }

    /// Every machine has a token of its own, and another each time that it is set up anew.
    private func tokenHash(of node: SimulatedNode) -> [UInt8] {
        SimulatedDigest().digest(
            Self.tokenSecret(of: node.name, replacement: node.replacementCount))
    }

    private static func tokenSecret(of name: Int, replacement: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: name), UInt8(truncatingIfNeeded: replacement)]
    }

    private var newestRegistry: RegistryState? {
        cluster.nodes.compactMap(\.registry).max { $0.epoch < $1.epoch }
    }

    /// Whether a member was given up and nothing is wanted of it any more.
    private func mayGo(_ node: NodeID) -> Bool {
        guard let registry = newestRegistry, let member = registry.member(node) else {
            return false
        }
        return [.lost, .left].contains(member.standing) && !registry.isWanted(node)
    }

    // MARK: Answers

    private func use(_ response: OperatorResponse, of number: Int) {
        guard case .outcome(let outcome) = response else { return }
        let task = operators[number]
        switch (task.goal, outcome) {
        case (.mistake(let mistake), .refused(let refusal))
        where mistake.isRefused(with: refusal):
            operators[number].isDone = true
        case (.mistake(let mistake), _):
            operators[number].isDone = true
            history.report("operators", "\(mistake) was answered \(outcome)")
        case (.drain, .done), (.drain, .unchanged), (.write, .done), (.write, .unchanged):
            operators[number].isDone = true
        case (.remove(let node, let comesBack), .done),
            (.remove(let node, let comesBack), .unchanged):
            guard task.action == .remove(node) else { return }
            operators[number].isDone = true
            removed(node, comesBack: comesBack)
        case (.retire(let node), .done), (.retire(let node), .unchanged):
            operators[number].isDone = task.action == .remove(node)
        case (.join(let name), .admitted(let id)):
            // The next step of a join asks again until it may write its disk.
            guard let source = cluster.nodes.first(where: { $0.isUp })?.node else { return }
            operators[number].isDone = true
            cluster.join(cluster.nodes[name], as: id, registry: source.registry)
            core?.admit(id)
            if let core { injector.welcome(cluster.nodes[name], to: core, on: cluster) }
        case (.join, .done), (.join, .unchanged): operators[number].hasToken = true
        case (_, .refused(let refusal)): refused(number, refusal)
        default: break
        }
    }

    private func removed(_ node: NodeID, comesBack: Bool) {
        guard let machine = cluster.nodes.first(where: { $0.id == node }) else { return }
        cluster.setAside(machine)
        if comesBack { begin(.join(machine.name)) } else { leaveHome(machine) }
    }

    /// A machine is gone for good, and with it the address of pages that were opened there: who has
    /// nothing but its cookie opens another, and signs in anew.
    private func leaveHome(_ machine: SimulatedNode) {
        for person in people
        where person.isStarted && person.usesCookie && person.home == machine.clientURL {
            closeTab(person)
            guard !person.isIdle, person.owner.codeCount < SimulatedAccount.codesMax else {
                continue
            }
            let device = add(person.owner, login: nil, isIdle: false)
            cluster.schedule(.act(device.index), after: .milliseconds(1))
        }
    }

    private func refused(_ number: Int, _ refusal: RegistryRefusal) {
        switch (operators[number].goal, refusal) {
        // Another operator was faster.
        case (.drain, .wrongStanding), (.drain, .lastMember), (.drain, .memberUnknown),
            (.retire, .memberUnknown):
            operators[number].isDone = true
        // Asked in vain: what it is by now is seen before the next try.
        case (.retire, .wrongStanding), (.retire, .stillWanted), (.remove, .wrongStanding),
            (.remove, .stillWanted), (.remove, .lastMember):
            break
        default: history.report("operators", "\(operators[number].goal): \(refusal)")
        }
    }

    // MARK: Faults

    /// Lets operators do what `kind` says.
    func strikeOperators(_ kind: FaultKind) {
        switch kind {
        case .join: strikeJoin()
        case .drain: leave(kind, count: 1) { .drain($0) }
        case .removal: leave(kind, count: 1) { .remove($0, comesBack: false) }
        case .twoRemovals: leave(kind, count: 2) { .remove($0, comesBack: false) }
        case .readdition: leave(kind, count: 1) { .remove($0, comesBack: true) }
        case .replacement: strikeReplacement()
        case .secondInit: err(kind, .secondInit)
        case .badToken:
            let isTokenUsed = settings.nodeCount > 1
            let mistakes: [OperatorMistake] =
                [.unknownToken, .expiredToken] + (isTokenUsed ? [.usedToken] : [])
            if let mistake = injector.pick(kind, mistakes) { err(kind, mistake) }
        default: preconditionFailure("\(kind) is nothing that operators do to members")
        }
    }

    /// A machine that is no node and may become one.
    private var spare: SimulatedNode? {
        cluster.nodes.first { node in
            node.id == nil && !node.isScrapped
                && !operators.contains { !$0.isDone && $0.goal == .join(node.name) }
        }
    }

    /// A further machine joins.
    private func strikeJoin() {
        guard let spare else { return }
        injector.count(.join)
        begin(.join(spare.name))
    }

    /// Some members begin to leave at once; enough stay for every replica.
    private func leave(
        _ kind: FaultKind, count: Int, as goal: (NodeID) -> OperatorTask.Goal
    ) {
        // The only copy of a shard that is wanted back before it has moved stays where it is, and
        // never becomes the new replica that is wanted there.
        guard settings.replicaCount > 1 else { return }
        let leavers = operators.compactMap(\.leaver)
        var left = cluster.nodes.compactMap(\.id).filter { !leavers.contains($0) }
        guard left.count >= settings.replicaCount + count, left.count > 1,
            !operators.contains(where: { !$0.isDone && $0.leaver != nil })
        else { return }
        injector.count(kind)
        for _ in 0..<count {
            guard let victim = injector.pick(kind, left) else { return }
            left.removeAll { $0 == victim }
            begin(goal(victim))
        }
    }

    /// A machine dies with its disk, and another takes its place.
    private func strikeReplacement() {
        let members = cluster.nodes.filter { $0.id != nil && $0.isUp }
        guard spare != nil, let victim = injector.pick(.replacement, members),
            injector.admits(lossOf: victim, on: cluster)
        else { return }
        injector.count(.replacement)
        victim.isScrapped = true
        cluster.loseDisk(of: victim)
        leaveHome(victim)
    }

    /// Somebody else's machine takes the place of a dead one.
    func replace(_ dead: NodeID) {
        begin(.retire(dead))
        if let spare { begin(.join(spare.name)) }
    }

    private func err(_ kind: FaultKind, _ mistake: OperatorMistake) {
        injector.count(kind)
        begin(.mistake(mistake))
    }
}
