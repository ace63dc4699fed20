/// A phone number in the form of ITU-T E.164: `+`, a known calling code and the rest of the number,
/// 8 to 15 digits together.
package struct PhoneNumber: Hashable, Sendable, CustomStringConvertible {
    /// `+` and the digits.
    package let text: String

    /// The fewest digits that are taken for a number.
    package static let digitsMin = 8
    /// The most digits that E.164 allows.
    package static let digitsMax = 15

    /// Reads what a person types: `+` or `00` first, then digits among which spaces, dashes, dots,
    /// slashes and parentheses may stand; nil (`badPhone`) for anything else.
    package init?(_ input: String) {
        guard input.utf8.count <= 64 else { return nil }
        var digits: [UInt8] = []
        var hasPlus = false
        for byte in input.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte)
            case UInt8(ascii: "+"):
                guard !hasPlus, digits.isEmpty else { return nil }
                hasPlus = true
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"),
                UInt8(ascii: "("), UInt8(ascii: ")"):
                continue
            default: return nil
            }
        }
        if !hasPlus {
            guard digits.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "0")]) else { return nil }
            digits.removeFirst(2)
        }
        self.init(digits: digits)
    }

    /// Reads ``text``, and nothing else.
    package init?(canonical text: String) {
        guard text.utf8.first == UInt8(ascii: "+") else { return nil }
        self.init(digits: Array(text.utf8.dropFirst()))
        guard self.text == text else { return nil }
    }

    private init?(digits: [UInt8]) {
        guard (PhoneNumber.digitsMin...PhoneNumber.digitsMax).contains(digits.count),
            digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
            CallingCodes.length(of: digits) != nil
        else { return nil }
        text = "+" + String(decoding: digits, as: UTF8.self)
    }

    package var description: String { text }
}

/// The calling codes that ITU-T E.164 assigns to countries, areas and networks.
enum CallingCodes {
    /// Codes of one and two digits; no longer code begins with one of these.
    private static let short: [Int] = [
        1, 7, 20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53,
        54,
        55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
    ]
    /// Codes of three digits.
    private static let long: [ClosedRange<Int>] = [
        211...213, 216...216, 218...218, 220...269, 290...291, 297...299, 350...359, 370...378,
        380...383, 385...387, 389...389, 420...421, 423...423, 500...509, 590...599, 670...670,
        672...683, 685...692, 800...800, 808...808, 850...850, 852...853, 855...856, 870...870,
        878...878, 880...883, 886...886, 888...888, 960...968, 970...977, 979...979, 992...996,
        998...998,
    ]

    /// How many of `digits`, ASCII, are the calling code; nil when they begin with none.
    static func length(of digits: [UInt8]) -> Int? {
        // No calling code begins with a zero.
        guard let first = digits.first, first != UInt8(ascii: "0") else { return nil }
        var code = 0
        for (position, digit) in digits.prefix(3).enumerated() {
            code = code * 10 + Int(digit - UInt8(ascii: "0"))
            let isKnown =
                position < 2 ? short.contains(code) : long.contains { $0.contains(code) }
            if isKnown { return position + 1 }
        }
        return nil
    }
}
