/// A 128-bit identifier that is unique without asking anybody.
///
/// The text form, used in JSON, in URLs and in logs, is 32 lowercase hexadecimal digits. The order
/// is that of the text.
package protocol WideID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The more significant 64 bits.
    var high: UInt64 { get }
    /// The less significant 64 bits.
    var low: UInt64 { get }
    /// Makes the identifier of two halves.
    init(high: UInt64, low: UInt64)
}

extension WideID {
    /// How many bytes the binary form has.
    package static var byteCount: Int { 16 }

    /// A fresh identifier of 128 bits from `generator`.
    package init(using generator: inout some RandomNumberGenerator) {
        self.init(high: generator.next(), low: generator.next())
    }

    /// Reads the binary form: 16 bytes, big-endian; nil for any other length.
    package init?(bytes: some Collection<UInt8>) {
        let halves =
            bytes.withContiguousStorageIfAvailable {
                WideHalves.halves(of: UnsafeRawBufferPointer($0))
            }
            ?? Array(bytes).withUnsafeBytes { WideHalves.halves(of: $0) }
        guard let halves else { return nil }
        self.init(high: halves.high, low: halves.low)
    }

    /// Reads the text form: exactly 32 lowercase hexadecimal digits; nil for anything else.
    package init?(text: some StringProtocol) {
        var text = String(text)
        guard let halves = text.withUTF8({ WideHalves.halves(ofDigits: $0) }) else { return nil }
        self.init(high: halves.high, low: halves.low)
    }

    /// The binary form: 16 bytes, big-endian.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        for half in [high, low] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: half >> UInt64(shift)))
            }
        }
        return bytes
    }

    /// The text form.
    package var text: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        for half in [high, low] {
            for shift in stride(from: 60, through: 0, by: -4) {
                let value = UInt8(truncatingIfNeeded: half >> UInt64(shift)) & 0xF
                digits.append(
                    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The text form.
    package var description: String { text }

    /// Orders like the text form.
    package static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.high, lhs.low) < (rhs.high, rhs.low)
    }
}

/// Reads both forms of an identifier for every type at once: generic code is many times as slow
/// where the compiler does not see both sides.
private enum WideHalves {
    static func halves(of bytes: UnsafeRawBufferPointer) -> (high: UInt64, low: UInt64)? {
        guard bytes.count == 16 else { return nil }
        return (
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }

    static func halves(
        ofDigits digits: UnsafeBufferPointer<UInt8>
    ) -> (high: UInt64, low: UInt64)? {
        guard digits.count == 32 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for digit in digits {
            let value: UInt64
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = UInt64(digit - UInt8(ascii: "a")) + 10
            default: return nil
            }
            high = high << 4 | low >> 60
            low = low << 4 | value
        }
        return (high, low)
    }
}
