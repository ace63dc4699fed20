import Determinism
import Identity
import Testing
import Wire

@testable import LoadGenerator

@Suite("Load generator: the fast path through frames")
struct ScannerTests {
    private static func push(_ bytes: [UInt8]) -> FrameScanner.Push? {
        bytes.withUnsafeBytes { FrameScanner.push($0) }
    }

    private static func ack(_ bytes: [UInt8]) -> FrameScanner.Ack? {
        bytes.withUnsafeBytes { FrameScanner.ack($0) }
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        let pieces: [String] = [
            "a", "é", "😀", "\"", "\\", "\n", "}", "{\"kind\":\"push\"", "#12;", ",", "漢",
        ]
        let count = Int(generator.next(upperBound: 12 as UInt64))
        return (0..<count).map { _ in
            pieces[Int(generator.next(upperBound: UInt64(pieces.count)))]
        }.joined()
    }

    private static func content(_ generator: inout SeededGenerator) -> ClientEntry.Content {
        switch generator.next(upperBound: 6 as UInt64) {
        case 0: .created(name: text(&generator), fullName: text(&generator))
        case 1: .memberAdded(AccountID(using: &generator))
        case 2: .deleted
        case 3: .text(LoadText.text(generator.next(upperBound: 1 << 40), byteCount: 64))
        case 4: .text(text(&generator), replyTo: SequenceNumber(1))
        default: .text(text(&generator))
        }
    }

    /// A push as a node writes it, with every kind of entry and of text.
    private static func frame(
        _ generator: inout SeededGenerator
    ) -> (chat: ChatID, epoch: UInt64, entry: ClientEntry) {
        let seq: UInt64 = generator.next(upperBound: 1 << 50) + 1
        let entry = ClientEntry(
            seq: SequenceNumber(seq), n: Ordinal(generator.next(upperBound: seq)),
            time: WallTime(milliseconds: generator.next(upperBound: 1 << 50)),
            from: generator.chance(1, in: 8) ? nil : AccountID(using: &generator),
            content: content(&generator))
        return (ChatID(using: &generator), generator.next(upperBound: 1 << 40), entry)
    }

    @Test("What the scanner finds in a push is what the decoder finds", arguments: 1...20)
    func agrees(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let (chat, epoch, entry) = Self.frame(&generator)
            let bytes = ServerFrame.push(.chat(chat), epoch: epoch, entry).jsonBytes
            let found = try #require(Self.push(bytes), "\(String(decoding: bytes, as: UTF8.self))")
            guard
                case .push(.chat(let decodedChat), let decodedEpoch, let decoded) =
                    try ServerFrame(decoding: bytes)
            else {
                Issue.record("not a push")
                return
            }
            #expect(found.chat == decodedChat && found.epoch == decodedEpoch)
            #expect(found.seq == decoded.seq)
            let digest = decoded.jsonBytes.withUnsafeBytes { FrameScanner.digest($0) }
            #expect(found.digest == digest)
            if case .text(let text, _) = decoded.content, text.hasPrefix("#"),
                let end = text.firstIndex(of: ";"), entry.from != nil
            {
                #expect(found.message == UInt64(text[text.index(after: text.startIndex)..<end]))
            } else {
                #expect(found.message == nil)
            }
        }
    }

    @Test("A frame with one byte changed is never read as another place of the same log")
    func damaged() throws {
        var generator = SeededGenerator(seed: 99)
        var kept = 0
        for _ in 0..<2_000 {
            let (chat, epoch, entry) = Self.frame(&generator)
            var bytes = ServerFrame.push(.chat(chat), epoch: epoch, entry).jsonBytes
            let place = Int(generator.next(upperBound: UInt64(bytes.count)))
            bytes[place] = UInt8(truncatingIfNeeded: generator.next())
            guard let found = Self.push(bytes) else { continue }
            kept += 1
            // Whatever the scanner takes, the decoder reads in the same way, or refuses.
            guard
                case .push(.chat(let other), let otherEpoch, let decoded)? =
                    try? ServerFrame(decoding: bytes)
            else { continue }
            #expect(found.chat == other && found.epoch == otherEpoch)
            #expect(found.seq == decoded.seq)
        }
        #expect(kept > 100, "the test has to see frames that are still taken")
    }

    @Test("Acknowledgements, and nothing else, are read as such")
    func acks() throws {
        var generator = SeededGenerator(seed: 5)
        let cmid = MessageID(milliseconds: 1, using: &generator)
        let chat = ChatID(using: &generator)
        let frame = ServerFrame.ack(
            cmid, chat, LogPosition(seq: SequenceNumber(7), n: Ordinal(6)),
            time: WallTime(milliseconds: 5))
        let found = try #require(Self.ack(frame.jsonBytes))
        #expect(found == FrameScanner.Ack(cmid: cmid, chat: chat, seq: SequenceNumber(7)))
        #expect(Self.push(frame.jsonBytes) == nil)
        for other in [ServerFrame.live, .resync, .slowDown(retryAfter: .seconds(1))] {
            #expect(Self.ack(other.jsonBytes) == nil && Self.push(other.jsonBytes) == nil)
        }
        for count in 0..<frame.jsonBytes.count {
            _ = Self.ack(Array(frame.jsonBytes.prefix(count)))
            _ = Self.push(Array(frame.jsonBytes.prefix(count)))
        }
    }

    @Test("Digests tell bytes apart that differ in one place or in length")
    func digests() {
        var generator = SeededGenerator(seed: 3)
        var bytes = (0..<203).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        let first = bytes.withUnsafeBytes { FrameScanner.digest($0) }
        for index in bytes.indices {
            bytes[index] ^= 1
            #expect(bytes.withUnsafeBytes { FrameScanner.digest($0) } != first)
            bytes[index] ^= 1
        }
        bytes.append(0)
        #expect(bytes.withUnsafeBytes { FrameScanner.digest($0) } != first)
    }

    @Test("Texts have the size that was asked for and begin with their number")
    func texts() {
        #expect(LoadText.text(17, byteCount: 128).utf8.count == 128)
        #expect(LoadText.text(17, byteCount: 128).hasPrefix("#17;"))
        #expect(LoadText.text(123_456_789, byteCount: 4) == "#123456789;")
    }
}
