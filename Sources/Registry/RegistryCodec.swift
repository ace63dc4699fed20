import Determinism
import Identity

// The parts that commands and states share.

/// The first byte of everything; a reader refuses what is newer than itself.
let registryFormat: UInt8 = 1

extension RegistryWriter {
    /// Writes who.
    mutating func node(_ node: NodeID) { number(node.rawValue) }

    /// Writes milliseconds since 1970.
    mutating func time(_ time: WallTime) { number(time.milliseconds) }

    /// Writes replicas in their order.
    mutating func replicas(_ replicas: [ReplicaID]) {
        list(replicas) { writer, replica in
            writer.node(replica.node)
            writer.number(UInt64(replica.incarnation))
        }
    }

    /// Writes a member's description.
    mutating func description(_ description: MemberDescription) {
        text(description.name)
        text(description.zone)
        number(UInt64(description.weight))
        text(description.host)
        number(UInt64(description.gossipPort))
        number(UInt64(description.peerPort))
        text(description.clientURL)
    }

    /// Writes the settings.
    mutating func settings(_ settings: RegistrySettings) {
        byte(settings.replicationFactor)
        number(settings.joinDelay.nanoseconds)
        number(settings.lostGrace.nanoseconds)
        number(settings.pairPatience.nanoseconds)
    }

    /// Writes the public rooms.
    mutating func rooms(_ rooms: [PublicRoom]) {
        list(rooms) { writer, room in
            writer.wide(room.chat)
            writer.text(room.name)
            writer.text(room.fullName)
        }
    }
}

extension RegistryReader {
    /// Reads who.
    mutating func node() throws(RegistryError) -> NodeID { NodeID(try number("node")) }

    /// Reads milliseconds since 1970.
    mutating func time(_ field: String) throws(RegistryError) -> WallTime {
        WallTime(milliseconds: try number(field))
    }

    /// Reads the nodes of one shard.
    mutating func nodes(_ field: String) throws(RegistryError) -> [NodeID] {
        try list(field, max: RegistryLimits.replicationFactorMax) {
            reader throws(RegistryError) in try reader.node()
        }
    }

    /// Reads replicas in their order.
    mutating func replicas(_ field: String) throws(RegistryError) -> [ReplicaID] {
        try list(field, max: RegistryLimits.holdersMax) { reader throws(RegistryError) in
            ReplicaID(
                node: try reader.node(),
                incarnation: try reader.number("incarnation", as: UInt32.self))
        }
    }

    /// Reads a member's description.
    mutating func description() throws(RegistryError) -> MemberDescription {
        MemberDescription(
            name: try text("name", max: RegistryLimits.nameBytesMax),
            zone: try text("zone", max: RegistryLimits.nameBytesMax),
            weight: try number("weight", as: UInt16.self),
            host: try text("host", max: RegistryLimits.nameBytesMax),
            gossipPort: try number("gossipPort", as: UInt16.self),
            peerPort: try number("peerPort", as: UInt16.self),
            clientURL: try text("clientURL", max: RegistryLimits.textBytesMax))
    }

    /// Reads the settings; `apply` checks them.
    mutating func settings() throws(RegistryError) -> RegistrySettings {
        var settings = RegistrySettings()
        settings.replicationFactor = try byte("replicationFactor")
        settings.joinDelay = .nanoseconds(try number("joinDelay"))
        settings.lostGrace = .nanoseconds(try number("lostGrace"))
        settings.pairPatience = .nanoseconds(try number("pairPatience"))
        return settings
    }

    /// Reads the public rooms.
    mutating func rooms() throws(RegistryError) -> [PublicRoom] {
        try list("publicRooms", max: RegistryLimits.publicRoomsMax) {
            reader throws(RegistryError) in
            PublicRoom(
                chat: try reader.wide("chat"),
                name: try reader.text("name", max: RegistryLimits.nameBytesMax),
                fullName: try reader.text("fullName", max: RegistryLimits.textBytesMax))
        }
    }

    /// Reads the first byte.
    mutating func format() throws(RegistryError) {
        let format = try byte("format")
        guard format == registryFormat else { throw .unknownFormat(format) }
    }
}
