/// What counts as one emoji, fixed here so that every version of a node, whatever Unicode its
/// standard library knows, decides the same.
///
/// The grammar is that of Unicode's emoji sequences (UTS #51, ED-17), over the blocks in which
/// emoji lie instead of over the list of those that exist: emoji of later versions are let in, and
/// so are some signs that are drawn as text.
package enum EmojiCluster {
    /// UTF-8 bytes of one emoji.
    package static let bytesMax = 32

    /// Whether the text is one emoji and nothing else, of ``bytesMax`` bytes at most.
    package static func isOne(_ text: String) -> Bool {
        guard text.utf8.count <= bytesMax else { return false }
        var scalars = text.unicodeScalars.map(\.value)[...]
        if takeFlag(&scalars) || takeKeycap(&scalars) { return scalars.isEmpty }
        guard takePart(&scalars) else { return false }
        while scalars.first == joiner {
            scalars.removeFirst()
            guard takePart(&scalars) else { return false }
        }
        return scalars.isEmpty
    }

    private static let joiner: UInt32 = 0x200D
    private static let emojiStyle: UInt32 = 0xFE0F
    private static let keycap: UInt32 = 0x20E3
    private static let endOfTags: UInt32 = 0xE007F

    /// The two letters of a country.
    private static func takeFlag(_ scalars: inout ArraySlice<UInt32>) -> Bool {
        guard scalars.count >= 2, scalars.prefix(2).allSatisfy(isLetterOfFlag) else { return false }
        scalars.removeFirst(2)
        return true
    }

    /// A digit, `#` or `*` in a square.
    private static func takeKeycap(_ scalars: inout ArraySlice<UInt32>) -> Bool {
        guard let first = scalars.first, isKey(first) else { return false }
        var rest = scalars.dropFirst()
        if rest.first == emojiStyle { rest.removeFirst() }
        guard rest.first == keycap else { return false }
        scalars = rest.dropFirst()
        return true
    }

    /// A picture, with its style or its colour of skin, and with the tags of a region.
    private static func takePart(_ scalars: inout ArraySlice<UInt32>) -> Bool {
        guard let first = scalars.first, isPicture(first) else { return false }
        scalars.removeFirst()
        if let next = scalars.first, next == emojiStyle || isSkin(next) { scalars.removeFirst() }
        guard let tag = scalars.first, isTag(tag) else { return true }
        scalars = scalars.drop(while: isTag)
        guard scalars.first == endOfTags else { return false }
        scalars.removeFirst()
        return true
    }

    private static func isLetterOfFlag(_ scalar: UInt32) -> Bool {
        (0x1F1E6...0x1F1FF).contains(scalar)
    }

    private static func isKey(_ scalar: UInt32) -> Bool {
        (0x30...0x39).contains(scalar) || scalar == 0x23 || scalar == 0x2A
    }

    private static func isSkin(_ scalar: UInt32) -> Bool { (0x1F3FB...0x1F3FF).contains(scalar) }

    private static func isTag(_ scalar: UInt32) -> Bool { (0xE0020...0xE007E).contains(scalar) }

    /// Whether it lies in a block of pictures; letters of flags stand in pairs only.
    private static func isPicture(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xA9, 0xAE, 0x203C, 0x2049, 0x2122, 0x2139, 0x24C2, 0x3030, 0x303D, 0x3297, 0x3299,
            0x2190...0x21FF, 0x2300...0x23FF, 0x25A0...0x27BF, 0x2934...0x2935, 0x2B00...0x2BFF:
            true
        case 0x1F000...0x1FAFF: !isLetterOfFlag(scalar)
        default: false
        }
    }
}
