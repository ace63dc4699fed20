package import Identity

/// What a signed-in client shows: the account and session that say where to look, and a 256-bit secret
/// of which the cluster keeps only the hash.
///
/// The text form, in the cookie and as bearer, is 128 lowercase hexadecimal digits:
/// account ‖ session ‖ secret.
package struct SessionToken: Hashable, Sendable {
    package let account: AccountID
    package let session: SessionID
    /// 32 bytes.
    package let secret: [UInt8]

    package init(account: AccountID, session: SessionID, secret: [UInt8]) {
        precondition(secret.count == SessionToken.secretByteCount, "a secret has 32 bytes")
        self.account = account
        self.session = session
        self.secret = secret
    }

    /// How many bytes a secret has.
    package static let secretByteCount = 32
    /// How many characters the text form has.
    package static let textCount = 128

    /// Reads the text form; nil for anything else.
    package init?(text: String) {
        guard text.utf8.count == SessionToken.textCount,
            let bytes = Hexadecimal.bytes(text),
            let account = AccountID(bytes: bytes[0..<16]),
            let session = SessionID(bytes: bytes[16..<32])
        else { return nil }
        self.init(account: account, session: session, secret: Array(bytes[32...]))
    }

    /// The text form. A secret: for the client alone, never for a log.
    package var text: String {
        Hexadecimal.text(account.bytes + session.bytes + secret)
    }
}

/// Bytes as lowercase hexadecimal digits.
enum Hexadecimal {
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil unless `text` is an even count of lowercase digits.
    static func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for digit in text.utf8 {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let half = high {
                bytes.append(half << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
