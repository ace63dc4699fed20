package import NIOCore

/// The frames of a WebSocket as a client writes them: whole and masked (RFC 6455 section 5.3).
package enum SocketWriter {
    /// The opcodes that a client needs.
    package enum Opcode: UInt8 {
        case text = 0x1
        case close = 0x8
        case pong = 0xA
    }

    /// Appends a frame to `buffer`. The mask protects proxies from scripts; against a server that
    /// we chose any will do, but it must differ from frame to frame.
    package static func append(
        _ opcode: Opcode, _ payload: UnsafeRawBufferPointer, mask: UInt32,
        to buffer: inout ByteBuffer
    ) {
        buffer.writeInteger(0x80 | opcode.rawValue)
        switch payload.count {
        case ...125: buffer.writeInteger(0x80 | UInt8(payload.count))
        case ...0xFFFF:
            buffer.writeInteger(UInt8(0x80 | 126))
            buffer.writeInteger(UInt16(payload.count))
        default:
            buffer.writeInteger(UInt8(0x80 | 127))
            buffer.writeInteger(UInt64(payload.count))
        }
        buffer.writeInteger(mask)
        let wide = UInt64(mask) << 32 | UInt64(mask)
        var offset = 0
        while offset + 8 <= payload.count {
            let word = payload.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            buffer.writeInteger(UInt64(bigEndian: word) ^ wide)
            offset += 8
        }
        while offset < payload.count {
            let shift = UInt32(24 - 8 * (offset % 4))
            buffer.writeInteger(payload[offset] ^ UInt8(truncatingIfNeeded: mask >> shift))
            offset += 1
        }
    }
}
