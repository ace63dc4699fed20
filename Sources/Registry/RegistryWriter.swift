import Identity

/// Appends the registry's binary form: numbers as varints (7 bits a byte, least significant first),
/// texts and bytes behind their length.
struct RegistryWriter {
    /// What was written so far.
    private(set) var bytes: [UInt8] = []

    /// One byte as it is.
    mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// A varint.
    mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A count that is not negative.
    mutating func count(_ value: Int) { number(UInt64(value)) }

    /// Bytes behind their length.
    mutating func blob(_ value: [UInt8]) {
        count(value.count)
        bytes.append(contentsOf: value)
    }

    /// A text behind its length.
    mutating func text(_ value: String) { blob(Array(value.utf8)) }

    /// A 128-bit id.
    mutating func wide(_ value: some WideID) { bytes.append(contentsOf: value.bytes) }

    /// Elements behind their count.
    mutating func list<Element>(
        _ values: [Element], _ write: (inout RegistryWriter, Element) -> Void
    ) {
        count(values.count)
        for value in values { write(&self, value) }
    }
}
