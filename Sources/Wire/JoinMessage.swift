package import Determinism
package import Identity
package import Membership

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What a node that has no identity yet asks of a member.
package struct JoinRequest: Hashable, Sendable {
    /// The secret of the join token, 32 bytes.
    package let secret: [UInt8]
    /// The public key that the new node's certificate shall carry (DER, SubjectPublicKeyInfo). The
    /// same key with the same token gets the same node id, so a lost answer can be asked for again.
    package let publicKey: [UInt8]
    /// Where the new node will listen.
    package let endpoint: MemberEndpoint
    /// What it tells about itself.
    package let facts: MemberFacts
    /// Its calendar clock.
    package let wallClock: WallTime
    /// The cluster of its token.
    package let cluster: ClusterID

    /// The size of a token's secret.
    package static let secretByteCount = 32
    /// The longest public key, in bytes.
    package static let publicKeyBytesMax = 512

    package init(
        secret: [UInt8], publicKey: [UInt8], endpoint: MemberEndpoint, facts: MemberFacts,
        wallClock: WallTime, cluster: ClusterID
    ) {
        self.secret = secret
        self.publicKey = publicKey
        self.endpoint = endpoint
        self.facts = facts
        self.wallClock = wallClock
        self.cluster = cluster
    }

    /// The payload of a `joinRequest` frame.
    package func encoded() throws(WireError) -> [UInt8] {
        var wire = WireJoinRequest()
        wire.secret = Data(secret)
        wire.publicKey = Data(publicKey)
        wire.endpoint = WireEndpoint(endpoint)
        wire.facts = WireFacts(facts)
        wire.wallClock = wallClock.milliseconds
        wire.cluster = WireWideIdentifier(cluster)
        return try serialized(wire)
    }

    /// Reads the payload of a `joinRequest` frame; total.
    package init(decoding bytes: [UInt8]) throws(WireError) {
        try checkLimit("join", bytes.count, max: PeerLimits.handshakeBytesMax)
        let wire = try parsed(WireJoinRequest.self, bytes, "join request")
        guard wire.secret.count == Self.secretByteCount else { throw .malformed("secret") }
        try checkLimit("publicKey", wire.publicKey.count, max: Self.publicKeyBytesMax)
        guard wire.hasEndpoint, wire.hasFacts, wire.hasCluster else { throw .missing("join") }
        self.init(
            secret: Array(wire.secret), publicKey: Array(wire.publicKey),
            endpoint: try MemberEndpoint(wire: wire.endpoint),
            facts: try MemberFacts(wire: wire.facts),
            wallClock: WallTime(milliseconds: wire.wallClock),
            cluster: ClusterID(wire: wire.cluster))
    }
}

/// Where a member can be found.
package struct SeedAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IP address or a host name.
    package let host: String
    /// UDP, for gossip; zero when not known.
    package let gossipPort: UInt16
    /// TCP, for links and joins.
    package let peerPort: UInt16

    /// The longest host name.
    package static let hostBytesMax = 253

    package init(host: String, gossipPort: UInt16, peerPort: UInt16) {
        self.host = host
        self.gossipPort = gossipPort
        self.peerPort = peerPort
    }

    package var description: String {
        host.contains(":") ? "[\(host)]:\(peerPort)" : "\(host):\(peerPort)"
    }
}

/// All that a new node needs to be a member.
package struct JoinReply: Hashable, Sendable {
    /// A key that seals gossip.
    package struct GossipKey: Hashable, Sendable {
        /// Names the key in every datagram; unique within a ring.
        package let id: UInt8
        /// 32 bytes.
        package let bytes: [UInt8]

        package init(id: UInt8, bytes: [UInt8]) {
            self.id = id
            self.bytes = bytes
        }
    }

    /// The cluster that it now belongs to.
    package let cluster: ClusterID
    /// Its name, for ever.
    package let node: NodeID
    /// Its certificate (PEM).
    package let certificate: String
    /// The certificate of the cluster's authority (PEM).
    package let authority: String
    /// The authority's private key (PEM): every member can admit others.
    package let authorityKey: String
    /// The keys that seal gossip, the one in use first.
    package let keys: [GossipKey]
    /// The registry, encoded by its own rules.
    package let registry: [UInt8]
    /// Members to begin with.
    package let seeds: [SeedAddress]

    /// The longest text in PEM form, in bytes.
    package static let pemBytesMax = 16 * 1_024
    /// The most keys.
    package static let keysMax = 8
    /// The most seeds.
    package static let seedsMax = 64
    /// The size of a key.
    package static let keyByteCount = 32

    package init(
        cluster: ClusterID, node: NodeID, certificate: String, authority: String,
        authorityKey: String, keys: [GossipKey], registry: [UInt8], seeds: [SeedAddress]
    ) {
        self.cluster = cluster
        self.node = node
        self.certificate = certificate
        self.authority = authority
        self.authorityKey = authorityKey
        self.keys = keys
        self.registry = registry
        self.seeds = seeds
    }

    /// The payload of a `joinReply` frame.
    package func encoded() throws(WireError) -> [UInt8] {
        try checkLimit("registry", registry.count, max: PeerLimits.joinBytesMax / 2)
        try checkLimit("seeds", seeds.count, max: Self.seedsMax)
        var wire = WireJoinReply()
        wire.cluster = WireWideIdentifier(cluster)
        wire.node = node.rawValue
        wire.certificate = certificate
        wire.authority = authority
        wire.authorityKey = authorityKey
        wire.keys = keys.map { key in
            var wire = WireJoinKey()
            wire.id = UInt32(key.id)
            wire.key = Data(key.bytes)
            return wire
        }
        wire.registry = Data(registry)
        wire.seeds = seeds.map { seed in
            var wire = WireSeed()
            wire.host = seed.host
            wire.gossipPort = UInt32(seed.gossipPort)
            wire.peerPort = UInt32(seed.peerPort)
            return wire
        }
        return try serialized(wire)
    }

    /// Reads the payload of a `joinReply` frame; total.
    package init(decoding bytes: [UInt8]) throws(WireError) {
        try checkLimit("join", bytes.count, max: PeerLimits.joinBytesMax)
        let wire = try parsed(WireJoinReply.self, bytes, "join reply")
        guard wire.hasCluster else { throw .missing("join.cluster") }
        for text in [wire.certificate, wire.authority, wire.authorityKey] {
            try checkLimit("pem", text.utf8.count, max: Self.pemBytesMax)
        }
        try checkLimit("keys", wire.keys.count, max: Self.keysMax)
        try checkLimit("seeds", wire.seeds.count, max: Self.seedsMax)
        self.init(
            cluster: ClusterID(wire: wire.cluster), node: NodeID(wire.node),
            certificate: wire.certificate, authority: wire.authority,
            authorityKey: wire.authorityKey, keys: try wire.keys.map(GossipKey.init(wire:)),
            registry: Array(wire.registry), seeds: try wire.seeds.map(SeedAddress.init(wire:)))
    }
}

extension JoinReply.GossipKey {
    fileprivate init(wire: WireJoinKey) throws(WireError) {
        guard let id = UInt8(exactly: wire.id) else {
            throw .unknownValue("key.id", UInt64(wire.id))
        }
        guard wire.key.count == JoinReply.keyByteCount else { throw .malformed("key") }
        self.init(id: id, bytes: Array(wire.key))
    }
}

extension SeedAddress {
    fileprivate init(wire: WireSeed) throws(WireError) {
        try checkLimit("host", wire.host.utf8.count, max: Self.hostBytesMax)
        self.init(
            host: wire.host, gossipPort: try narrowed(wire.gossipPort, "gossipPort"),
            peerPort: try narrowed(wire.peerPort, "peerPort"))
    }
}
