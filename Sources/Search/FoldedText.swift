/// A text as search sees it: its words in lower case, without marks, as UTF-8 with a zero before
/// each word and after the last.
///
/// A word is a run of letters, marks and digits of scripts that put spaces between words; a run of
/// a script that does not (Chinese, Japanese, Korean, Thai and their like); or one pictograph. All
/// that lies between is left out. It is a function of the text alone: the properties of characters
/// are those of the standard library, which every node of a release shares.
package struct FoldedText: Hashable, Sendable {
    /// The words, each between zeros; empty when there is none.
    package private(set) var bytes: [UInt8] = []
    /// Where the character behind each byte begins in the text, in UTF-16 code units; empty unless
    /// asked for.
    private(set) var starts: [Int32] = []
    /// Where it ends, marks included.
    private(set) var ends: [Int32] = []

    private let hasPlaces: Bool

    /// Folds `text`, at most ``SearchLimits/textScalarsMax`` of it. With `hasPlaces` it can tell
    /// where in the text something is. Linear.
    package init(_ text: some StringProtocol, hasPlaces: Bool = false) {
        self.hasPlaces = hasPlaces
        var kind: ScalarKind?
        var length = 0
        var offset: Int32 = 0
        var lastStart = 0
        for scalar in text.unicodeScalars.prefix(SearchLimits.textScalarsMax) {
            let end = offset + (scalar.value > 0xFFFF ? 2 : 1)
            defer { offset = end }
            let (next, folded) = ScalarKind.of(scalar)
            switch next {
            case .ignored:
                // It belongs to the character before it.
                if hasPlaces, kind != nil {
                    for place in lastStart..<ends.count { ends[place] = end }
                }
                continue
            case .gap:
                kind = nil
                continue
            case .word, .run, .pictograph: break
            }
            if next != kind || next == .pictograph
                || next == .word && length == SearchLimits.termScalarsMax
            {
                close(at: offset)
                length = 0
            }
            kind = next
            length += 1
            lastStart = bytes.count
            append(folded, of: scalar, from: offset, to: end)
        }
        if !bytes.isEmpty { close(at: offset) }
    }

    /// A zero between words; also before the first.
    private mutating func close(at offset: Int32) {
        bytes.append(0)
        guard hasPlaces else { return }
        starts.append(offset)
        ends.append(offset)
    }

    private mutating func append(
        _ folded: ScalarKind.Folded, of scalar: Unicode.Scalar, from start: Int32, to end: Int32
    ) {
        let before = bytes.count
        switch folded {
        case .scalar(let value): FoldedText.append(value, to: &bytes)
        case .bytes(let folded): bytes += folded
        }
        guard hasPlaces else { return }
        for _ in before..<bytes.count {
            starts.append(start)
            ends.append(end)
        }
    }

    private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        if value < 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value))
        } else if let scalar = Unicode.Scalar(value) {
            bytes.append(contentsOf: UTF8.encode(scalar)?.map { $0 } ?? [])
        }
    }

    /// The words, in the order of the text.
    package var words: [ArraySlice<UInt8>] { bytes.split(separator: 0) }
}

/// What a character is for search.
enum ScalarKind: Hashable {
    /// Part of a word.
    case word
    /// Part of a run of a script without spaces between words.
    case run
    /// A word by itself.
    case pictograph
    /// A mark of the character before it that is left out.
    case ignored
    /// Between words.
    case gap

    /// What a character becomes.
    enum Folded {
        case scalar(UInt32)
        case bytes([UInt8])
    }

    /// The kind of `scalar`, and what it becomes.
    static func of(_ scalar: Unicode.Scalar) -> (ScalarKind, Folded) {
        var value = scalar.value
        // Full width forms are those of ASCII.
        if (0xFF01...0xFF5E).contains(value) { value -= 0xFEE0 }
        if value < 0x80 {
            switch value {
            case 0x61...0x7A, 0x30...0x39: return (.word, .scalar(value))
            case 0x41...0x5A: return (.word, .scalar(value + 0x20))
            default: return (.gap, .scalar(0))
            }
        }
        if isIgnored(value) { return (.ignored, .scalar(0)) }
        let kind: ScalarKind
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark,
            .letterNumber:
            kind = isOfRun(value) ? .run : .word
        case .uppercaseLetter, .titlecaseLetter:
            kind = .word
            value = lowercase(scalar)
        case .decimalNumber:
            kind = isOfRun(value) ? .run : .word
            value = digit(value)
        case .otherNumber: kind = .word
        case .otherSymbol: kind = .pictograph
        default: return (.gap, .scalar(0))
        }
        if let folded = FoldTable.fold(value) { return (kind, .bytes(folded)) }
        // Katakana is hiragana.
        if (0x30A1...0x30F6).contains(value) { value -= 0x60 }
        return (kind, .scalar(value))
    }

    private static func lowercase(_ scalar: Unicode.Scalar) -> UInt32 {
        switch scalar.value {
        case 0x410...0x42F, 0x391...0x3A1, 0x3A3...0x3AB, 0xC0...0xD6, 0xD8...0xDE:
            scalar.value + 0x20
        case 0x400...0x40F: scalar.value + 0x50
        default: scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? scalar.value
        }
    }

    /// Digits of other scripts are those of ASCII; each block begins with its zero.
    private static func digit(_ value: UInt32) -> UInt32 {
        for zero in zeros where value >= zero && value < zero + 10 { return 0x30 + value - zero }
        return value
    }

    private static let zeros: [UInt32] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6,
        0xE50, 0xED0, 0xF20, 0x1040, 0x17E0, 0x1810,
    ]

    /// Marks that people leave out (accents, points, vowel signs of Arabic and Hebrew), joiners,
    /// and what chooses the look of a character. The vowel signs of the scripts of India are parts
    /// of words.
    private static func isIgnored(_ value: UInt32) -> Bool {
        switch value {
        case 0xAD, 0x300...0x36F, 0x483...0x489, 0x591...0x5BD, 0x5BF, 0x5C1...0x5C2,
            0x5C4...0x5C5, 0x5C7, 0x610...0x61A, 0x640, 0x64B...0x65F, 0x670, 0x6D6...0x6DC,
            0x6DF...0x6E4, 0x6E7...0x6E8, 0x6EA...0x6ED, 0x8D3...0x8FF, 0x93C, 0x9BC, 0xA3C, 0xABC,
            0xB3C, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x200B...0x200F, 0x202A...0x202E, 0x2060,
            0x20D0...0x20FF, 0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xFEFF, 0x1F3FB...0x1F3FF,
            0xE0100...0xE01EF:
            true
        default: false
        }
    }

    /// Whether a letter is of a script that puts no spaces between words.
    static func isOfRun(_ value: UInt32) -> Bool {
        switch value {
        case 0xE00...0xEFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17FF, 0x2E80...0x2FDF,
            0x3005...0x3007, 0x3021...0x318F, 0x31A0...0x31BF, 0x31F0...0x31FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xA960...0xA97F, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFF66...0xFF9F,
            0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
