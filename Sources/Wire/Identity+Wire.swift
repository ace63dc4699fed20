internal import Identity
internal import SwiftProtobuf

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

// Names of things, as protobuf carries them.

extension WireWideIdentifier {
    init(_ id: some WideID) {
        self.init()
        high = id.high
        low = id.low
    }
}

extension WideID {
    init(wire: WireWideIdentifier) {
        self.init(high: wire.high, low: wire.low)
    }
}

extension WireReplica {
    init(_ id: ReplicaID) {
        self.init()
        node = id.node.rawValue
        incarnation = id.incarnation
    }
}

extension ReplicaID {
    init(wire: WireReplica) {
        self.init(node: NodeID(wire.node), incarnation: wire.incarnation)
    }
}

extension WireLogIdentifier {
    init(_ log: LogID) {
        self.init()
        switch log {
        case .chat(let chat): self.log = .chat(WireWideIdentifier(chat))
        case .inbox(let account): self.log = .inbox(WireWideIdentifier(account))
        }
    }
}

extension LogID {
    init(wire: WireLogIdentifier) throws(WireError) {
        switch wire.log {
        case .chat(let chat): self = .chat(ChatID(wire: chat))
        case .inbox(let account): self = .inbox(AccountID(wire: account))
        case nil: throw .missing("log")
        }
    }
}

/// The serialized form of a protobuf message, with its fields in ascending order.
func serialized(_ message: some SwiftProtobuf.Message) throws(WireError) -> [UInt8] {
    do {
        let bytes: [UInt8] = try message.serializedBytes()
        return bytes
    } catch {
        throw .malformed("message that can be written")
    }
}

/// Reads a protobuf message; `name` goes into the error.
func parsed<Parsed: SwiftProtobuf.Message>(
    _ type: Parsed.Type, _ bytes: [UInt8], _ name: String
) throws(WireError) -> Parsed {
    do {
        return try Parsed(serializedBytes: bytes)
    } catch {
        throw .malformed(name)
    }
}
