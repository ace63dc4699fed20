internal import Determinism
internal import Identity
internal import Node
internal import Registry

/// A change of the cluster that an operator makes, step by step, each as often as it takes.
struct OperatorTask {
    enum Goal: Hashable {
        /// The machine with this name becomes a node.
        case join(Int)
        /// This member gives its replicas away.
        case drain(NodeID)
        /// This member never comes back: it is given up and, when nothing is wanted of it any more,
        /// removed for ever.
        case retire(NodeID)
        /// Something is written into the registry, to see that it can be done.
        case write
    }

    let goal: Goal
    let requestID: MessageID
    var request: UInt64 = 0
    var hasToken = false
    /// What the last request asked for.
    var action: RegistryAction?
    var isDone = false
}

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
        let running = cluster.nodes.filter { $0.isUp && !$0.isPaused }
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

    private func action(of task: OperatorTask) -> RegistryAction {
        switch task.goal {
        case .drain(let node): return .drain(node)
        case .write:
            let hash = SimulatedDigest().digest([0xFF])
            return .createToken(hash: hash, expiry: cluster.wall + .seconds(3_600))
        case .retire(let node):
            let newest = cluster.nodes.compactMap(\.node?.registry).max { $0.epoch < $1.epoch }
            let member = newest?.member(node)
            let isGivenUp = member?.standing == .lost || member?.standing == .left
            let mayGo = isGivenUp && newest?.isWanted(node) == false
            return mayGo || member == nil ? .remove(node) : .markLost(node)
        case .join(let name):
            let replacement = cluster.nodes[name].replacementCount
            let hash = SimulatedDigest().digest([
                UInt8(truncatingIfNeeded: name), UInt8(truncatingIfNeeded: replacement),
            ])
            guard task.hasToken else {
                return .createToken(hash: hash, expiry: cluster.wall + .seconds(3_600))
            }
            return .admit(
                tokenHash: hash, requestID: task.requestID,
                description: cluster.description(of: cluster.nodes[name]))
        }
    }

    private func use(_ response: OperatorResponse, of number: Int) {
        guard case .outcome(let outcome) = response else { return }
        switch (operators[number].goal, outcome) {
        case (.drain, .done), (.drain, .unchanged), (.write, .done), (.write, .unchanged):
            operators[number].isDone = true
        case (.retire(let node), .done), (.retire(let node), .unchanged):
            operators[number].isDone = operators[number].action == .remove(node)
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

    private func refused(_ number: Int, _ refusal: RegistryRefusal) {
        switch (operators[number].goal, refusal) {
        case (.drain, .wrongStanding), (.drain, .lastMember), (.drain, .memberUnknown):
            operators[number].isDone = true
        // Asked in vain: what it is by now is seen before the next try.
        case (.retire, .wrongStanding), (.retire, .stillWanted): break
        default: history.report("operators", "\(operators[number].goal): \(refusal)")
        }
    }

    /// A further machine joins.
    func strikeJoin() {
        guard let spare = cluster.nodes.first(where: { $0.id == nil }),
            !operators.contains(where: { $0.goal == .join(spare.name) })
        else { return }
        injector.count(.join)
        begin(.join(spare.name))
    }

    /// A member is drained; enough stay for every replica.
    func strikeDrain() {
        let members = cluster.nodes.compactMap(\.id)
        let drained = operators.compactMap { task -> NodeID? in
            if case .drain(let node) = task.goal { node } else { nil }
        }
        let left = members.filter { !drained.contains($0) }
        guard left.count > settings.replicaCount, drained.isEmpty,
            let victim = injector.pick(.drain, left)
        else { return }
        injector.count(.drain)
        begin(.drain(victim))
    }
}
