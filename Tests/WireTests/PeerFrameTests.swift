import Determinism
import Testing
import Wire

@Suite("Frames of a link")
struct PeerFrameTests {
    private func frames(seed: UInt64, count: Int) -> [PeerFrame] {
        var random = RandomMessages(seed: seed)
        let kinds = PeerFrame.Kind.allCases
        return (0..<count).map { _ in
            PeerFrame(
                kind: kinds[random.upTo(kinds.count - 1)], isCompressed: random.flag(),
                payload: random.bytes(max: 400))
        }
    }

    @Test(
        "Frames come out whole, whatever the pieces in which their bytes arrive", arguments: 1...8)
    func pieces(seed: UInt64) throws {
        let sent = frames(seed: seed, count: 40)
        var stream: [UInt8] = []
        for frame in sent { stream += try frame.encoded() }
        var generator = SeededGenerator(seed: seed)
        var decoder = FrameDecoder()
        var received: [PeerFrame] = []
        var offset = 0
        while offset < stream.count {
            let end = min(stream.count, offset + 1 + Int(generator.next(upperBound: UInt64(90))))
            decoder.append(stream[offset..<end])
            while let frame = try decoder.next() { received.append(frame) }
            offset = end
        }
        #expect(received == sent)
        #expect(decoder.bufferedByteCount == 0)
    }

    @Test("A changed byte anywhere is found, and the stream gives nothing more")
    func damage() throws {
        let frame = PeerFrame(kind: .messages, payload: Array(0..<50))
        let bytes = try frame.encoded()
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0x10
            var decoder = FrameDecoder()
            decoder.append(damaged)
            var error: WireError?
            do {
                if let frame = try decoder.next() { Issue.record("byte \(place): \(frame)") }
            } catch let failure {
                error = failure
            }
            // A longer length only waits for more; with more bytes it is found as well.
            if error == nil {
                decoder.append([UInt8](repeating: 0, count: 1 << 21))
                #expect(throws: WireError.self) { _ = try decoder.next() }
            }
            decoder.append(bytes)
            #expect(try decoder.next() == nil)
        }
    }

    @Test("A frame above the decoder's limit is refused before its bytes are there")
    func limits() throws {
        var decoder = FrameDecoder(frameBytesMax: 100)
        decoder.append([0, 0, 0, 97])
        #expect(throws: WireError.tooLarge("frame", count: 101, max: 100)) {
            _ = try decoder.next()
        }
        decoder = FrameDecoder(frameBytesMax: 100)
        let lawful = PeerFrame(kind: .messages, payload: [UInt8](repeating: 7, count: 88))
        decoder.append(try lawful.encoded())
        #expect(try decoder.next() == lawful)
        decoder.append([0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: WireError.self) { _ = try decoder.next() }
        decoder = FrameDecoder()
        decoder.append([0, 0, 0, 3, 1, 1, 1])
        #expect(throws: WireError.malformed("frame")) { _ = try decoder.next() }
    }

    @Test("A payload above the limit is refused by the sender")
    func senderLimit() {
        let payload = [UInt8](repeating: 0, count: PeerLimits.frameBytesMax)
        #expect(throws: WireError.self) {
            try PeerFrame(kind: .messages, payload: payload).encoded()
        }
    }

    @Test("A frame of another version is refused with the version")
    func version() throws {
        var bytes = try PeerFrame(kind: .handshake, payload: [1]).encoded()
        bytes[4] = 9
        var decoder = FrameDecoder()
        decoder.append(bytes)
        #expect(throws: WireError.unsupportedVersion(9)) { _ = try decoder.next() }
    }

    @Test("Random bytes never trap the decoder")
    func fuzz() {
        var random = RandomMessages(seed: 5)
        for _ in 0..<3_000 {
            var decoder = FrameDecoder(frameBytesMax: 4_096)
            for _ in 0..<4 {
                decoder.append(random.bytes(max: 60))
                _ = try? decoder.next()
            }
        }
    }
}
