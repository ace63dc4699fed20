import Identity

/// Appends the registry's binary form: numbers as varints (7 bits a byte, least significant first),
/// texts and bytes behind their length.
struct RegistryWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func count(_ value: Int) { number(UInt64(value)) }

    mutating func blob(_ value: [UInt8]) {
        count(value.count)
        bytes.append(contentsOf: value)
    }

    mutating func text(_ value: String) { blob(Array(value.utf8)) }

    mutating func wide(_ value: some WideID) { bytes.append(contentsOf: value.bytes) }

    mutating func list<Element>(
        _ values: [Element], _ write: (inout RegistryWriter, Element) -> Void
    ) {
        count(values.count)
        for value in values { write(&self, value) }
    }
}
