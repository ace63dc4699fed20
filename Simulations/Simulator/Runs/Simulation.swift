internal import Determinism
internal import Identity
internal import Node
internal import Raft
internal import Registry
internal import Wire

/// One run from a seed: a cluster comes to be, people chat while faults happen, the faults end, and
/// everything must be as if there had been none.
package final class Simulation {
    /// What this run is a function of.
    package let settings: SimulationSettings
    let cluster: SimulatedCluster
    var injector: FaultInjector
    var people: [SimulatedPerson] = []
    var history: History
    var counters = SimulationCounters()
    let rooms: [PublicRoom]

    /// Looked up only.
    var sockets: [SocketID: ClientSocket] = [:]
    var nextSocket: UInt64 = 1
    /// Sockets on which something waits for a cut to heal; with repetitions.
    var heldSockets: [SocketID] = []
    /// Looked up only; the ids of the open ones, ascending.
    var operations: [UInt64: ClientOperation] = [:]
    var openOperations: [UInt64] = []
    var nextOperation: UInt64 = 1
    /// Upgrades that wait for their cookie to be found good; looked up only.
    var upgrades: [UInt64: SocketID] = [:]
    /// Changes of the cluster that operators make.
    var operators: [OperatorTask] = []
    var operatorResponses: [UInt64: OperatorResponse] = [:]
    var nextOperatorRequest: UInt64 = 1
    var networkGenerator: SeededGenerator
    var generator: SeededGenerator
    var phase = Phase.boot
    /// Who goes on alone at present; nil for everybody.
    var core: LivenessCore?
    /// Processes that ended by themselves outside of the core, oldest first.
    var endsOutside: [(machine: Int, end: ProcessEnd)] = []
    /// Every chat that was ever made, for those who pry.
    var allChats: [ChatID] = []
    /// Chats whose deletion was asked for.
    var deletedChats: [ChatID] = []
    /// Chats that somebody wanted to pass on; looked up only.
    var passedChats: Set<ChatID> = []
    /// Links by which people may join, oldest first.
    var knownLinks: [KnownLink] = []
    /// People who were invited before they signed up.
    var newcomerCount = 0
    /// Chats that everybody may read, besides the rooms.
    var publicChats: [ChatID] = []
    var vandals: [Vandal] = []
    var revocations: [Revocation] = []
    var crowd: Crowd?
    var nextCheck = Instant.start
    /// The chat lists that people got last in the end, by person.
    var finalLists: [(Int, [ClientChat])] = []
    /// What was read of disks for the state with this hash; looked up only.
    var readShards: [ShardID: (stateHash: UInt64, shard: StoredShard)] = [:]
    var readLogs: [LogID: (stateHash: UInt64, entries: [ClientEntry]?)] = [:]

    enum Phase {
        case boot
        case safety
        case healing
    }

    /// A run that has not begun. With `keepsTail` its report tells the last events in words: the
    /// run is the same, and takes a twentieth longer.
    package init(settings: SimulationSettings, keepsTail: Bool = false) {
        self.settings = settings
        history = History(promise: settings.faults.promise)
        // Late elections are among the perturbations.
        history.liveness = BoundedLiveness(
            electionTimeoutMin: settings.node.raft.electionTimeoutMin
                * (settings.perturbationSeed == nil ? 1 : 2))
        cluster = SimulatedCluster(settings: settings)
        cluster.trace.keepsLines = keepsTail
        injector = FaultInjector(plan: settings.faults, seed: settings.seed)
        let root = SeededGenerator(seed: settings.seed)
        networkGenerator = root.forked(named: "client network")
        generator = root.forked(named: "operators")
        rooms = [
            PublicRoom(chat: ChatID(using: &generator), name: "lobby", fullName: "The Lobby"),
            PublicRoom(chat: ChatID(using: &generator), name: "help", fullName: "Help"),
        ]
        people = (0..<settings.personCount).map {
            SimulatedPerson(
                index: $0, generator: root.forked(named: "person \($0)"),
                workload: settings.workload)
        }
    }

    /// The cluster tells this run what happens. The two hold each other until
    /// ``disconnectCallbacks()``.
    func connectCallbacks() {
        cluster.onEvent = { self.note($1, of: $0) }
        cluster.onResponse = { self.respond($0, $1) }
        cluster.onOperatorResponse = { self.operatorResponses[$0] = $1 }
        cluster.onHubEffect = { self.carryOut($1, ofHubOf: $0) }
        cluster.onArrival = { self.arrive($1, at: $0) }
        cluster.onWorld = { self.handle($0) }
        cluster.onDamage = { self.history.report("codecs", $0) }
        cluster.onCrash = { self.crashed($0) }
        cluster.onClientsHealed = { self.clientsHealed() }
        cluster.onInspection = { self.inspect($0) }
        cluster.onStorm = {
            self.history.report(
                "resource bounds",
                "more than \(SimulatedCluster.eventsPerSecondMax) events within a second")
        }
    }

    /// Lets go of the cluster again.
    func disconnectCallbacks() {
        cluster.onEvent = { _, _ in }
        cluster.onResponse = { _, _ in }
        cluster.onOperatorResponse = { _, _ in }
        cluster.onHubEffect = { _, _ in }
        cluster.onArrival = { _, _ in }
        cluster.onWorld = { _ in }
        cluster.onDamage = { _ in }
        cluster.onCrash = { _ in }
        cluster.onClientsHealed = {}
        cluster.onInspection = { _ in }
        cluster.onStorm = {}
    }

    // MARK: The run

    /// Runs to the end, or to the first violation.
    package func run() -> SimulationReport {
        connectCallbacks()
        beginProbes()
        defer {
            endProbes()
            disconnectCallbacks()
        }
        var failure = boot()
        if failure.isEmpty { failure = live() }
        if injector.budget.isExceeded {
            // What holds no more after so much is lost says nothing about the cluster.
            failure = []
        } else {
            if failure.isEmpty { failure = heal() }
            if failure.isEmpty { failure = judge() }
            if failure.isEmpty { failure = probeNames() }
        }
        counters.note(cluster)
        counters.faultsRefused = injector.budget.refusalCount
        counters.refetched = history.refetch.comparedCount
        counters.repliesShown = history.replies.shownCount
        counters.forwardsShown = history.forwards.shownCount
        counters.starsCompared = history.stars.comparedCount
        counters.settingsCompared = history.settings.comparedCount
        counters.draftsCompared = history.drafts.comparedCount
        counters.passwordsCompared = history.passwords.comparedCount
        counters.editsShown = history.edits.shownCount
        counters.deletionsShown = history.deletions.shownCount
        counters.pinsCompared = history.pins.comparedCount
        counters.reactionsShown = history.reactions.shownCount
        counters.searchesAnswered = history.search.answeredCount
        counters.directChatsOpened = history.directChats.openedCount
        counters.typingShown = history.typing.shownCount
        counters.presencesTold = history.presences.toldCount
        counters.elections = history.electionSafety.electionCount
        return SimulationReport(
            seed: settings.seed, hash: cluster.trace.hash, violations: failure,
            beyondModel: injector.budget.excess,
            counters: counters, faults: injector.counts(with: cluster), marks: Mark.counts,
            perturbations: Perturbation.counts, time: cluster.now,
            eventCount: cluster.trace.eventCount, tail: cluster.trace.tail)
    }

    /// Lets the cluster come to be; answers what did not hold.
    func boot() -> [Violation] {
        cluster.network.settings.delayMin = settings.network.delayMin
        cluster.network.settings.delayWidth = settings.network.delayWidth
        cluster.initialise(rooms: rooms, settings: settings.registry)
        cluster.run(until: cluster.now + .seconds(3))
        for node in cluster.nodes[1..<max(1, settings.nodeCount)] {
            begin(.join(node.name))
        }
        let isSettled = cluster.run(until: cluster.now + .seconds(90)) {
            history.isSound && !isAtHome
        }
        guard history.isSound else { return history.violations }
        guard isSettled else {
            return [
                Violation(
                    property: "bootstrap",
                    words: "the cluster has not come to be: \(differences.joined(separator: "; "))")
            ]
        }
        counters.bootTime = cluster.now
        return []
    }

    /// Whether it is time to look whether all is as it should be, which takes long.
    func isCheckDue(every pause: Interval) -> Bool {
        guard cluster.now >= nextCheck else { return false }
        nextCheck = cluster.now + pause
        return true
    }

    /// Whether every node that should be in has come in; looked at now and then.
    private var isAtHome: Bool {
        guard isCheckDue(every: .milliseconds(100)), operators.allSatisfy(\.isDone) else {
            return false
        }
        let factor = settings.nodeCount >= 3 ? settings.replicaCount : 1
        guard let status = cluster.nodes[0].status,
            status.shards.allSatisfy({ $0.desired.count >= factor })
        else { return false }
        return differences.isEmpty
            && rooms.allSatisfy { log(.chat($0.chat))?.isEmpty == false }
    }

    /// What is not yet as it should be between the nodes.
    var differences: [String] {
        let joined = cluster.nodes.filter { $0.id != nil }
        if let down = joined.first(where: { !$0.isUp }) { return ["node \(down.name) is down"] }
        return Convergence.differences(of: joined.compactMap { $0.status })
    }

    private func live() -> [Violation] {
        phase = .safety
        for person in people {
            cluster.schedule(
                .act(person.index),
                after: Interval.zero.jittered(by: .seconds(2), using: &person.generator))
        }
        injector.begin(on: cluster)
        _ = cluster.run(until: cluster.now + settings.safetyTime) {
            history.isSound && !injector.budget.isExceeded
        }
        return history.violations
    }

    private func heal() -> [Violation] {
        phase = .healing
        for person in people { countOverdue(of: person) }
        let failure = liveInCore()
        guard failure.isEmpty else { return failure }
        let begun = cluster.now
        history.typing.healed(at: begun)
        injector.end(on: cluster)
        burstAfterHealing()
        let hasConverged = cluster.run(until: begun + settings.healingTime) {
            history.isSound && !isConverged
        }
        guard history.isSound else { return history.violations }
        guard hasConverged else {
            return [
                Violation(
                    property: "convergence",
                    words: "not within \(settings.healingTime): "
                        + (differences + clientDifferences).prefix(12).joined(separator: "; ")
                        + (mayHaveEffects ? "; effects wait in outboxes" : ""))
            ]
        }
        counters.healTime = cluster.now - begun
        awaitPresence()
        counters.clusterHealTime = (counters.clusterHealedAt ?? cluster.now) - begun
        refetchAll()
        return history.violations
    }

    private var isConverged: Bool {
        guard isCheckDue(every: .milliseconds(250)), operators.allSatisfy(\.isDone),
            differences.isEmpty
        else { return false }
        if counters.clusterHealedAt == nil { counters.clusterHealedAt = cluster.now }
        return openOperations.isEmpty && !mayHaveEffects && clientDifferences.isEmpty
    }

    /// An invitation that waits in an outbox is news that the clients have not heard yet.
    private var mayHaveEffects: Bool {
        cluster.nodes.contains { $0.mayHaveEffects }
    }

    // MARK: Events

    private func handle(_ event: WorldEvent) {
        switch event {
        case .act(let person): act(people[person])
        case .answer(let request, let response): answered(request, response)
        case .timeout(let request): answered(request, nil)
        case .retry(let operation): attempt(operation)
        case .opened(let socket): opened(socket)
        case .closed(let socket, let code): closed(socket, code: code)
        case .frame(let socket, let bytes): heard(bytes, on: socket)
        case .clientTimer(let person, let timer, let number):
            fire(timer, number: number, of: people[person])
        case .reads(let socket): readsAgain(socket)
        case .tabCloses(let index): closeTab(people[index])
        case .fault(let kind): strike(kind)
        case .faultEnds(let end): injector.finish(end, on: cluster)
        case .processEnded(let name, let end): note(end, of: cluster.nodes[name])
        case .operation(let number): advance(operator: Int(number))
        }
    }
}
