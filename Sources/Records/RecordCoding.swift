package import SwiftProtobuf

/// How records become bytes and back: protobuf in deterministic order, so that equal records have
/// equal bytes on every node.
package enum RecordCoding {
    /// The bytes of `message`. Records have no required fields, so encoding cannot fail.
    package static func encoded(_ message: some Message) -> [UInt8] {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        do {
            return try message.serializedBytes(partial: true, options: options)
        } catch {
            preconditionFailure("a record without required fields has an encoding: \(error)")
        }
    }

    /// The message in `bytes`; nil when they are none.
    package static func decoded<Record: Message>(
        _ bytes: [UInt8], as _: Record.Type = Record.self
    ) -> Record? {
        try? Record(serializedBytes: bytes)
    }
}
