package import Determinism
package import Identity

/// Why a frame or a body is not what the protocol says, with the field that is wrong.
package enum ClientFrameError: Error, Hashable, Sendable {
    /// Over the limit of bytes.
    case tooBig
    /// Not JSON as ``JSONReader`` accepts it.
    case json(JSONError)
    /// JSON, but no object.
    case notObject
    /// The `kind` is missing or not one that this side takes.
    case unknownKind(String)
    /// The field is missing.
    case missing(String)
    /// The field has a value that it may not have.
    case wrong(String)
    /// The field is over its limit.
    case tooLong(String)
}

/// Reads the fields of a JSON object with a clear error for each that is wrong; unknown fields are
/// ignored.
package struct JSONObject: Sendable {
    private let members: [JSONMember]

    /// The object that `value` is.
    package init(_ value: JSONValue) throws(ClientFrameError) {
        guard case .object(let members) = value else { throw .notObject }
        self.members = members
    }

    /// The object that `bytes` are the text of.
    package init(parsing bytes: [UInt8], byteCountMax: Int) throws(ClientFrameError) {
        guard bytes.count <= byteCountMax else { throw .tooBig }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.value(bytes)
        } catch {
            throw .json(error)
        }
        try self.init(value)
    }

    /// The value of `name`; nil when it is missing or null.
    package subscript(_ name: String) -> JSONValue? {
        guard let member = members.first(where: { $0.name == name }), member.value != .null else {
            return nil
        }
        return member.value
    }

    /// A text; `characterCountMax` counts Unicode scalars.
    package func string(
        _ name: String, characterCountMax: Int = .max
    ) throws(ClientFrameError) -> String {
        guard let text = try optionalString(name, characterCountMax: characterCountMax) else {
            throw .missing(name)
        }
        return text
    }

    /// A text that may be missing or null.
    package func optionalString(
        _ name: String, characterCountMax: Int = .max
    ) throws(ClientFrameError) -> String? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value else { throw .wrong(name) }
        guard characterCountMax == .max || text.unicodeScalars.count <= characterCountMax else {
            throw .tooLong(name)
        }
        return text
    }

    /// A whole number, zero or more.
    package func integer(_ name: String) throws(ClientFrameError) -> UInt64 {
        guard let number = try optionalInteger(name) else { throw .missing(name) }
        return number
    }

    /// A whole number, zero or more, that may be missing or null.
    package func optionalInteger(_ name: String) throws(ClientFrameError) -> UInt64? {
        guard let value = self[name] else { return nil }
        guard case .integer(let number) = value, number >= 0 else { throw .wrong(name) }
        return UInt64(number)
    }

    package func bool(_ name: String) throws(ClientFrameError) -> Bool {
        guard let value = self[name] else { throw .missing(name) }
        guard case .bool(let truth) = value else { throw .wrong(name) }
        return truth
    }

    package func array(_ name: String) throws(ClientFrameError) -> [JSONValue] {
        guard let value = self[name] else { throw .missing(name) }
        guard case .array(let values) = value else { throw .wrong(name) }
        return values
    }

    package func object(_ name: String) throws(ClientFrameError) -> JSONObject {
        guard let value = self[name] else { throw .missing(name) }
        guard case .object = value else { throw .wrong(name) }
        return try JSONObject(value)
    }

    /// An identifier in its 32 digits.
    package func id<ID: WideID>(
        _ name: String, as _: ID.Type = ID.self
    ) throws(ClientFrameError) -> ID {
        guard let id = ID(text: try string(name)) else { throw .wrong(name) }
        return id
    }

    /// An identifier that may be missing or null.
    package func optionalID<ID: WideID>(
        _ name: String, as _: ID.Type = ID.self
    ) throws(ClientFrameError) -> ID? {
        guard let text = try optionalString(name) else { return nil }
        guard let id = ID(text: text) else { throw .wrong(name) }
        return id
    }

    /// A client's id of a command, dashed or not.
    package func messageID(_ name: String) throws(ClientFrameError) -> MessageID {
        guard let id = MessageID(clientText: try string(name)) else { throw .wrong(name) }
        return id
    }

    package func seq(_ name: String = "seq") throws(ClientFrameError) -> SequenceNumber {
        SequenceNumber(try integer(name))
    }

    /// The number of an entry, 1 or more, that may be missing or null.
    package func optionalSeq(_ name: String) throws(ClientFrameError) -> SequenceNumber? {
        guard let number = try optionalInteger(name) else { return nil }
        guard number > 0 else { throw .wrong(name) }
        return SequenceNumber(number)
    }

    /// The number of the entry that a frame or another entry is about, 1 or more.
    package func target() throws(ClientFrameError) -> SequenceNumber {
        guard let target = try optionalSeq("target") else { throw .missing("target") }
        return target
    }

    package func ordinal(_ name: String = "n") throws(ClientFrameError) -> Ordinal {
        Ordinal(try integer(name))
    }

    package func wallTime(_ name: String) throws(ClientFrameError) -> WallTime {
        WallTime(milliseconds: try integer(name))
    }

    /// A length of time in milliseconds.
    package func milliseconds(_ name: String) throws(ClientFrameError) -> Interval {
        .milliseconds(min(try integer(name), JSONObject.millisecondsMax))
    }

    /// A year: longer waits are cut.
    private static let millisecondsMax: UInt64 = 31_536_000_000
}
