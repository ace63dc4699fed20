package import Identity

/// A node that may hold replicas.
package struct PlacementMember: Hashable, Sendable {
    /// Who.
    package let node: NodeID
    /// Replicas of a shard go to different zones where there are enough.
    package let zone: String
    /// Its share of the load relative to others; 100 is normal, 0 counts as 1.
    package let weight: UInt16

    package init(node: NodeID, zone: String = "", weight: UInt16 = 100) {
        self.node = node
        self.zone = zone
        self.weight = weight
    }
}
