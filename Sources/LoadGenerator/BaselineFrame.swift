import NIOCore

/// The frames of the baseline: four bytes of length, then so many bytes. Nothing in them is looked
/// at but the first byte, so that what they cost is what moving them costs.
struct BaselineFrame {
    /// What the first byte of a frame says.
    enum Kind: UInt8 {
        /// From a client: the number of its chat.
        case join = 1
        /// From a client: a message for its chat.
        case message = 2
        /// To the sender: done.
        case ack = 3
        /// To everybody in the chat.
        case delivery = 4
    }

    /// Bytes of the length.
    static let headerByteCount = 4
    /// Bytes of an acknowledgement, as large as the protocol's.
    static let ackByteCount = 170

    /// A frame of `byteCount` bytes, at least five behind its length.
    static func make(_ kind: Kind, byteCount: Int, number: UInt32 = 0) -> ByteBuffer {
        var buffer = ByteBuffer()
        let count = max(5, byteCount)
        buffer.writeInteger(UInt32(count))
        buffer.writeInteger(kind.rawValue)
        buffer.writeInteger(number)
        buffer.writeRepeatingByte(UInt8(ascii: "x"), count: count - 5)
        return buffer
    }

    /// Tells every whole frame at the start of `buffer` and takes it away: its kind, its number.
    static func read(_ buffer: inout ByteBuffer, _ tell: (Kind, UInt32) -> Void) {
        while let length: UInt32 = buffer.getInteger(at: buffer.readerIndex),
            buffer.readableBytes >= headerByteCount + Int(length)
        {
            let start = buffer.readerIndex + headerByteCount
            if let raw: UInt8 = buffer.getInteger(at: start), let kind = Kind(rawValue: raw),
                let number: UInt32 = buffer.getInteger(at: start + 1)
            {
                tell(kind, number)
            }
            buffer.moveReaderIndex(forwardBy: headerByteCount + Int(length))
        }
    }
}

/// Bytes of one connection, of which the last frame may not be whole.
struct BaselineBytes {
    private var partial: ByteBuffer?

    /// Takes in what was read and tells every whole frame.
    mutating func read(_ bytes: ByteBuffer, _ tell: (BaselineFrame.Kind, UInt32) -> Void) {
        var bytes = bytes
        if var partial {
            partial.writeBuffer(&bytes)
            bytes = partial
            self.partial = nil
        }
        BaselineFrame.read(&bytes, tell)
        if bytes.readableBytes > 0 { partial = ByteBuffer(bytes.readableBytesView) }
    }
}
