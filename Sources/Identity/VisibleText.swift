/// What counts as text that a person can see, fixed here so that every version of a node, whatever
/// Unicode its standard library knows, decides the same.
///
/// Lengths are counted in Unicode scalars: grapheme clusters change with the version of Unicode.
package enum VisibleText {
    /// Whether a message may have this text: something visible, within the limits, and no control
    /// characters but newline and tab.
    package static func isMessage(_ text: String, scalarsMax: Int, bytesMax: Int) -> Bool {
        text.utf8.count <= bytesMax
            && isVisible(text, scalarsMax: scalarsMax) { scalar in
                isControl(scalar) && scalar != "\n" && scalar != "\t"
            }
    }

    /// Whether this may name something: as a message, but on one line, without blanks at its ends
    /// and without the marks that turn the direction of what follows.
    package static func isName(_ text: String, scalarsMax: Int) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            !isBlank(first), !isBlank(last)
        else { return false }
        return isVisible(text, scalarsMax: scalarsMax) { scalar in
            isControl(scalar) || isLineBreak(scalar) || isDirection(scalar)
        }
    }

    private static func isVisible(
        _ text: String, scalarsMax: Int, isRefused: (Unicode.Scalar) -> Bool
    ) -> Bool {
        var count = 0
        var hasInk = false
        for scalar in text.unicodeScalars {
            count += 1
            guard count <= scalarsMax, !isRefused(scalar) else { return false }
            if !isBlank(scalar) { hasInk = true }
        }
        return hasInk
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x2028 || scalar.value == 0x2029
    }

    private static func isDirection(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }

    /// Unicode's White_Space, and the characters of no width.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200F, 0x2028...0x202F,
            0x205F...0x2069,
            0x3000, 0xFEFF:
            true
        default: false
        }
    }
}
