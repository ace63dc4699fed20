internal import NIOCore
internal import NIOWebSocket

/// Puts the frames of a connection together to messages (RFC 6455 sections 5 and 6), within limits.
struct MessageAssembly {
    /// What a frame means.
    enum Step {
        /// More is to come.
        case nothing
        /// A whole text message, valid UTF-8.
        case text([UInt8])
        /// To be answered with a pong of the same bytes.
        case ping(ByteBuffer)
        /// The peer ends the connection; with its code, if it gave one that may be sent.
        case close(UInt16?)
        /// The peer breaks the rules; the connection ends with this code.
        case violation(UInt16)
    }

    private var fragments: [UInt8] = []
    private var fragmentCount = 0

    /// Takes in the next frame of the connection.
    mutating func receive(_ frame: WebSocketFrame) -> Step {
        // A client masks every frame; nobody has agreed on extensions.
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return .violation(1002)
        }
        let data = frame.unmaskedData
        switch frame.opcode {
        case .text:
            guard fragmentCount == 0 else { return .violation(1002) }
            return append(data, isLast: frame.fin)
        case .continuation:
            guard fragmentCount > 0 else { return .violation(1002) }
            return append(data, isLast: frame.fin)
        case .binary: return .violation(1003)
        case .ping: return .ping(data)
        case .pong: return .nothing
        case .connectionClose: return MessageAssembly.close(data)
        default: return .violation(1002)
        }
    }

    private mutating func append(_ data: ByteBuffer, isLast: Bool) -> Step {
        fragmentCount += 1
        guard fragments.count + data.readableBytes <= GatewayLimits.messageBytesMax,
            fragmentCount <= GatewayLimits.fragmentsMax
        else { return .violation(1009) }
        fragments.append(contentsOf: data.readableBytesView)
        guard isLast else { return .nothing }
        let message = fragments
        fragments = []
        fragmentCount = 0
        return String(validating: message, as: UTF8.self) == nil
            ? .violation(1007) : .text(message)
    }

    /// Section 7.4: which codes may be in a frame.
    private static func close(_ data: ByteBuffer) -> Step {
        var data = data
        guard data.readableBytes > 0 else { return .close(nil) }
        guard let code: UInt16 = data.readInteger(),
            String(validating: Array(data.readableBytesView), as: UTF8.self) != nil
        else { return .violation(1002) }
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: return .close(code)
        default: return .violation(1002)
        }
    }
}

/// Frames as a server writes them: unmasked, so that the same bytes serve every socket.
enum ServerFrameBytes {
    /// A whole text message.
    static func text(_ bytes: [UInt8]) -> ByteBuffer { frame(opcode: 0x1, bytes) }

    static func pong(_ data: ByteBuffer) -> ByteBuffer {
        frame(opcode: 0xA, data.readableBytesView)
    }

    /// A close frame with a code and a reason of at most 123 bytes.
    static func close(_ code: UInt16, reason: String) -> ByteBuffer {
        var text = reason
        while text.utf8.count > 123 { text.removeLast() }
        return frame(opcode: 0x8, [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(text.utf8))
    }

    private static func frame(opcode: UInt8, _ payload: some Collection<UInt8>) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(payload.count + 10)
        buffer.writeInteger(0x80 | opcode)
        switch payload.count {
        case ...125: buffer.writeInteger(UInt8(payload.count))
        case ...0xFFFF:
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(payload.count))
        default:
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(payload.count))
        }
        buffer.writeBytes(payload)
        return buffer
    }
}
