/// Logarithms in integers: cores use no floating point, whose last bits differ between platforms.
enum LogarithmTable {
    /// ln(n) in millionths, for n in 1...9.
    private static let natural: [UInt64] = [
        0, 693_147, 1_098_612, 1_386_294, 1_609_438, 1_791_759, 1_945_910, 2_079_442, 2_197_225,
    ]
    /// log10(n) in thousandths, for n in 1...10.
    private static let decimal: [UInt64] = [0, 301, 477, 602, 699, 778, 845, 903, 954, 1_000]

    /// The largest `required` of ``decayThousandths(confirmations:required:)``.
    static let confirmationsMax = 8

    /// log(confirmations + 1) / log(required + 1), in thousandths, at most 1,000 (Lifeguard IV-B).
    static func decayThousandths(confirmations: Int, required: Int) -> UInt64 {
        precondition((0...confirmationsMax).contains(required), "the table ends there")
        guard confirmations < required else { return 1_000 }
        return natural[max(0, confirmations)] * 1_000 / natural[required]
    }

    /// log10(count) in thousandths; between two leading digits it is interpolated.
    static func decimalThousandths(_ count: Int) -> UInt64 {
        guard count > 1 else { return 0 }
        var power = 1
        var whole: UInt64 = 0
        while count / power >= 10 {
            power *= 10
            whole += 1_000
        }
        let digit = count / power
        let low = decimal[digit - 1]
        let high = decimal[digit]
        return whole + low + (high - low) * UInt64(count % power) / UInt64(power)
    }

    /// ceil(log10(count + 1)): the number of decimal digits of `count`, at least 1.
    static func digits(_ count: Int) -> Int {
        var digits = 1
        var rest = count / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        return digits
    }
}
