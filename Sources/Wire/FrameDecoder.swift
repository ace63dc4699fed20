/// Cuts a stream of bytes, in pieces of any size, into frames.
///
/// After an error the stream has lost its place: the decoder gives nothing more, and its connection
/// must be closed. Never holds more than the largest frame and the last piece.
package struct FrameDecoder: Sendable {
    /// The largest frame that is taken, header included, in bytes. Small until the peer is known.
    package var frameBytesMax: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var hasFailed = false

    /// A decoder for frames of at most `frameBytesMax` bytes.
    package init(frameBytesMax: Int = PeerLimits.frameBytesMax) {
        precondition(frameBytesMax <= PeerLimits.frameBytesMax, "no frame is above the limit")
        self.frameBytesMax = frameBytesMax
    }

    /// The bytes that wait for the rest of their frame.
    package var bufferedByteCount: Int { buffer.count - start }

    /// Takes the next piece of the stream.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        if hasFailed { return }
        if start > 0, start == buffer.count || start > 1 << 16 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole frame; nil until there is one. Throws a ``WireError`` for bytes that are no
    /// frame, once, and gives nil from then on.
    package mutating func next() throws(WireError) -> PeerFrame? {
        guard !hasFailed, bufferedByteCount >= PeerFrame.lengthByteCount else { return nil }
        let body = start + PeerFrame.lengthByteCount
        let length = Int(readNumber(buffer[start..<body]))
        do throws(WireError) {
            guard length >= PeerFrame.headerByteCount - PeerFrame.lengthByteCount else {
                throw .malformed("frame")
            }
            try checkLimit("frame", length + PeerFrame.lengthByteCount, max: frameBytesMax)
            guard buffer.count - body >= length else { return nil }
            let frame = try PeerFrame(afterLength: buffer[body..<body + length])
            start = body + length
            return frame
        } catch {
            hasFailed = true
            buffer = []
            start = 0
            throw error
        }
    }
}
