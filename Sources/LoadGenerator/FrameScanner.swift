import Identity

/// Finds what a load generator needs in the frames that come most often, without reading their
/// JSON: the exact form in which nodes write `push` and `ack`. What it does not recognise is nil
/// and goes the long way.
struct FrameScanner {
    /// A push of a chat.
    struct Push: Equatable {
        let chat: ChatID
        let epoch: UInt64
        let seq: SequenceNumber
        /// The number that the generator wrote at the beginning of the text, if it is one of ours.
        let message: UInt64?
        /// Of the entry's bytes.
        let digest: UInt64
    }

    /// An acknowledgement.
    struct Ack: Equatable {
        let cmid: MessageID
        let chat: ChatID
        let seq: SequenceNumber
    }

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The push that `text` is; nil when it is something else, or written in another way.
    static func push(_ text: UnsafeRawBufferPointer) -> Push? {
        var scanner = FrameScanner(text)
        guard scanner.skip(#"{"kind":"push","log":""#), let chat = scanner.id(ChatID.self),
            scanner.skip(#"","epoch":"#), let epoch = scanner.integer(),
            scanner.skip(#","seq":"#), let seq = scanner.integer(),
            scanner.skip(#","entry":"#), text.last == UInt8(ascii: "}")
        else { return nil }
        let entry = UnsafeRawBufferPointer(rebasing: text[scanner.offset..<text.count - 1])
        guard let content = FrameScanner.entry(entry), content.seq == seq else { return nil }
        return Push(
            chat: chat, epoch: epoch, seq: SequenceNumber(seq), message: content.message,
            digest: digest(entry))
    }

    /// The acknowledgement that `text` is; nil when it is something else.
    static func ack(_ text: UnsafeRawBufferPointer) -> Ack? {
        var scanner = FrameScanner(text)
        guard scanner.skip(#"{"kind":"ack","cmid":""#), let cmid = scanner.id(MessageID.self),
            scanner.skip(#"","chat":""#), let chat = scanner.id(ChatID.self),
            scanner.skip(#"","seq":"#), let seq = scanner.integer(), scanner.skip(#","n":"#)
        else { return nil }
        return Ack(cmid: cmid, chat: chat, seq: SequenceNumber(seq))
    }

    /// Place and number of an entry in its JSON form; nil when it begins in another way.
    static func entry(_ bytes: UnsafeRawBufferPointer) -> (seq: UInt64, message: UInt64?)? {
        var scanner = FrameScanner(bytes)
        guard scanner.skip(#"{"seq":"#), let seq = scanner.integer() else { return nil }
        guard scanner.skip(#","n":"#), scanner.integer() != nil, scanner.skip(#","ts":"#),
            scanner.integer() != nil, scanner.skip(#","from":""#),
            scanner.id(AccountID.self) != nil,
            scanner.skip(#"","kind":"text","text":""#), scanner.skip(LoadText.mark)
        else { return (seq, nil) }
        guard let message = scanner.integer(), scanner.skip(LoadText.end) else { return (seq, nil) }
        return (seq, message)
    }

    /// Tells entries apart, eight bytes at a time: folded multiplication as in wyhash. Two entries
    /// that differ have the same one once in 2^64.
    static func digest(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
        var offset = 0
        while offset < bytes.count {
            var word: UInt64 = 0
            if offset + 8 <= bytes.count {
                word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            } else {
                for byte in bytes[offset...] { word = word << 8 | UInt64(byte) }
            }
            let product = (hash ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
            hash = product.high ^ product.low ^ UInt64(offset)
            offset += 8
        }
        return hash
    }

    // MARK: Parts

    private mutating func skip(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard offset + count <= bytes.count else { return false }
        for index in 0..<count where bytes[offset + index] != word.utf8Start[index] {
            return false
        }
        offset += count
        return true
    }

    /// A whole number without a sign; nil where none stands, and beyond 2^53.
    private mutating func integer() -> UInt64? {
        var value: UInt64 = 0
        let start = offset
        while offset < bytes.count, case let digit = bytes[offset] &- UInt8(ascii: "0"), digit < 10
        {
            value = value * 10 + UInt64(digit)
            guard value < 1 << 53 else { return nil }
            offset += 1
        }
        return offset > start ? value : nil
    }

    private mutating func id<ID: WideID>(_: ID.Type) -> ID? {
        guard offset + 32 <= bytes.count else { return nil }
        guard let high = half(at: offset), let low = half(at: offset + 16) else { return nil }
        offset += 32
        return ID(high: high, low: low)
    }

    private func half(at start: Int) -> UInt64? {
        var value: UInt64 = 0
        for index in start..<start + 16 {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = value << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}

/// The texts that the generator sends: a number, by which it knows each again, and filling.
enum LoadText {
    static let mark: StaticString = "#"
    static let end: StaticString = ";"

    /// A text of `byteCount` bytes, or as many as the number needs.
    static func text(_ message: UInt64, byteCount: Int) -> String {
        let head = "\(mark)\(message)\(end)"
        let filling = "the quick brown fox jumps over the lazy dog, and "
        var text = head
        text.reserveCapacity(byteCount + filling.utf8.count)
        while text.utf8.count < byteCount { text += filling }
        while text.utf8.count > max(byteCount, head.utf8.count) { text.removeLast() }
        return text
    }
}
