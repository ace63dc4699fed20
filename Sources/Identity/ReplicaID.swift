/// One replica of one shard: the node that holds it, and how often that node has been given it.
///
/// A node that loses a replica and is given the shard again gets a higher `incarnation`, so that
/// messages to the earlier replica are never taken for its successor's.
package struct ReplicaID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The node that holds the replica.
    package let node: NodeID
    /// Counts the times that this node was given the shard, from 1; handed out by the registry.
    package let incarnation: UInt32

    package init(node: NodeID, incarnation: UInt32 = 1) {
        self.node = node
        self.incarnation = incarnation
    }

    package var description: String {
        incarnation == 1 ? "\(node)" : "\(node)#\(incarnation)"
    }

    package static func < (lhs: ReplicaID, rhs: ReplicaID) -> Bool {
        (lhs.node, lhs.incarnation) < (rhs.node, rhs.incarnation)
    }
}
