internal import Storage

/// What travels on a link between nodes.
///
/// A frame is a header of 12 bytes and a payload, numbers big-endian:
/// length of all that follows it (4), version (1), kind (1), flags (1), zero (1), CRC-32C (4) of
/// version to zero and payload.
package struct PeerFrame: Hashable, Sendable {
    /// What the payload is.
    package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// A ``PeerHandshake``: the first frame of a link, in both directions.
        case handshake = 1
        /// A ``PeerRefusal``: the last frame of a link that is not wanted.
        case refusal = 2
        /// A batch of ``PeerMessage``.
        case messages = 3
        /// Asks for a `keepalivePong`; no payload.
        case keepalivePing = 4
        /// Says that the link is alive; no payload.
        case keepalivePong = 5
        /// A ``JoinRequest``: the first and only frame of a node that has no identity yet.
        case joinRequest = 6
        /// The ``JoinReply`` to it.
        case joinReply = 7
    }

    /// The version of the frame's form.
    package static let version: UInt8 = 1
    /// The size of the header, its length field included, in bytes.
    package static let headerByteCount = 12
    static let lengthByteCount = 4
    private static let compressedFlag: UInt8 = 1

    /// What the payload is.
    package let kind: Kind
    /// Whether the payload must be unpacked (LZ4) before it is read.
    package let isCompressed: Bool
    /// The payload, as it travels.
    package let payload: [UInt8]

    package init(kind: Kind, isCompressed: Bool = false, payload: [UInt8] = []) {
        self.kind = kind
        self.isCompressed = isCompressed
        self.payload = payload
    }

    /// The frame as it travels. Throws ``WireError/tooLarge(_:count:max:)`` above
    /// ``PeerLimits/frameBytesMax``.
    package func encoded() throws(WireError) -> [UInt8] {
        let byteCount = Self.headerByteCount + payload.count
        try checkLimit("frame", byteCount, max: PeerLimits.frameBytesMax)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        let description = [
            Self.version, kind.rawValue, isCompressed ? Self.compressedFlag : 0, 0,
        ]
        appendNumber(UInt64(byteCount - Self.lengthByteCount), byteCount: 4, to: &bytes)
        bytes.append(contentsOf: description)
        let checksum = RecordChecksum.of(payload, after: RecordChecksum.of(description))
        appendNumber(UInt64(checksum), byteCount: 4, to: &bytes)
        bytes.append(contentsOf: payload)
        return bytes
    }

    /// Reads all that follows the length field.
    init(afterLength bytes: ArraySlice<UInt8>) throws(WireError) {
        let start = bytes.startIndex
        guard bytes.count >= Self.headerByteCount - Self.lengthByteCount else {
            throw .malformed("frame")
        }
        guard bytes[start] == Self.version else { throw .unsupportedVersion(bytes[start]) }
        let description = Array(bytes[start..<start + 4])
        let payload = Array(bytes[(start + 8)...])
        let checksum = readNumber(bytes[(start + 4)..<(start + 8)])
        guard
            UInt64(RecordChecksum.of(payload, after: RecordChecksum.of(description))) == checksum
        else { throw .badChecksum }
        guard let kind = Kind(rawValue: description[1]) else {
            throw .unknownValue("frame.kind", UInt64(description[1]))
        }
        guard description[2] <= Self.compressedFlag, description[3] == 0 else {
            throw .unknownValue("frame.flags", UInt64(description[2]))
        }
        self.init(
            kind: kind, isCompressed: description[2] == Self.compressedFlag, payload: payload)
    }
}

/// Appends the low `byteCount` bytes of `value`, big-endian.
func appendNumber(_ value: UInt64, byteCount: Int, to bytes: inout [UInt8]) {
    for position in stride(from: byteCount - 1, through: 0, by: -1) {
        bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * position)))
    }
}

/// The big-endian number in at most eight bytes.
func readNumber(_ bytes: some Collection<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
}
