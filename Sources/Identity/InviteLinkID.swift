/// Which invite link of a chat: the id of the command that made it, so that a retry makes no other.
/// Anybody who sees the chat may know it; what lets people in is the link's ``InviteSecret``.
package struct InviteLinkID: WideID {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The id of the link that the command `cmid` makes.
    package init(_ cmid: MessageID) {
        self.init(high: cmid.high, low: cmid.low)
    }
}
