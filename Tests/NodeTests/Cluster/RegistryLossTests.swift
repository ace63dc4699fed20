import Accounts
import Determinism
import Identity
import Raft
import Registry
import Testing
import Wire

@testable import Node

@Suite("Cluster: without the registry")
struct RegistryLossTests {
    @Test("Without a quorum of the registry the shards go on serving (DESIGN 5)")
    func shardsGoOn() throws {
        let cluster = TestCluster(shardCount: 8)
        try cluster.start(cluster[1])
        try cluster.runUntilLed()
        for _ in 2...4 { try cluster.join() }
        try cluster.run(until: { isSpread(cluster) })
        let registry = try #require(cluster[1].node?.registry)
        let voters = try #require(registry.placement(of: .registry)?.desired.map(\.node))
        // Two of the three that replicate the registry die; a shard with two others lives.
        let victims = voters.filter { $0 != NodeID(4) }.prefix(2)
        try #require(voters.count == 3)
        let shard = try #require(
            (0..<8).map { ShardID($0) }.first { shard in
                let holders = registry.placement(of: shard)?.desired.map(\.node) ?? []
                return holders.contains(NodeID(4)) && holders.count { victims.contains($0) } == 1
            })
        try cluster.run(until: { cluster[4].node?.registry.epoch == registry.epoch })
        for victim in victims { try cluster.crash(cluster[victim.rawValue]) }
        try cluster.run(until: { cluster.leader(of: shard) != nil })
        let number = try #require(
            (1...80).first { number in
                guard let phone = PhoneNumber(Self.phone(number)) else { return false }
                return ShardKey(ClaimKey.phone(phone)).shard(count: 8) == shard
            })
        let request = ClientRequest.requestCode(
            phone: Self.phone(number), codeHash: [UInt8](repeating: 7, count: 32),
            cmid: cmid(UInt64(number), at: TestCluster.wall))
        let change = OperatorRequest.change(.drain(NodeID(4)))
        try cluster.feed(.client(.host(1), request), to: cluster[4])
        try cluster.feed(.operate(2, change), to: cluster[4])
        try cluster.run(.seconds(11))
        guard case .codeRequested? = cluster[4].response(1) else {
            Issue.record("the shard did not answer: \(String(describing: cluster[4].response(1)))")
            return
        }
        #expect(
            cluster[4].operatorResponses.last?.response == .failed(Failure(.unknown)),
            "the registry itself is without a quorum")
    }

    /// Whether every shard is where the registry wants it, on three of the four nodes.
    private func isSpread(_ cluster: TestCluster) -> Bool {
        guard let registry = cluster[1].node?.registry, registry.members.count == 4,
            registry.members.allSatisfy({ $0.standing == .up })
        else { return false }
        let shards = (0..<8).map { ShardID($0) } + [.registry]
        return shards.allSatisfy { shard in
            let wanted = (registry.placement(of: shard)?.desired ?? []).sorted()
            return wanted.count == 3
                && cluster.leader(of: shard)?.node?.replica(of: shard)?.raft.configuration.voters
                    == wanted
        }
    }

    private static func phone(_ number: Int) -> String { "+49151123450\(number + 10)" }
}
