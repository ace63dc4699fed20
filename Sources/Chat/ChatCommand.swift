package import Determinism
package import Identity
internal import Storage

/// Who may see a chat.
package enum ChatKind: Hashable, Sendable {
    /// Its members only.
    case `private`
    /// Every account.
    case `public`
    /// The two of whom it is, or the one who keeps notes in it: ``DirectChat``.
    case direct
}

/// The words of a message and where they are from.
package struct ForwardedMessage: Hashable, Sendable {
    package let text: String
    package let origin: ChatOrigin

    package init(text: String, origin: ChatOrigin) {
        self.text = text
        self.origin = origin
    }
}

/// A change that somebody asks of a chat; what the log of the chat's shard replicates.
package struct ChatCommand: Hashable, Sendable {
    /// What is to change.
    package enum Body: Hashable, Sendable {
        /// Makes the chat; its actor becomes the owner. A public chat's `name` has been claimed
        /// under this command's `cmid` before.
        case create(kind: ChatKind, name: String, fullName: String)
        /// Opens the direct chat of the actor and the account, making it if it is not there. The
        /// command's chat is that of the two; its proposer knows that the account exists.
        case open(with: AccountID)
        /// Appends a message, which may answer an earlier one of the chat.
        case send(text: String, replyTo: SequenceNumber? = nil)
        /// Appends a message with the words of another, which the proposer has read for the actor;
        /// nil: there was none that the actor may read. The refusal of that is kept, because an
        /// earlier try that found it may still be on its way.
        case forward(ForwardedMessage?)
        /// Gives the actor's own message `target` other words.
        case edit(target: SequenceNumber, text: String)
        /// Takes the words of a message for everybody: the actor's own, or anybody's where the
        /// actor may delete those.
        case deleteMessage(SequenceNumber)
        /// Gives the chat a new title. A public chat's `name` has been claimed under this command's
        /// `cmid` before.
        case rename(name: String, fullName: String)
        /// Deletes the chat for everybody.
        case delete
        /// Makes the account a member; in a public chat one may add oneself.
        case addMember(AccountID)
        /// Ends a membership: owner and admins may end those of who is below them, and everybody
        /// its own. When the owner leaves, the chat passes to who has been an admin longest, else
        /// to who has been a member longest; with nobody left it is deleted.
        case removeMember(AccountID)
        /// The actor has read up to the ordinal. Never goes back and keeps no result under its
        /// `cmid`.
        case mark(Ordinal)
        /// Makes a member an admin, or an admin a plain member; the owner may.
        case setRole(AccountID, isAdmin: Bool)
        /// Passes the chat to a member; who had it becomes an admin.
        case setOwner(AccountID)
        /// Keeps an account out, which ends its membership if it is a member.
        case ban(AccountID)
        /// Lets an account come again.
        case unban(AccountID)
        /// Says what the chat is about; empty for nothing.
        case describe(about: String)
        /// Turns the switches of plain members.
        case setPermissions(ChatPermissions)
        /// Says one emoji of a message instead of what the actor said of it before; nil takes that
        /// back.
        case react(to: SequenceNumber, emoji: String?)
        /// Pins a message for everybody, or takes the pin away.
        case pin(SequenceNumber, isOn: Bool)
        /// Makes a link by which others join; who may invite may.
        case makeLink(InviteLinkTerms)
        /// Ends a link: one's own, or anybody's for owner and admins.
        case revokeLink(InviteLinkID)
        /// The actor joins by the link that has this secret.
        case join(by: InviteSecret)
    }

    /// The chat.
    package let chat: ChatID
    /// The client's id of this command: a retry carries the same one and gets the first result.
    package let cmid: MessageID
    /// Who asks; nil is the cluster itself.
    package let actor: AccountID?
    /// The proposer's clock, cut to ``Determinism/WallTime/proposedMax``.
    package let time: WallTime
    /// What is asked.
    package let body: Body

    /// A time beyond `WallTime.proposedMax` is brought back to it.
    package init(
        chat: ChatID, cmid: MessageID, actor: AccountID?, time: WallTime, body: Body
    ) {
        self.chat = chat
        self.cmid = cmid
        self.actor = actor
        self.time = min(time, .proposedMax)
        self.body = body
    }
}
