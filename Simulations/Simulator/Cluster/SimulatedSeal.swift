internal import Determinism
internal import Identity
internal import Membership
internal import Wire

/// Stands in for the seal of datagrams: the envelope of production around the bare body, with a
/// keyed hash where production has the tag of AES-256-GCM. It hides nothing, but it refuses what
/// the transport would refuse, in the same order: what is too large, no datagram, of another
/// cluster, changed on its way, no message, or of another sender than its envelope.
///
/// Replays are not refused: the transport forgets at a restart which datagrams it has seen, so a
/// node must bear them.
struct SimulatedSeal {
    let cluster: ClusterID

    /// The datagram of `message`, the `counter`-th of a sender's process; nil when it does not fit.
    func seal(_ message: MembershipMessage, generation: UInt32, counter: UInt64) -> [UInt8]? {
        guard let body = try? message.encoded(),
            let nonce = GossipDatagram.Nonce(
                node: message.from, generation: generation, counter: counter)
        else { return nil }
        let header = GossipDatagram.header(
            clusterHash: GossipDatagram.hash(of: cluster), keyID: 0, nonce: nonce)
        return header + body + tag(of: header + body)
    }

    /// The message in a datagram; nil when the transport would drop it.
    func open(_ bytes: [UInt8]) -> MembershipMessage? {
        guard
            let datagram = try? GossipDatagram(
                decoding: bytes, bytesMax: MembershipMessage.datagramBytesMax),
            datagram.clusterHash == GossipDatagram.hash(of: cluster), datagram.keyID == 0,
            datagram.sealed.count >= GossipDatagram.tagByteCount
        else { return nil }
        let body = Array(datagram.sealed.dropLast(GossipDatagram.tagByteCount))
        guard
            Array(datagram.sealed.suffix(GossipDatagram.tagByteCount))
                == tag(of: datagram.header + body),
            let message = try? MembershipMessage(decoding: body),
            message.from == datagram.nonce.node
        else { return nil }
        return message
    }

    /// What proves that whoever sealed `bytes`, a header and a body, has the key; 16 bytes.
    func tag(of bytes: [UInt8]) -> [UInt8] {
        let key = StableHash.of(cluster.bytes, seed: 7)
        return [key, ~key].flatMap { lane in
            let word = StableHash.of(bytes, seed: lane)
            return stride(from: UInt64(0), to: 64, by: 8).map {
                UInt8(truncatingIfNeeded: word >> $0)
            }
        }
    }
}
