package import Identity
package import Membership
package import Storage
package import Wire

/// What a node wants done. The host does all of it, in this order:
///
/// 1. Hand `write` to the disk: batches are written in the order of their tokens, as one atomic
///    change each; when a batch and all before it are in the store (and on disk, if it must be
///    synced), the node is told `written`. A failed write ends the process.
/// 2. Open `viewsOpened`: unchanging views of the store as it is after that batch, or after a few
///    more.
/// 3. Run `reads` and `questions`; each sees every batch up to now, or its view. The answer may
///    take any time.
/// 4. Everything else, in any order. `messages` and `datagrams` may leave at once: what must wait
///    for the disk was held back by the node.
package struct NodeReady: Sendable {
    package var write: NodeWrite?
    package var viewsOpened: [UInt64] = []
    package var reads: [NodeRead] = []
    package var questions: [NodeQuestion] = []
    package var viewsClosed: [UInt64] = []
    package var datagrams: [NodeDatagram] = []
    package var messages: [NodeMessages] = []
    /// Nodes whose address is new: links go there from now on.
    package var peers: [NodePeer] = []
    /// Nodes that are no members any more: their links are closed for good.
    package var peersRemoved: [NodeID] = []
    package var deliveries: [NodeDelivery] = []
    /// Where clients may connect, this node first; for all hubs and for the origins that may call.
    package var clientURLs: [String]?
    package var responses: [NodeResponse] = []
    package var operatorResponses: [NodeOperatorResponse] = []
    package var events: [NodeEvent] = []
    /// Why this process must end now, if it must.
    package var exit: NodeExit?

    package init() {}
}

/// A batch for the disk.
package struct NodeWrite: Sendable {
    package let token: UInt64
    package let batch: WriteBatch
    /// Whether the batch must be on disk, and not only in the store, before `written`.
    package let mustSync: Bool
}

/// A range to read, in a view or in the store as it is.
package struct NodeRead: Sendable {
    package let token: UInt64
    package let view: UInt64?
    package let range: KeyRange
}

/// A question to the store as it is, which takes many reads.
package struct NodeQuestion: Sendable {
    package let token: UInt64
    package let question: StoreQuestion
}

/// A datagram to seal and send.
package struct NodeDatagram: Sendable {
    package let message: MembershipMessage
    package let to: GossipAddress
}

/// Messages for the link to a node; dropped when there is none.
package struct NodeMessages: Sendable {
    package let to: NodeID
    package var messages: [PeerMessage]
}

/// Where a node listens for links.
package struct NodePeer: Hashable, Sendable {
    package let node: NodeID
    package let host: String
    package let port: UInt16
}

/// Something for a hub.
package struct NodeDelivery: Sendable {
    package let hub: HubID
    package let delivery: HubDelivery
}

/// The answer to a request of the host.
package struct NodeResponse: Sendable {
    package let id: UInt64
    package let response: ClientResponse
}

/// The answer to a request of an operator.
package struct NodeOperatorResponse: Sendable {
    package let id: UInt64
    package let response: OperatorResponse
}

/// Why a process must end.
package enum NodeExit: Hashable, Sendable {
    /// Another process runs as the same node with a newer generation: the disk was copied, or this
    /// process was thought gone.
    case cloned(newer: Incarnation)
    /// The registry has removed this node for ever.
    case removed
    /// The store cannot be read.
    case storage(StorageError)
}
