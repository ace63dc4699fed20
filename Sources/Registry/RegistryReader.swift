import Identity

/// Reads what ``RegistryWriter`` wrote, and refuses everything else: bytes never trap.
struct RegistryReader {
    private let bytes: [UInt8]
    private var position = 0

    /// Reads from the first byte.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var remaining: Int { bytes.count - position }

    /// The next byte.
    mutating func byte(_ field: String) throws(RegistryError) -> UInt8 {
        guard remaining > 0 else { throw .truncated(field: field) }
        position += 1
        return bytes[position - 1]
    }

    /// The next number; only its shortest form is accepted.
    mutating func number(_ field: String) throws(RegistryError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let next = try byte(field)
            // The tenth byte has room for one bit; a zero after the first byte is not shortest.
            guard shift < 63 || next <= 1, shift == 0 || next != 0 else {
                throw .invalid(field: field)
            }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw .invalid(field: field)
    }

    /// The next number, within the range of `type`.
    mutating func number<Number: FixedWidthInteger>(
        _ field: String, as type: Number.Type
    ) throws(RegistryError) -> Number {
        guard let value = Number(exactly: try number(field)) else {
            throw .tooLarge(field: field, max: Int(clamping: Number.max))
        }
        return value
    }

    /// The next truth value.
    mutating func flag(_ field: String) throws(RegistryError) -> Bool {
        switch try byte(field) {
        case 0: return false
        case 1: return true
        default: throw .invalid(field: field)
        }
    }

    /// The next bytes, at most `limit` of them.
    mutating func blob(_ field: String, max limit: Int) throws(RegistryError) -> [UInt8] {
        let count = try number(field)
        guard count <= UInt64(limit) else { throw .tooLarge(field: field, max: limit) }
        guard Int(count) <= remaining else { throw .truncated(field: field) }
        position += Int(count)
        return Array(bytes[position - Int(count)..<position])
    }

    /// The next text, at most `limit` bytes of valid UTF-8.
    mutating func text(_ field: String, max limit: Int) throws(RegistryError) -> String {
        let blob = try blob(field, max: limit)
        guard let text = String(validating: blob, as: UTF8.self) else {
            throw .invalid(field: field)
        }
        return text
    }

    /// The next 128-bit id.
    mutating func wide<ID: WideID>(_ field: String) throws(RegistryError) -> ID {
        guard remaining >= 16 else { throw .truncated(field: field) }
        guard let id = ID(bytes: bytes[position..<position + 16]) else {
            throw .invalid(field: field)
        }
        position += 16
        return id
    }

    /// Reads a list; every element takes at least one byte, so the count cannot make us allocate
    /// more than what arrived.
    mutating func list<Element>(
        _ field: String, max limit: Int,
        _ read: (inout RegistryReader) throws(RegistryError) -> Element
    ) throws(RegistryError) -> [Element] {
        let count = try number(field)
        guard count <= UInt64(limit) else { throw .tooLarge(field: field, max: limit) }
        guard Int(count) <= remaining else { throw .truncated(field: field) }
        var elements: [Element] = []
        elements.reserveCapacity(Int(count))
        for _ in 0..<Int(count) { elements.append(try read(&self)) }
        return elements
    }

    /// Nothing may follow.
    func finish() throws(RegistryError) {
        guard remaining == 0 else { throw .trailingBytes }
    }
}
