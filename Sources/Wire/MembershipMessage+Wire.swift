internal import Identity
package import Membership

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

// Messages of the membership protocol, as protobuf carries them.

extension MembershipMessage {
    /// The body of a datagram, to be sealed. Throws ``WireError/tooLarge(_:count:max:)`` for more
    /// updates than a datagram may carry, or more bytes than leave room for the envelope.
    package func encoded() throws(WireError) -> [UInt8] {
        try checkLimit("updates", updates.count, max: Self.updatesMax)
        var wire = WireMembershipMessage()
        wire.from = from.rawValue
        wire.fromIncarnation = fromIncarnation.rawValue
        wire.wantsRecord = wantsRecord
        wire.body = Self.wireBody(of: body)
        wire.updates = updates.map(WireMemberUpdate.init)
        let bytes = try serialized(wire)
        try checkLimit(
            "datagram", bytes.count, max: Self.datagramBytesMax - GossipDatagram.overheadByteCount)
        return bytes
    }

    /// Reads the opened body of a datagram. Total: throws a ``WireError`` for what is no message.
    package init(decoding bytes: [UInt8]) throws(WireError) {
        try checkLimit("datagram", bytes.count, max: Self.datagramBytesMax)
        let wire = try parsed(WireMembershipMessage.self, bytes, "membership message")
        try checkLimit("updates", wire.updates.count, max: Self.updatesMax)
        guard let body = wire.body else { throw .missing("membership.body") }
        self.init(
            from: NodeID(wire.from), fromIncarnation: Incarnation(rawValue: wire.fromIncarnation),
            wantsRecord: wire.wantsRecord, body: try Self.body(wire: body),
            updates: try wire.updates.map(MemberUpdate.init(wire:)))
    }

    private static func wireBody(of body: Body) -> WireMembershipMessage.OneOf_Body {
        switch body {
        case .ping(let sequence, let target):
            var wire = WirePing()
            wire.sequence = sequence
            if let target { wire.target = target.rawValue }
            return .ping(wire)
        case .pingRequest(let sequence, let target, let address):
            var wire = WirePingRequest()
            wire.sequence = sequence
            wire.target = target.rawValue
            wire.host = address.host
            wire.port = UInt32(address.port)
            return .pingRequest(wire)
        case .ack(let sequence): return .ack(sequence)
        case .nack(let sequence): return .nack(sequence)
        case .gossip: return .gossip(WireGossip())
        case .digest(let digest): return .digest(Data(digest.bytes))
        }
    }

    private static func body(wire: WireMembershipMessage.OneOf_Body) throws(WireError) -> Body {
        switch wire {
        case .ping(let ping):
            return .ping(
                sequence: ping.sequence, target: ping.hasTarget ? NodeID(ping.target) : nil)
        case .pingRequest(let request):
            try checkLimit("host", request.host.utf8.count, max: MemberEndpoint.hostBytesMax)
            return .pingRequest(
                sequence: request.sequence, target: NodeID(request.target),
                address: GossipAddress(
                    host: request.host, port: try narrowed(request.port, "port")))
        case .ack(let sequence): return .ack(sequence: sequence)
        case .nack(let sequence): return .nack(sequence: sequence)
        case .gossip: return .gossip
        case .digest(let bytes):
            do {
                return .digest(try MemberDigest(bytes: Array(bytes)))
            } catch {
                throw .malformed("digest")
            }
        }
    }
}

extension WireMemberUpdate {
    fileprivate init(_ member: MemberUpdate) {
        self.init()
        switch member {
        case .alive(let node, let incarnation, let endpoint, let facts):
            var wire = WireAlive()
            wire.node = node.rawValue
            wire.incarnation = incarnation.rawValue
            wire.endpoint = WireEndpoint(endpoint)
            wire.facts = WireFacts(facts)
            update = .alive(wire)
        case .suspect(let node, let incarnation, let from):
            update = .suspect(WireAccusation(node, incarnation, from))
        case .dead(let node, let incarnation, let from):
            update = .dead(WireAccusation(node, incarnation, from))
        }
    }
}

extension WireAccusation {
    fileprivate init(_ node: NodeID, _ incarnation: Incarnation, _ from: NodeID) {
        self.init()
        self.node = node.rawValue
        self.incarnation = incarnation.rawValue
        self.from = from.rawValue
    }
}

extension MemberUpdate {
    fileprivate init(wire: WireMemberUpdate) throws(WireError) {
        switch wire.update {
        case .alive(let alive):
            guard alive.hasEndpoint, alive.hasFacts else { throw .missing("alive.endpoint") }
            self = .alive(
                node: NodeID(alive.node), incarnation: Incarnation(rawValue: alive.incarnation),
                endpoint: try MemberEndpoint(wire: alive.endpoint),
                facts: try MemberFacts(wire: alive.facts))
        case .suspect(let suspect):
            self = .suspect(
                node: NodeID(suspect.node), incarnation: Incarnation(rawValue: suspect.incarnation),
                from: NodeID(suspect.from))
        case .dead(let dead):
            self = .dead(
                node: NodeID(dead.node), incarnation: Incarnation(rawValue: dead.incarnation),
                from: NodeID(dead.from))
        case nil:
            throw .missing("update")
        }
    }
}

extension WireEndpoint {
    init(_ endpoint: MemberEndpoint) {
        self.init()
        host = endpoint.host
        gossipPort = UInt32(endpoint.gossipPort)
        peerPort = UInt32(endpoint.peerPort)
        clientURL = endpoint.clientURL
    }
}

extension MemberEndpoint {
    init(wire: WireEndpoint) throws(WireError) {
        let gossipPort = try narrowed(wire.gossipPort, "gossipPort")
        let peerPort = try narrowed(wire.peerPort, "peerPort")
        do {
            try self.init(
                host: wire.host, gossipPort: gossipPort, peerPort: peerPort,
                clientURL: wire.clientURL)
        } catch {
            throw .malformed("endpoint")
        }
    }
}

extension WireFacts {
    init(_ facts: MemberFacts) {
        self.init()
        zone = facts.zone
        protocolMin = UInt32(facts.protocolMin)
        protocolMax = UInt32(facts.protocolMax)
        weight = UInt32(facts.weight)
        load = UInt32(facts.load)
        registryEpoch = facts.registryEpoch.rawValue
        version = facts.version
    }
}

extension MemberFacts {
    init(wire: WireFacts) throws(WireError) {
        let protocolMin = try narrowed(wire.protocolMin, "protocolMin")
        let protocolMax = try narrowed(wire.protocolMax, "protocolMax")
        let weight = try narrowed(wire.weight, "weight")
        let load = try narrowed(wire.load, "load")
        do {
            try self.init(
                zone: wire.zone, protocolMin: protocolMin, protocolMax: protocolMax,
                weight: weight, load: load, registryEpoch: RegistryEpoch(wire.registryEpoch),
                version: wire.version)
        } catch {
            throw .malformed("facts")
        }
    }
}

extension WireMembershipSync {
    /// Throws ``WireError/tooLarge(_:count:max:)`` for more members than a cluster may have.
    init(_ sync: MembershipSync) throws(WireError) {
        try checkLimit("members", sync.members.count, max: MembershipSync.membersMax)
        self.init()
        members = sync.members.map(WireMemberRecord.init)
        isReply = sync.isReply
        isJoin = sync.isJoin
    }
}

extension MembershipSync {
    init(wire: WireMembershipSync) throws(WireError) {
        try checkLimit("members", wire.members.count, max: Self.membersMax)
        self.init(
            members: try wire.members.map(MemberRecord.init(wire:)), isReply: wire.isReply,
            isJoin: wire.isJoin)
    }
}

extension WireMemberRecord {
    fileprivate init(_ record: MemberRecord) {
        self.init()
        node = record.node.rawValue
        incarnation = record.incarnation.rawValue
        status = UInt32(record.status.rawValue)
        endpoint = WireEndpoint(record.endpoint)
        facts = WireFacts(record.facts)
    }
}

extension MemberRecord {
    fileprivate init(wire: WireMemberRecord) throws(WireError) {
        guard wire.hasEndpoint, wire.hasFacts else { throw .missing("member.endpoint") }
        guard let number = UInt8(exactly: wire.status), let status = MemberStatus(rawValue: number)
        else { throw .unknownValue("member.status", UInt64(wire.status)) }
        self.init(
            node: NodeID(wire.node), incarnation: Incarnation(rawValue: wire.incarnation),
            status: status, endpoint: try MemberEndpoint(wire: wire.endpoint),
            facts: try MemberFacts(wire: wire.facts))
    }
}
