package import Identity
package import Membership
package import Registry
package import Storage
package import Wire

/// One of the session hubs of a node: numbered by the host, one for each I/O loop.
package struct HubID: Hashable, Comparable, Sendable {
    package let rawValue: UInt32

    package init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static func < (lhs: HubID, rhs: HubID) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Who asked a node for something, so that the host can bring the answer back.
package enum RequestSource: Hashable, Sendable {
    /// A request of a hub.
    case hub(HubID, HubToken)
    /// A request of the host, under a number that it chose.
    case host(UInt64)
}

/// What a node is told. The host calls ``ClusterNode/receive(_:at:wall:using:)`` with one of these
/// and then takes what is to be done.
package enum NodeInput: Sendable {
    /// Time has passed: ``ClusterNode/nextDeadline`` is reached.
    case timer
    /// A datagram of a member, opened and decoded.
    case datagram(MembershipMessage, from: GossipAddress)
    /// Messages that came over the link from a node that has proved who it is.
    case messages([PeerMessage], from: NodeID)
    /// The link to a node is open.
    case linkUp(NodeID)
    /// The link to a node broke; `isRefused` when nobody listens there any more, which is how a
    /// killed process looks at once.
    case linkDown(NodeID, isRefused: Bool)
    /// Every write through this token is in the store, and durable as far as it asked for that.
    case written(through: UInt64)
    /// The answer to a read.
    case read(token: UInt64, pairs: [KeyValue])
    /// The answer to a question.
    case found(token: UInt64, StoreFinding)
    /// A client wants something.
    case client(RequestSource, ClientRequest)
    /// An operator, or a node that wants to join, wants something.
    case operate(UInt64, OperatorRequest)
    /// A hub wants all that is published in a log from now on, beginning with its head.
    case follow(HubID, LogID)
    /// A hub wants no more of a log.
    case unfollow(HubID, LogID)
    /// A hub says who types or is there, or whom it watches.
    case signal(HubID, HubSignal)
    /// A hub is gone with all that it follows.
    case hubClosed(HubID)
    /// This process is about to end in good order.
    case leave
}

/// What operators ask a node.
package enum OperatorRequest: Hashable, Sendable {
    /// What this node knows of the cluster. Answered at once.
    case status
    /// Where a chat lives. Answered at once.
    case locate(ChatID)
    /// A change of the registry, decided by its leader.
    case change(RegistryAction)
}

/// What operators are answered.
package enum OperatorResponse: Hashable, Sendable {
    case status(ClusterStatus)
    case located(ChatLocation)
    case outcome(RegistryOutcome)
    case failed(Failure)
}
