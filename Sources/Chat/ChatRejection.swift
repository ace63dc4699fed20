/// Why a command of a chat was refused: a value, not an error. The raw value is the protocol's
/// code.
package enum ChatRejection: String, Hashable, CaseIterable, Sendable {
    /// The text is empty, too long or has control characters.
    case badText
    /// What the message answers is not an earlier message of this chat.
    case badReply
    /// What was to be forwarded is no message that the actor may read.
    case badForward
    /// What is to be changed is not a message of this chat.
    case badTarget
    /// Only the one who sent the message may do this.
    case notSender
    /// The message was deleted.
    case messageDeleted
    /// The message was sent too long ago.
    case tooOld
    /// The name or full name is empty, too long or has control characters.
    case badName
    /// The chat does not exist, is deleted, or is none of the actor's business.
    case notFound
    /// The actor is no longer a member, or not one where only members may.
    case notMember
    /// The actor's role in the chat, and the chat's switches, do not let it do this.
    case noRight
    /// The account is kept out of the chat.
    case banned
    /// Nobody who asks like this may do it: the cluster, or whoever would ban itself.
    case forbidden
    /// The chat exists already, made by another command.
    case conflict
    /// A direct chat stays as it is: it has its two members, no name, and nobody owns it.
    case directChat
    /// The chat has as many members as it may.
    case tooLarge
    /// The command's id is older than results are kept for; it was not and will not be done.
    case cmidExpired
    /// The command's id is from a time that is still to come.
    case cmidInFuture
    /// What was said of the message is not one emoji.
    case badEmoji
    /// The message has as many emoji, or as many who reacted, as it may.
    case tooManyReactions
    /// The chat has as many pinned messages as it may.
    case tooManyPins
    /// The link lets nobody in: there is none with this secret, or it has expired, is used up, held
    /// up or revoked.
    case badLink
    /// The link would expire before it is made, or later than any time may be; or its limit of
    /// uses is none or too great.
    case badTerms
    /// The chat has as many invite links as it may, none of which has expired or is used up.
    case tooManyLinks

    /// The stable code of the client protocol.
    package var code: String { rawValue }

    /// Reads a stored code; those of before there were roles, too.
    init?(stored code: String) {
        self.init(rawValue: code == "notCreator" ? ChatRejection.noRight.rawValue : code)
    }
}
