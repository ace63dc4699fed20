internal import Identity
internal import Membership
internal import Seal
internal import Wire

/// Why a datagram was dropped without an answer.
package enum GossipDrop: String, Hashable, Sendable, CaseIterable {
    /// It is larger than any datagram of ours.
    case oversize
    /// It is none of ours, or its content makes no sense.
    case malformed
    /// It has a version that this build does not speak.
    case unsupportedVersion
    /// It belongs to another cluster.
    case foreignCluster
    /// It is sealed with a key that this node does not have.
    case unknownKey
    /// It was changed on its way, or sealed by somebody without the key.
    case notAuthentic
    /// It has been seen before, or is too old to tell.
    case replayed
    /// The sender in the envelope is not the one in the message.
    case wrongSender
}

/// Seals and opens datagrams (AES-256-GCM; the cluster's id and the header are associated data), and
/// lets each in only once.
struct GossipSealer {
    /// More senders than any cluster has nodes; authentic packets only, so a foreigner cannot fill it.
    private static let sendersMax = 4_096

    private let cluster: ClusterID
    private let clusterHash: UInt64
    private let node: NodeID
    private let generation: UInt32
    private var counter: UInt64 = 0
    private var ciphers: [(id: UInt8, cipher: AuthenticatedCipher)]
    private var windows: [NodeID: ReplayWindow] = [:]

    /// Throws ``SealError`` for keys that are no keys, or for none at all.
    init(
        cluster: ClusterID, node: NodeID, generation: UInt32, keys: [JoinReply.GossipKey]
    ) throws(SealError) {
        self.cluster = cluster
        self.node = node
        self.generation = generation
        clusterHash = GossipDatagram.hash(of: cluster)
        ciphers = try Self.ciphers(keys)
    }

    /// Puts other keys in place; the first seals. Counters and windows go on.
    mutating func replaceKeys(_ keys: [JoinReply.GossipKey]) throws(SealError) {
        ciphers = try Self.ciphers(keys)
    }

    private static func ciphers(
        _ keys: [JoinReply.GossipKey]
    ) throws(SealError) -> [(id: UInt8, cipher: AuthenticatedCipher)] {
        guard !keys.isEmpty, keys.count <= JoinReply.keysMax,
            Set(keys.map(\.id)).count == keys.count
        else { throw .badParameters }
        var ciphers: [(id: UInt8, cipher: AuthenticatedCipher)] = []
        for key in keys { ciphers.append((key.id, try AuthenticatedCipher(key: key.bytes))) }
        return ciphers
    }

    /// The datagram of `message`; nil when it does not fit, or this boot has used up its nonces.
    mutating func seal(_ message: MembershipMessage) -> [UInt8]? {
        guard let first = ciphers.first, let body = try? message.encoded(),
            let nonce = GossipDatagram.Nonce(
                node: node, generation: generation, counter: counter + 1)
        else { return nil }
        counter += 1
        let header = GossipDatagram.header(clusterHash: clusterHash, keyID: first.id, nonce: nonce)
        guard
            let sealed = try? first.cipher.seal(
                body, nonce: nonce.bytes, associatedData: cluster.bytes + header)
        else { return nil }
        let bytes = header + sealed
        assert(bytes.count <= MembershipMessage.datagramBytesMax, "a datagram is at most 1,200 B")
        return bytes
    }

    /// The message in a datagram, or why it is dropped.
    mutating func open(_ bytes: [UInt8]) -> Result<MembershipMessage, GossipDropError> {
        let datagram: GossipDatagram
        do throws(WireError) {
            datagram = try GossipDatagram(
                decoding: bytes, bytesMax: MembershipMessage.datagramBytesMax)
        } catch {
            switch error {
            case .tooLarge: return .failure(GossipDropError(reason: .oversize))
            case .unsupportedVersion:
                return .failure(GossipDropError(reason: .unsupportedVersion))
            default: return .failure(GossipDropError(reason: .malformed))
            }
        }
        guard datagram.clusterHash == clusterHash else {
            return .failure(GossipDropError(reason: .foreignCluster))
        }
        guard let entry = ciphers.first(where: { $0.id == datagram.keyID }) else {
            return .failure(GossipDropError(reason: .unknownKey))
        }
        guard
            let body = try? entry.cipher.open(
                datagram.sealed, nonce: datagram.nonce.bytes,
                associatedData: cluster.bytes + datagram.header)
        else { return .failure(GossipDropError(reason: .notAuthentic)) }
        guard admit(datagram.nonce) else { return .failure(GossipDropError(reason: .replayed)) }
        guard let message = try? MembershipMessage(decoding: body) else {
            return .failure(GossipDropError(reason: .malformed))
        }
        guard message.from == datagram.nonce.node else {
            return .failure(GossipDropError(reason: .wrongSender))
        }
        return .success(message)
    }

    private mutating func admit(_ nonce: GossipDatagram.Nonce) -> Bool {
        guard windows[nonce.node] != nil || windows.count < Self.sendersMax else { return false }
        return windows[nonce.node, default: ReplayWindow()].admit(
            generation: nonce.generation, counter: nonce.counter)
    }
}

/// A ``GossipDrop`` in the failure of a result.
struct GossipDropError: Error {
    let reason: GossipDrop
}
