internal import Determinism
internal import Identity
internal import Node
internal import Registry

/// When a machine wants to be woken, and what its node has. Asked in place, because asking an
/// optional value that a class holds copies the whole node first.
extension SimulatedNode {
    /// When its node does; nil while it has none.
    var nextDeadline: Instant? { Self.deadline(of: &node) }

    /// When its hub does; nil for never.
    var nextHubDeadline: Instant? { Self.deadline(of: &hub) }

    /// How much its node and its hub have of what is limited.
    var occupancies: [Occupancy] { Self.occupancies(of: &node) + Self.occupancies(of: &hub) }

    private static func occupancies(of node: inout ClusterNode?) -> [Occupancy] {
        node?.occupancies ?? []
    }

    private static func occupancies(of hub: inout SessionHub?) -> [Occupancy] {
        hub?.occupancies ?? []
    }

    /// The log of its node's replica of a shard; nil when it has none.
    func log(of shard: ShardID) -> LogOutline? { Self.log(of: shard, in: &node) }

    private static func log(of shard: ShardID, in node: inout ClusterNode?) -> LogOutline? {
        node?.log(of: shard)
    }

    /// What its node knows of the cluster; nil while it has none.
    var status: ClusterStatus? { Self.status(of: &node) }

    private static func status(of node: inout ClusterNode?) -> ClusterStatus? { node?.status }

    /// What its node says of one shard alone; nil while it has none.
    func status(of shard: ShardID) -> ShardStatusLine? { Self.status(of: shard, in: &node) }

    private static func status(
        of shard: ShardID, in node: inout ClusterNode?
    ) -> ShardStatusLine? {
        node?.status(of: shard)
    }

    /// What its node knows of the registry; nil while it has none.
    var registry: RegistryState? { Self.registry(of: &node) }

    private static func registry(of node: inout ClusterNode?) -> RegistryState? { node?.registry }

    /// Whether effects of shards that its node leads may wait.
    var mayHaveEffects: Bool { Self.mayHaveEffects(in: &node) }

    private static func mayHaveEffects(in node: inout ClusterNode?) -> Bool {
        node?.mayHaveEffects == true
    }

    private static func deadline(of node: inout ClusterNode?) -> Instant? { node?.nextDeadline }

    private static func deadline(of hub: inout SessionHub?) -> Instant? { hub?.nextDeadline }

    /// Traps where a numbered invariant of its node or its hub does not hold.
    func checkInvariants() {
        Self.checkInvariants(of: &node)
        Self.checkInvariants(of: &hub)
    }

    private static func checkInvariants(of node: inout ClusterNode?) { node?.checkInvariants() }

    private static func checkInvariants(of hub: inout SessionHub?) { hub?.checkInvariants() }
}
