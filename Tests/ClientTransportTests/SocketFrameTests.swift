import ClientTransport
import Determinism
import NIOCore
import Testing

@Suite("Client transport: frames of a WebSocket")
struct SocketFrameTests {
    private enum Told: Equatable {
        case text(String)
        case ping([UInt8])
        case close(UInt16)

        init(_ event: SocketReader.Event) {
            switch event {
            case .text(let bytes): self = .text(String(decoding: bytes, as: UTF8.self))
            case .ping(let bytes): self = .ping(Array(bytes))
            case .close(let code): self = .close(code)
            }
        }
    }

    /// What is told of a stream that comes in pieces of `pieceByteCount`.
    private static func read(_ stream: [UInt8], pieceByteCount: Int) throws -> [Told] {
        var reader = SocketReader()
        var told: [Told] = []
        var rest: [UInt8] = []
        var start = 0
        while start < stream.count {
            let end = min(stream.count, start + pieceByteCount)
            rest += stream[start..<end]
            start = end
            let consumed = try rest.withUnsafeBytes { bytes in
                try reader.read(bytes) { told.append(Told($0)) }
            }
            rest.removeFirst(consumed)
        }
        #expect(rest.isEmpty)
        return told
    }

    /// A frame of a server, not masked.
    private static func frame(
        _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true
    ) -> [UInt8] {
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        switch payload.count {
        case ...125: bytes.append(UInt8(payload.count))
        case ...0xFFFF:
            bytes += [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(127)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
            }
        }
        return bytes + payload
    }

    @Test(
        "Messages of every length, whole or in fragments, however bytes come (RFC 6455 5.2, 5.4)",
        arguments: [1, 2, 3, 7, 64, 1_000, 1 << 20])
    func messages(_ pieceByteCount: Int) throws {
        let long = String(repeating: "x", count: 300)
        let huge = String(repeating: "y", count: pieceByteCount < 64 ? 200 : 70_000)
        let frames: [[UInt8]] = [
            Self.frame(1, Array("a".utf8)), Self.frame(1, Array(long.utf8)),
            Self.frame(1, Array("b".utf8), isFinal: false), Self.frame(9, [1, 2]),
            Self.frame(0, Array("c".utf8), isFinal: false), Self.frame(0, Array("d".utf8)),
            Self.frame(10, []), Self.frame(1, Array(huge.utf8)), Self.frame(8, [0x0F, 0xA1]),
            Self.frame(8, []),
        ]
        let expected: [Told] = [
            .text("a"), .text(long), .ping([1, 2]), .text("bcd"), .text(huge), .close(4001),
            .close(1005),
        ]
        let told = try Self.read(Array(frames.joined()), pieceByteCount: pieceByteCount)
        #expect(told == expected)
    }

    @Test(
        "What RFC 6455 forbids is refused",
        arguments: [
            [0x81, 0x81, 0, 0, 0, 0, 0], [0xC1, 0], [0x80, 0], [0x01, 0, 0x81, 0], [0x82, 0],
            [0x09, 0], [0x89, 126, 0, 126], [0x88, 1, 0], [0x83, 0],
            [0x81, 127, 0, 0, 0, 0, 0xFF, 0, 0, 0],
        ] as [[UInt8]])
    func forbidden(_ stream: [UInt8]) {
        var reader = SocketReader()
        #expect(throws: TransportError.self) {
            try stream.withUnsafeBytes { bytes in _ = try reader.read(bytes) { _ in } }
        }
    }

    @Test("What a client writes is masked, and itself again without the mask (RFC 6455 5.3)")
    func masks() {
        var generator = SeededGenerator(seed: 1)
        for count in [0, 1, 3, 4, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 70_001] {
            let payload = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            var buffer = ByteBuffer()
            let mask: UInt32 = 0x0102_A3F4
            payload.withUnsafeBytes { SocketWriter.append(.text, $0, mask: mask, to: &buffer) }
            var bytes = Array(buffer.readableBytesView)
            #expect(bytes[0] == 0x81 && bytes[1] & 0x80 != 0)
            let headerByteCount = count <= 125 ? 2 : count <= 0xFFFF ? 4 : 10
            let key = Array(bytes[headerByteCount..<headerByteCount + 4])
            #expect(key == [0x01, 0x02, 0xA3, 0xF4])
            bytes.removeFirst(headerByteCount + 4)
            for index in bytes.indices { bytes[index] ^= key[index % 4] }
            #expect(bytes == payload)
        }
    }
}
