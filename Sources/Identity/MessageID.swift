/// The client-chosen id of a command (`cmid`), a UUIDv7 (RFC 9562 section 5.7): its first 48 bits
/// are the milliseconds since 1970 at which the client made it.
///
/// A retry carries the same id and so gets the first result. The binary and hexadecimal forms are
/// those of ``WideID``; clients may also write it in the dashed form of a UUID.
package struct MessageID: WideID {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a version 7 id of `milliseconds` since 1970 and 74 bits from `generator`.
    package init(milliseconds: UInt64, using generator: inout some RandomNumberGenerator) {
        let random: UInt64 = generator.next()
        high = milliseconds << 16 | 0x7000 | random & 0x0FFF
        low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    /// Milliseconds since 1970 at which the client made this id, by the client's own clock.
    package var milliseconds: UInt64 { high >> 16 }

    /// Reads 32 hexadecimal digits, or the dashed form of a UUID; lower or upper case. Nil for
    /// anything else, and for a UUID of another version than 7.
    package init?(clientText: String) {
        let digits = clientText.utf8.filter { $0 != UInt8(ascii: "-") }
        let dashes = clientText.utf8.count - digits.count
        guard dashes == 0 || dashes == 4 else { return nil }
        let text = String(decoding: digits, as: UTF8.self).lowercased()
        guard let id = MessageID(text: text), id.high >> 12 & 0xF == 7 else { return nil }
        self = id
    }
}
