internal import Compression
internal import Wire

extension PeerFrame {
    /// A frame of `payload`, compressed when that is worth it.
    static func packing(_ kind: Kind, _ payload: [UInt8]) -> PeerFrame {
        guard payload.count > PeerLimits.compressionBytesMin else {
            return PeerFrame(kind: kind, payload: payload)
        }
        let packed = LZ4Codec.compress(payload)
        guard packed.count < payload.count else { return PeerFrame(kind: kind, payload: payload) }
        return PeerFrame(kind: kind, isCompressed: true, payload: packed)
    }

    /// The payload as it was before packing. Throws a ``WireError`` when it cannot be unpacked, or
    /// not within `bytesMax`.
    func unpackedPayload(bytesMax: Int) throws(WireError) -> [UInt8] {
        guard isCompressed else { return payload }
        do {
            return try LZ4Codec.decompress(payload, bytesMax: bytesMax)
        } catch {
            throw .malformed("compressed payload")
        }
    }
}
