import Determinism
import Identity
import Node
import Testing
import Wire

@testable import Simulator

/// Whole clusters under one fault of the network each.
@Suite("Faults of the network")
struct NetworkFaultTests {
    static let kinds: [FaultKind] = [
        .loss, .duplication, .replay, .reorder, .corruption, .truncation, .oversize, .wrongCluster,
        .forgedSender, .streamBreak, .streamStall, .halfOpen, .midFrameReset, .slowPeer,
        .reconnectStorm, .portReuse, .isolate, .oneWay, .split, .splitBySize, .splitOneWay,
        .bridge, .clientCut, .flapping, .messageFilter, .swizzle, .delaySpike,
    ]

    /// A short run with this kind of fault alone, and much of it.
    private func settings(_ kind: FaultKind, seed: UInt64 = 3) -> SimulationSettings {
        var settings = SimulationSettings(seed: seed, nodeCount: 3)
        settings.shardCount = 2
        settings.personCount = 3
        settings.safetyTime = .seconds(10)
        settings.faults = FaultPlan()
        for (position, other) in FaultKind.allCases.enumerated() where other == kind {
            if kind.perMilleMax == nil {
                settings.faults.means[position] = .milliseconds(600)
            } else {
                settings.faults.perMille[position] = 200
            }
        }
        return settings
    }

    @Test(
        "Under each fault of the network alone, it happens and everything holds", arguments: kinds)
    func alone(kind: FaultKind) {
        let report = Simulation(settings: settings(kind)).run()
        #expect(report.violations == [])
        #expect((report.faults[kind] ?? 0) > 0)
        #expect(report.faults.keys.allSatisfy { $0 == kind })
        // So many broken streams and partitions may leave nobody the time to be heard.
        if kind.perMilleMax != nil { #expect(report.counters.acks > 0) }
    }

    @Test("Every kind is missing from at least 40 % of the runs, or was there from the beginning")
    func shares() {
        for kind in Self.kinds { #expect(kind.perCent <= 60) }
    }

    // MARK: One fault, looked at closely

    /// What `body` does with a cluster of three nodes that know each other.
    private func withCluster(_ body: (SimulatedCluster) throws -> Void) throws {
        var settings = settings(.loss)
        settings.faults = FaultPlan()
        let simulation = Simulation(settings: settings)
        simulation.connectCallbacks()
        defer { simulation.disconnectCallbacks() }
        try #require(simulation.boot() == [])
        try body(simulation.cluster)
        #expect(simulation.history.violations == [])
    }

    private func paths(_ cluster: SimulatedCluster) throws -> SimulatedNetwork.Path {
        SimulatedNetwork.Path(
            from: try #require(cluster.nodes[0].id), to: try #require(cluster.nodes[1].id))
    }

    @Test("A half-open stream is given up in three seconds, and another takes its place")
    func halfOpen() throws {
        try withCluster { cluster in
            let path = try paths(cluster)
            let number = try #require(cluster.network.stream(path)?.number)
            cluster.network.halfOpen(path)
            cluster.doubt(path)
            cluster.run(until: cluster.now + .milliseconds(2_900))
            #expect(cluster.network.stream(path)?.number == number)
            cluster.run(until: cluster.now + .milliseconds(200))
            let next = try #require(cluster.network.stream(path)?.number)
            #expect(next != number)
        }
    }

    @Test("Where another node listens at a node's address, the link is down, but not refused")
    func portReuse() throws {
        try withCluster { cluster in
            let path = try paths(cluster)
            let victim = cluster.nodes[1]
            cluster.captures = [
                AddressCapture(endpoint: try #require(victim.endpoint), owner: 1, machine: 2)
            ]
            cluster.crash(victim)
            cluster.run(until: cluster.now + .seconds(1))
            #expect(cluster.nodes[0].linkReports[path.to] == .down)
            #expect(cluster.network.strangersMet > 0)
            cluster.captures = []
            cluster.run(until: cluster.now + .seconds(1))
            #expect(cluster.nodes[0].linkReports[path.to] == .refused)
            cluster.start(victim)
            cluster.run(until: cluster.now + .seconds(1))
            #expect(cluster.nodes[0].linkReports[path.to] == .up)
        }
    }

    @Test("When the network heals among a core, the core talks, and the rest stays cut off")
    func core() throws {
        try withCluster { cluster in
            let ids = cluster.nodes.compactMap(\.id)
            try #require(ids.count >= 3)
            let all = ids.flatMap { from in
                ids.filter { $0 != from }.map { SimulatedNetwork.Path(from: from, to: $0) }
            }
            _ = cluster.begin(.cut(all))
            cluster.run(until: cluster.now + .seconds(5))
            #expect(all.allSatisfy { cluster.network.stream($0) == nil })
            cluster.healNetwork(among: [0, 1])
            cluster.run(until: cluster.now + .seconds(5))
            for path in all {
                let isCore = path.from != ids[2] && path.to != ids[2]
                #expect((cluster.network.stream(path) != nil) == isCore)
            }
        }
    }

    @Test("Of a stream that is reset in the middle of a frame, whole frames are read")
    func midFrameReset() {
        var settings = settings(.midFrameReset)
        settings.network.delayMin = .milliseconds(20)
        let report = Simulation(settings: settings).run()
        #expect(report.counters.framesTorn > 0)
    }

    @Test("A slow reader makes the sender drop what waits longest")
    func slowPeer() {
        let report = Simulation(settings: settings(.slowPeer)).run()
        #expect(report.counters.batchesDropped > 0)
    }

    @Test("A filter takes messages out")
    func messageFilter() {
        let report = Simulation(settings: settings(.messageFilter)).run()
        #expect(report.counters.messagesFiltered > 0)
    }
}
