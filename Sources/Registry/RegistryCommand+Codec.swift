import Determinism
import Identity

extension RegistryCommand {
    /// The binary form of the log: format, time, kind, fields.
    package var encoded: [UInt8] {
        var writer = RegistryWriter()
        writer.byte(registryFormat)
        writer.time(at)
        switch action {
        case .initialise(let origin):
            writer.byte(1)
            writer.wide(origin.clusterID)
            writer.count(origin.shardCount)
            writer.settings(origin.settings)
            writer.description(origin.first)
            writer.rooms(origin.publicRooms)
        case .createToken(let hash, let expiry):
            writer.byte(2)
            writer.blob(hash)
            writer.time(expiry)
        case .admit(let hash, let requestID, let description):
            writer.byte(3)
            writer.blob(hash)
            writer.wide(requestID)
            writer.description(description)
        case .describe(let node, let description):
            writer.byte(4)
            writer.node(node)
            writer.description(description)
        case .memberUp(let node): writer.change(5, node)
        case .drain(let node): writer.change(6, node)
        case .leave(let node): writer.change(7, node)
        case .markLost(let node): writer.change(8, node)
        case .remove(let node): writer.change(9, node)
        case .setPlacement(let expected, let placedFor, let shards):
            writer.byte(10)
            writer.number(expected.rawValue)
            writer.number(placedFor)
            writer.list(shards) { writer, nodes in
                writer.list(nodes) { writer, node in writer.node(node) }
            }
        case .setRegistryVoters(let expected, let nodes):
            writer.byte(11)
            writer.number(expected.rawValue)
            writer.list(nodes) { writer, node in writer.node(node) }
        case .changeSettings(let settings):
            writer.byte(12)
            writer.settings(settings)
        }
        return writer.bytes
    }

    /// Reads the binary form. Throws ``RegistryError`` for anything that ``encoded`` cannot make.
    package init(decoding bytes: [UInt8]) throws(RegistryError) {
        guard bytes.count <= RegistryLimits.commandBytesMax else {
            throw .tooLarge(field: "command", max: RegistryLimits.commandBytesMax)
        }
        var reader = RegistryReader(bytes)
        try reader.format()
        at = try reader.time("at")
        action = try reader.action()
        try reader.finish()
    }
}

extension RegistryWriter {
    fileprivate mutating func change(_ kind: UInt8, _ node: NodeID) {
        byte(kind)
        self.node(node)
    }
}

extension RegistryReader {
    fileprivate mutating func action() throws(RegistryError) -> RegistryAction {
        switch try byte("kind") {
        case 1: return .initialise(try origin())
        case 2:
            return .createToken(
                hash: try blob("hash", max: RegistryLimits.tokenHashBytes),
                expiry: try time("expiry"))
        case 3:
            return .admit(
                tokenHash: try blob("hash", max: RegistryLimits.tokenHashBytes),
                requestID: try wide("requestID"), description: try description())
        case 4: return .describe(try node(), try description())
        case 5: return .memberUp(try node())
        case 6: return .drain(try node())
        case 7: return .leave(try node())
        case 8: return .markLost(try node())
        case 9: return .remove(try node())
        case 10:
            return .setPlacement(
                expected: RegistryEpoch(try number("expected")),
                placedFor: try number("placedFor"),
                shards: try list("shards", max: RegistryLimits.shardCountMax) {
                    reader throws(RegistryError) in try reader.nodes("replicas")
                })
        case 11:
            return .setRegistryVoters(
                expected: RegistryEpoch(try number("expected")), nodes: try nodes("nodes"))
        case 12: return .changeSettings(try settings())
        default: throw .invalid(field: "kind")
        }
    }

    private mutating func origin() throws(RegistryError) -> RegistryOrigin {
        let clusterID: ClusterID = try wide("clusterID")
        let shardCount = try number("shardCount", as: UInt32.self)
        let settings = try settings()
        let first = try description()
        return RegistryOrigin(
            clusterID: clusterID, shardCount: Int(shardCount), settings: settings, first: first,
            publicRooms: try rooms())
    }
}
