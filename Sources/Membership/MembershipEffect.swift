package import Identity

/// What the host must do, in this order.
package enum MembershipEffect: Hashable, Sendable {
    /// Send one datagram; it may get lost.
    case sendDatagram(MembershipMessage, to: GossipAddress)
    /// Send over the peer link, opening it if need be; it may get lost.
    case sendSync(MembershipSync, to: NodeID)
    /// Ping over the peer link; call `streamPingAnswered` with the same number when it answers.
    case sendStreamPing(NodeID, sequence: UInt32)
    /// A member is new (`previous` is nil) or has another status, address or description.
    case memberChanged(MemberRecord, previous: MemberStatus?)
    /// A newer process with this node's id exists: the disk was cloned, or this process was thought
    /// gone. This process must exit.
    case selfIsClonedOrOutdated(newer: Incarnation)
    /// Two processes claim the same identity at the same incarnation from different addresses.
    case conflict(NodeID, known: MemberEndpoint, claimed: MemberEndpoint)
}
