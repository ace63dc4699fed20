internal import Node

/// One field of a form.
struct FormField: Hashable, Sendable {
    let name: String
    let value: String
}

/// Reads what browsers send for forms. Files are not accepted: each field is a text.
enum Form {
    /// `application/x-www-form-urlencoded` (WHATWG URL section 5).
    static func urlencoded(_ body: [UInt8]) throws(Failure) -> [FormField] {
        var fields: [FormField] = []
        for pair in body.split(separator: UInt8(ascii: "&")) {
            guard fields.count < GatewayLimits.formFieldsMax else { throw Failure(.tooLarge) }
            let halves = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(halves[0], plusIsSpace: true),
                let value = PercentEncoding.decode(
                    halves.count == 2 ? halves[1] : [], plusIsSpace: true)
            else { throw Failure(.badText) }
            fields.append(FormField(name: name, value: value))
        }
        return fields
    }

    /// `multipart/form-data` (RFC 7578). Linear in the body.
    static func multipart(_ body: [UInt8], boundary: String) throws(Failure) -> [FormField] {
        let delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter needs no line break before it.
        let bytes = [0x0D, 0x0A] + body
        guard var position = find(delimiter, in: bytes, from: 0) else { throw Failure(.badRequest) }
        var fields: [FormField] = []
        while true {
            position += delimiter.count
            if bytes[position...].starts(with: [0x2D, 0x2D]) { return fields }
            while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 {
                position += 1
            }
            guard bytes[position...].starts(with: [0x0D, 0x0A]),
                let end = find(delimiter, in: bytes, from: position)
            else { throw Failure(.badRequest) }
            guard fields.count < GatewayLimits.formFieldsMax else { throw Failure(.tooLarge) }
            fields.append(try field(bytes[(position + 2)..<max(position + 2, end)]))
            position = end
        }
    }

    /// One part: header lines, an empty line, the content.
    private static func field(_ part: ArraySlice<UInt8>) throws(Failure) -> FormField {
        let bytes = Array(part)
        guard let split = find([0x0D, 0x0A, 0x0D, 0x0A], in: bytes, from: 0),
            let header = String(validating: bytes[..<split], as: UTF8.self)
        else { throw Failure(.badRequest) }
        guard let value = String(validating: bytes[(split + 4)...], as: UTF8.self) else {
            throw Failure(.badText)
        }
        for line in header.split(separator: "\r\n")
        where line.lowercased().hasPrefix("content-disposition:") {
            guard let name = parameter("name", of: line) else { break }
            return FormField(name: name, value: value)
        }
        throw Failure(.badRequest)
    }

    private static func parameter(_ name: String, of line: Substring) -> String? {
        for part in line.split(separator: ";").dropFirst() {
            let text = part.drop(while: { $0 == " " })
            guard text.hasPrefix(name + "=\""), text.hasSuffix("\""), text.count > name.count + 2
            else { continue }
            return String(text.dropFirst(name.count + 2).dropLast())
        }
        return nil
    }

    /// The first place of `needle` at or after `start`.
    private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= needle.count else { return nil }
        var position = start
        while position <= bytes.count - needle.count {
            if bytes[position] == needle[0], bytes[position...].starts(with: needle) {
                return position
            }
            position += 1
        }
        return nil
    }
}

/// `%41` and, in forms, `+` (RFC 3986 section 2.1).
enum PercentEncoding {
    /// Nil when an escape is broken or the result is not UTF-8.
    static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit)
                else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
