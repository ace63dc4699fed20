import Determinism
import Identity

extension RegistryState {
    /// The binary form, for storing and for snapshots. Equal states have equal bytes.
    package var encoded: [UInt8] {
        var writer = RegistryWriter()
        writer.byte(registryFormat)
        writer.byte(clusterID == nil ? 0 : 1)
        if let clusterID { writer.wide(clusterID) }
        writer.number(epoch.rawValue)
        writer.time(time)
        writer.settings(settings)
        writer.node(nextNodeID)
        writer.list(members) { writer, member in
            writer.node(member.node)
            writer.byte(member.standing.rawValue)
            writer.description(member.description)
            writer.wide(member.requestID)
            writer.time(member.changedAt)
        }
        writer.list(tokens) { writer, token in
            writer.blob(token.hash)
            writer.time(token.expiry)
            writer.byte(token.isUsed ? 1 : 0)
        }
        writer.rooms(publicRooms)
        writer.list(shards) { writer, shard in writer.shard(shard) }
        writer.shard(registryGroup)
        writer.number(placedFor)
        return writer.bytes
    }

    /// Reads the binary form. Throws ``RegistryError``, also for a state that no sequence of
    /// commands could have led to.
    package init(decoding bytes: [UInt8]) throws(RegistryError) {
        guard bytes.count <= RegistryLimits.stateBytesMax else {
            throw .tooLarge(field: "state", max: RegistryLimits.stateBytesMax)
        }
        self.init()
        var reader = RegistryReader(bytes)
        try reader.format()
        if try reader.flag("isInitialised") { clusterID = try reader.wide("clusterID") }
        epoch = RegistryEpoch(try reader.number("epoch"))
        time = try reader.time("time")
        settings = try reader.settings()
        nextNodeID = try reader.node()
        members = try reader.list("members", max: RegistryLimits.membersMax) {
            reader throws(RegistryError) in try reader.member()
        }
        tokens = try reader.list("tokens", max: RegistryLimits.tokensMax) {
            reader throws(RegistryError) in
            JoinToken(
                hash: try reader.blob("hash", max: RegistryLimits.tokenHashBytes),
                expiry: try reader.time("expiry"), isUsed: try reader.flag("isUsed"))
        }
        publicRooms = try reader.rooms()
        shards = try reader.list("shards", max: RegistryLimits.shardCountMax) {
            reader throws(RegistryError) in try reader.shard()
        }
        registryGroup = try reader.shard()
        placedFor = try reader.number("placedFor")
        try reader.finish()
        guard brokenInvariant == nil else { throw .invalid(field: "state") }
    }
}

extension RegistryWriter {
    fileprivate mutating func shard(_ shard: ShardPlacement) {
        replicas(shard.initial)
        replicas(shard.desired)
        replicas(shard.handedOut)
    }
}

extension RegistryReader {
    fileprivate mutating func shard() throws(RegistryError) -> ShardPlacement {
        ShardPlacement(
            initial: try replicas("initial"), desired: try replicas("desired"),
            handedOut: try replicas("handedOut"))
    }

    fileprivate mutating func member() throws(RegistryError) -> RegistryMember {
        let node = try node()
        guard let standing = MemberStanding(rawValue: try byte("standing")) else {
            throw .invalid(field: "standing")
        }
        return RegistryMember(
            node: node, standing: standing, description: try description(),
            requestID: try wide("requestID"), changedAt: try time("changedAt"))
    }
}
