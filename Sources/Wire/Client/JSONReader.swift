/// A JSON value as the client protocol uses it: numbers are whole.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// Between -(2^53 - 1) and 2^53 - 1: what every client can hold exactly.
    case integer(Int64)
    case string(String)
    case array([JSONValue])
    /// In the order of the text; no name comes twice.
    case object([JSONMember])
}

/// One name and value of an object.
package struct JSONMember: Hashable, Sendable {
    package let name: String
    package let value: JSONValue

    package init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
    }
}

/// Why bytes from outside are not JSON that we accept.
package enum JSONError: Error, Hashable, Sendable {
    /// Not JSON (RFC 8259), at this byte.
    case malformed(offset: Int)
    /// Not UTF-8.
    case notUTF8
    /// Nested deeper than ``JSONReader/depthMax``.
    case tooDeep
    /// A number with a fraction or an exponent, or beyond 2^53 - 1.
    case number(offset: Int)
    /// An object has this name twice.
    case duplicate(String)
    /// Something follows the value.
    case trailing(offset: Int)
}

/// Reads JSON text (RFC 8259) strictly: whole numbers, no name twice, bounded depth, UTF-8.
package struct JSONReader {
    /// How deep arrays and objects may nest.
    package static let depthMax = 16
    /// The largest whole number that every client can hold exactly.
    package static let integerMax: Int64 = 9_007_199_254_740_991

    private let bytes: [UInt8]
    private var offset = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The value that `bytes` are the text of. Linear in their count, but quadratic in the count of one
    /// object's names, of which there are few.
    package static func value(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes)
        reader.skipSpace()
        let value = try reader.readValue(depth: 0)
        reader.skipSpace()
        guard reader.offset == bytes.count else { throw .trailing(offset: reader.offset) }
        return value
    }

    private var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func take(_ wanted: UInt8) -> Bool {
        guard byte == wanted else { return false }
        offset += 1
        return true
    }

    private mutating func readValue(depth: Int) throws(JSONError) -> JSONValue {
        switch byte {
        case UInt8(ascii: "{"): return try readObject(depth: depth)
        case UInt8(ascii: "["): return try readArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        default: return try readNumber()
        }
    }

    private mutating func readWord(
        _ word: StaticString, _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        let start = offset
        for position in 0..<word.utf8CodeUnitCount where !take(word.utf8Start[position]) {
            throw .malformed(offset: start)
        }
        return value
    }

    private mutating func readNumber() throws(JSONError) -> JSONValue {
        let start = offset
        let isNegative = take(UInt8(ascii: "-"))
        var magnitude: Int64 = 0
        let firstDigit = offset
        while let byte, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
            if offset > firstDigit, magnitude == 0 { throw .malformed(offset: start) }
            magnitude = magnitude * 10 + Int64(byte - UInt8(ascii: "0"))
            guard magnitude <= JSONReader.integerMax else { throw .number(offset: start) }
            offset += 1
        }
        guard offset > firstDigit else { throw .malformed(offset: start) }
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): throw .number(offset: start)
        default: return .integer(isNegative ? -magnitude : magnitude)
        }
    }

    private mutating func readArray(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < JSONReader.depthMax else { throw .tooDeep }
        offset += 1
        var values: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(values) }
        while true {
            skipSpace()
            values.append(try readValue(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(values) }
            guard take(UInt8(ascii: ",")) else { throw .malformed(offset: offset) }
        }
    }

    private mutating func readObject(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < JSONReader.depthMax else { throw .tooDeep }
        offset += 1
        var members: [JSONMember] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard byte == UInt8(ascii: "\"") else { throw .malformed(offset: offset) }
            let name = try readString()
            guard members.count < JSONReader.namesMax else { throw .malformed(offset: offset) }
            if members.contains(where: { $0.name == name }) { throw .duplicate(name) }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw .malformed(offset: offset) }
            skipSpace()
            members.append(JSONMember(name: name, value: try readValue(depth: depth + 1)))
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw .malformed(offset: offset) }
        }
    }

    private mutating func readString() throws(JSONError) -> String {
        offset += 1
        let start = offset
        // Most strings have no escapes and are taken as they are.
        while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            offset += 1
        }
        if byte == UInt8(ascii: "\"") {
            defer { offset += 1 }
            return try JSONReader.text(bytes[start..<offset])
        }
        var content = Array(bytes[start..<offset])
        while true {
            guard let byte, byte >= 0x20 else { throw .malformed(offset: offset) }
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return try JSONReader.text(content[...])
            case UInt8(ascii: "\\"): try readEscape(into: &content)
            default: content.append(byte)
            }
        }
    }

    private mutating func readEscape(into content: inout [UInt8]) throws(JSONError) {
        guard let byte else { throw .malformed(offset: offset) }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): try readUnicodeEscape(into: &content)
        default: throw .malformed(offset: offset - 1)
        }
    }

    private mutating func readUnicodeEscape(into content: inout [UInt8]) throws(JSONError) {
        let start = offset
        var code = try readFourDigits()
        if 0xD800..<0xDC00 ~= code {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                throw .malformed(offset: start)
            }
            let low = try readFourDigits()
            guard 0xDC00..<0xE000 ~= low else { throw .malformed(offset: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw .malformed(offset: start) }
        content.append(contentsOf: Array(String(Character(scalar)).utf8))
    }

    private mutating func readFourDigits() throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue,
                byte < 0x80
            else { throw .malformed(offset: offset) }
            code = code << 4 | UInt32(digit)
            offset += 1
        }
        return code
    }

    /// How many names one object may have.
    private static let namesMax = 64

    private static func text(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes.span))
        } catch {
            throw .notUTF8
        }
    }
}
