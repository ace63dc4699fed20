package import FoundationEssentials
package import SwiftProtobuf

extension Message {
    /// The bytes of this record; equal records have equal bytes.
    package func recordBytes() -> [UInt8] { RecordCoding.encoded(self) }

    /// Reads a record; nil when the bytes are not one.
    package init?(recordBytes bytes: [UInt8]) {
        guard let message = RecordCoding.decoded(bytes, as: Self.self) else { return nil }
        self = message
    }
}

/// The form that a record's field of bytes has, so that cores need not name Foundation's type.
package func recordField(_ bytes: [UInt8]) -> Data { Data(bytes) }
