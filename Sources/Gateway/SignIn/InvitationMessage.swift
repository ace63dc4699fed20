/// A short message that tells a phone number, which nobody has claimed, that somebody invites it.
package struct InvitationMessage: Hashable, Sendable {
    /// What the phone shows.
    package let text: String

    /// `inviter` is a name and may be empty; `page` is the address of the cluster.
    package init(inviter: String, page: String) {
        let who = inviter.isEmpty ? "Somebody" : inviter
        text = "\(who) invites you to a chat on Chaticket. Sign up with this number: \(page)"
    }
}
