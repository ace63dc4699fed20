package import Identity
package import Node

/// The node behind the client listener.
package protocol GatewayBackend: Sendable {
    /// Does what a client asks over HTTP. Answers within the node's own limit of time.
    func perform(_ request: ClientRequest) async -> ClientResponse

    /// A session hub is there, before any of its calls. The node may deliver to it from now on,
    /// from any thread.
    func attach(_ link: HubLink)

    /// What a hub asks, in order; called on the hub's own thread. Each request is answered by
    /// exactly one `.response`; each follow by a `.head`, and then by what the log brings.
    func receive(_ calls: [HubCall], from link: HubLink)

    /// The hub is about to end with all that it follows: nothing is delivered to it any more once
    /// this has returned.
    func detach(_ link: HubLink) async

    /// What is known of the node right now; cheap, called from any thread for every request.
    var facts: GatewayFacts { get }

    /// The node's metrics as Prometheus text, one line each, ended by a line break.
    func metrics() async -> String
}

/// What a session hub asks of its node.
package enum HubCall: Hashable, Sendable {
    case request(HubToken, ClientRequest)
    case follow(LogID)
    case unfollow(LogID)
    case signal(HubSignal)
}

/// The way from the node to one session hub.
package struct HubLink: Hashable, Sendable {
    /// Which hub of the node, from 0.
    package let number: Int
    private let loop: HubLoop

    init(number: Int, loop: HubLoop) {
        self.number = number
        self.loop = loop
    }

    /// Hands `deliveries` to the hub, in order. From any thread; does not wait.
    package func deliver(_ deliveries: [HubDelivery]) {
        loop.deliver(deliveries)
    }

    package static func == (lhs: HubLink, rhs: HubLink) -> Bool { lhs.loop === rhs.loop }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(loop)) }
}

/// What a node tells its client listener.
package struct GatewayFacts: Hashable, Sendable {
    /// Whether the node can serve clients.
    package var isReady: Bool
    /// Why it cannot, in a few words.
    package var reason: String
    /// The origins of all nodes' client addresses and of public names in front of them.
    package var publicOrigins: [Origin]
    /// Base URLs of the nodes that clients may connect to, this one first.
    package var nodes: [String]

    package init(
        isReady: Bool, reason: String = "", publicOrigins: [Origin] = [], nodes: [String] = []
    ) {
        self.isReady = isReady
        self.reason = reason
        self.publicOrigins = publicOrigins
        self.nodes = nodes
    }
}
