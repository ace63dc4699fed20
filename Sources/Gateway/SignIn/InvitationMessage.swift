/// A short message that tells a phone number, which nobody has claimed, that somebody invites it.
package struct InvitationMessage: Hashable, Sendable {
    /// A longer name is none: the message is the cluster's, and not a place for other texts.
    private static let nameScalarsMax = 32

    /// What the phone shows.
    package let text: String

    /// `inviter` is a name, which is told if it looks like one; `page` is the address of the
    /// cluster.
    package init(inviter: String, page: String) {
        let who = InvitationMessage.isName(inviter) ? inviter : "Somebody"
        text = "\(who) invites you to a chat on Chaticket. Sign up with this number: \(page)"
    }

    /// Whether a text is made of letters, and of what joins them in names: an address, a number or
    /// a sentence is not.
    private static func isName(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        return (1...nameScalarsMax).contains(scalars.count)
            && scalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter,
                    .otherLetter, .nonspacingMark, .spacingMark:
                    true
                default: scalar == " " || scalar == "-" || scalar == "'" || scalar == "’"
                }
            }
    }
}
