package import Determinism

/// Six digits that prove who reads the messages to a phone.
package struct SignInCode: Hashable, Sendable {
    /// The digits, as many as ``digitCount``.
    package let text: String

    /// How many codes there are.
    static let count: UInt64 = 1_000_000
    /// How many digits a code has.
    package static let digitCount = 6

    /// Whether `text` has the form of one.
    static func isCode(_ text: String) -> Bool {
        text.utf8.count == digitCount
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    init(number: UInt64) {
        precondition(number < SignInCode.count, "six digits are enough")
        let digits = String(number)
        text = String(repeating: "0", count: SignInCode.digitCount - digits.count) + digits
    }
}

/// The port through which sign-in codes and invitations leave: a gateway for short messages, or the
/// console.
package protocol CodeSender: Sendable {
    /// Sends `code`, good until `expires`, to `phone` (E.164). An error means that it was surely
    /// not sent; the person may ask again.
    func send(_ code: SignInCode, to phone: String, expires: WallTime) async throws
    /// Sends an invitation to `phone` (E.164). An error means that it was surely not sent.
    func send(_ invitation: InvitationMessage, to phone: String) async throws
}
