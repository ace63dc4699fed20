package import Determinism

/// Where a node listens for other nodes, and the limits of its links. Validated once.
package struct PeerTransportSettings: Sendable {
    /// The address to bind, an IP address as text.
    package var host: String
    /// The TCP port to bind; 0 takes any free one.
    package var peerPort: UInt16
    /// The UDP port to bind; 0 takes any free one.
    package var gossipPort: UInt16
    /// This process's boot counter: durable before the transport is made.
    package var generation: UInt32
    /// The most bytes that wait for one node; the oldest are dropped beyond it.
    package var queueBytesMax = 16 * 1_024 * 1_024
    /// A batch is cut at about this size, in bytes before compression.
    package var frameBytesTarget = 256 * 1_024
    /// How often a link is asked whether it lives.
    package var keepalive: Interval = .seconds(1)
    /// A link that has been silent for so long is dead.
    package var silenceMax: Interval = .seconds(3)
    /// How long a TCP connection may take to come about.
    package var connectTimeout: Interval = .seconds(2)
    /// How long TLS and the handshake may take together.
    package var handshakeTimeout: Interval = .seconds(5)
    /// How long the decision on a join may take.
    package var joinTimeout: Interval = .seconds(20)
    /// The first pause between attempts to reach a node; doubles with each.
    package var redialMin: Interval = .milliseconds(50)
    /// The longest pause between attempts.
    package var redialMax: Interval = .seconds(1)
    /// The most connections from other nodes at once.
    package var incomingMax = 1_024
    /// The most of them that have not yet shown who they are.
    package var strangersMax = 256
    /// The calendar clock.
    package var wallClock: @Sendable () -> WallTime

    /// Settings with the usual limits.
    package init(
        host: String, peerPort: UInt16, gossipPort: UInt16, generation: UInt32,
        wallClock: @escaping @Sendable () -> WallTime
    ) {
        self.host = host
        self.peerPort = peerPort
        self.gossipPort = gossipPort
        self.generation = generation
        self.wallClock = wallClock
    }
}

/// The ports that are really bound.
package struct PeerPorts: Hashable, Sendable {
    /// TCP.
    package let peer: UInt16
    /// UDP.
    package let gossip: UInt16
}

/// Why the transport cannot start.
package enum PeerTransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The address cannot be bound.
    case cannotBind(host: String, port: UInt16, reason: String)
    /// The address is no IP address.
    case badAddress(String)
    /// TLS cannot be set up with these credentials.
    case badCredentials(String)

    /// One sentence that says what is wrong.
    package var description: String {
        switch self {
        case .cannotBind(let host, let port, let reason):
            "Cannot listen on \(host) port \(port): \(reason)."
        case .badAddress(let host): "\(host) is not an IP address."
        case .badCredentials(let reason): "The node's credentials cannot be used: \(reason)"
        }
    }
}
