internal import Determinism
package import Identity

/// The envelope of a datagram between nodes, numbers big-endian:
/// magic (2), version (1), hash of the cluster's id (8), key id (1), nonce (12), sealed body.
///
/// The nonce is never used twice with one key: sender (3 bytes), its boot counter (4), and a counter
/// within this boot (5). Sealing itself is not done here.
package struct GossipDatagram: Hashable, Sendable {
    /// Says which packet of a sender this is; unique for ever within a cluster.
    package struct Nonce: Hashable, Sendable {
        /// The sender, below 2^24.
        package let node: NodeID
        /// The sender's boot counter.
        package let generation: UInt32
        /// Counts the packets of this boot, from 1, below 2^40.
        package let counter: UInt64

        /// The largest node id that fits.
        package static let nodeMax: UInt64 = 1 << 24 - 1
        /// The largest counter that fits: at 1,000 packets a second it lasts 34 years.
        package static let counterMax: UInt64 = 1 << 40 - 1
        /// The binary form's size.
        package static let byteCount = 12

        /// Nil for a node or a counter that does not fit.
        package init?(node: NodeID, generation: UInt32, counter: UInt64) {
            guard node.rawValue <= Self.nodeMax, counter <= Self.counterMax else { return nil }
            self.node = node
            self.generation = generation
            self.counter = counter
        }

        /// The binary form, 12 bytes.
        package var bytes: [UInt8] {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(Self.byteCount)
            appendNumber(node.rawValue, byteCount: 3, to: &bytes)
            appendNumber(UInt64(generation), byteCount: 4, to: &bytes)
            appendNumber(counter, byteCount: 5, to: &bytes)
            return bytes
        }
    }

    /// The first two bytes of every datagram.
    package static let magic: [UInt8] = [0xC7, 0x1C]
    /// The version of the envelope.
    package static let version: UInt8 = 1
    /// The size of all before the sealed body.
    package static let headerByteCount = 2 + 1 + 8 + 1 + Nonce.byteCount
    /// What AES-256-GCM adds to the body.
    package static let tagByteCount = 16
    /// What the envelope takes of a datagram in all.
    package static let overheadByteCount = headerByteCount + tagByteCount

    /// The hash of the cluster's id, so that foreign packets are told apart without a key.
    package let clusterHash: UInt64
    /// Which key of the ring seals it.
    package let keyID: UInt8
    /// Which packet it is.
    package let nonce: Nonce
    /// The sealed body, tag included.
    package let sealed: [UInt8]

    package init(clusterHash: UInt64, keyID: UInt8, nonce: Nonce, sealed: [UInt8]) {
        self.clusterHash = clusterHash
        self.keyID = keyID
        self.nonce = nonce
        self.sealed = sealed
    }

    /// The hash that stands for `cluster` in every datagram.
    package static func hash(of cluster: ClusterID) -> UInt64 { StableHash.of(cluster.bytes) }

    /// All before the sealed body. It is sealed with the body as associated data, after the cluster's
    /// id.
    package static func header(clusterHash: UInt64, keyID: UInt8, nonce: Nonce) -> [UInt8] {
        var bytes = magic
        bytes.reserveCapacity(headerByteCount)
        bytes.append(version)
        appendNumber(clusterHash, byteCount: 8, to: &bytes)
        bytes.append(keyID)
        bytes.append(contentsOf: nonce.bytes)
        return bytes
    }

    /// The header of this datagram.
    package var header: [UInt8] {
        Self.header(clusterHash: clusterHash, keyID: keyID, nonce: nonce)
    }

    /// The datagram as it travels.
    package var encoded: [UInt8] { header + sealed }

    /// Reads a datagram. Total: throws a ``WireError`` for what is none.
    package init(decoding bytes: [UInt8], bytesMax: Int = 1_200) throws(WireError) {
        try checkLimit("datagram", bytes.count, max: bytesMax)
        guard bytes.count >= Self.overheadByteCount, Array(bytes[0..<2]) == Self.magic else {
            throw .malformed("datagram")
        }
        guard bytes[2] == Self.version else { throw .unsupportedVersion(bytes[2]) }
        let nonce = Nonce(
            node: NodeID(readNumber(bytes[12..<15])),
            generation: UInt32(truncatingIfNeeded: readNumber(bytes[15..<19])),
            counter: readNumber(bytes[19..<24]))
        guard let nonce else { throw .malformed("datagram") }
        self.init(
            clusterHash: readNumber(bytes[3..<11]), keyID: bytes[11], nonce: nonce,
            sealed: Array(bytes[Self.headerByteCount...]))
    }
}
