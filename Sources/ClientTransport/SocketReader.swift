/// The frames of a WebSocket as a client reads them (RFC 6455 section 5), one connection's.
///
/// It copies nothing as long as messages come whole: a message is told in place, in the bytes that
/// were read.
package struct SocketReader {
    /// What was read; the bytes are good until the call returns.
    package enum Event {
        case text(UnsafeRawBufferPointer)
        case ping(UnsafeRawBufferPointer)
        case close(code: UInt16)
    }

    /// The fragments so far of a message that comes in several.
    private var fragments: [UInt8]?

    private static let byteCountMax = 8 << 20
    private static let controlByteCountMax = 125
    /// The code of a close frame without one (section 7.1.5).
    private static let noCode: UInt16 = 1005

    package init() {}

    /// Tells every frame that `bytes` hold whole, in order; answers how many bytes those were. The
    /// rest has to come again, with more behind it.
    package mutating func read(
        _ bytes: UnsafeRawBufferPointer, _ tell: (Event) -> Void
    ) throws(TransportError) -> Int {
        var offset = 0
        while let frame = try SocketReader.frame(
            in: UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        {
            let start = offset + frame.headerByteCount
            offset = start + frame.byteCount
            try take(frame, UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), tell)
        }
        return offset
    }

    private mutating func take(
        _ frame: Frame, _ payload: UnsafeRawBufferPointer, _ tell: (Event) -> Void
    ) throws(TransportError) {
        switch frame.opcode {
        case 0x1:
            guard fragments == nil else { throw .badFrame(section: "5.4") }
            if frame.isFinal { tell(.text(payload)) } else { fragments = Array(payload) }
        case 0x0:
            guard var whole = fragments else { throw .badFrame(section: "5.4") }
            whole.append(contentsOf: payload)
            guard whole.count <= SocketReader.byteCountMax else {
                throw .tooBig(byteCountMax: SocketReader.byteCountMax)
            }
            fragments = frame.isFinal ? nil : whole
            if frame.isFinal { whole.withUnsafeBytes { tell(.text($0)) } }
        case 0x8:
            guard payload.count != 1 else { throw .badFrame(section: "5.5.1") }
            tell(
                .close(
                    code: payload.count < 2
                        ? SocketReader.noCode : UInt16(payload[0]) << 8 | UInt16(payload[1])))
        case 0x9: tell(.ping(payload))
        case 0xA: break
        default: throw .badFrame(section: "5.2")
        }
    }

    private struct Frame {
        let isFinal: Bool
        let opcode: UInt8
        let headerByteCount: Int
        let byteCount: Int
    }

    /// The frame at the start of `bytes`; nil while it is not all there.
    private static func frame(in bytes: UnsafeRawBufferPointer) throws(TransportError) -> Frame? {
        guard bytes.count >= 2 else { return nil }
        let (first, second) = (bytes[0], bytes[1])
        // No extension was agreed on, and a server masks nothing (sections 5.1 and 5.2).
        guard first & 0x70 == 0, second & 0x80 == 0 else { throw .badFrame(section: "5.2") }
        var headerByteCount = 2
        var byteCount = UInt64(second)
        if byteCount > 125 {
            headerByteCount = byteCount == 126 ? 4 : 10
            guard bytes.count >= headerByteCount else { return nil }
            byteCount = bytes[2..<headerByteCount].reduce(0) { $0 << 8 | UInt64($1) }
        }
        let opcode = first & 0x0F
        guard byteCount <= byteCountMax else { throw .tooBig(byteCountMax: byteCountMax) }
        if opcode >= 0x8 {
            guard first & 0x80 != 0, byteCount <= controlByteCountMax else {
                throw .badFrame(section: "5.5")
            }
        }
        guard bytes.count - headerByteCount >= Int(byteCount) else { return nil }
        return Frame(
            isFinal: first & 0x80 != 0, opcode: opcode, headerByteCount: headerByteCount,
            byteCount: Int(byteCount))
    }
}
