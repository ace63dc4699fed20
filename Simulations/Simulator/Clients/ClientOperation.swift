internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// One thing that a person wants of the HTTP interface, through as many tries as it takes.
struct ClientOperation {
    /// What is to be done with the answer.
    enum Purpose: Hashable {
        case requestCode
        case signIn
        case profile
        case firstChats
        case create
        case createPublic
        case invite(ChatID)
        /// The direct chat with somebody.
        case open(AccountID)
        /// Ends a membership.
        case remove(ChatID)
        /// Gives, takes or passes on rights, keeps somebody out or lets them in, or tries to.
        case rights(ChatID)
        /// Looks whether the person is in the chat, having heard that it is not.
        case lookAgain(ChatID)
        case history(ChatID)
        /// Somebody else's chat.
        case probe(ChatID)
        /// A message that the person knows.
        case search(Search.Wish)
        /// Messages in somebody else's chat.
        case searchProbe(ChatID)
        case chats
        case rename(ChatID)
        /// Somebody else's chat.
        case renameForeign(ChatID)
        case delete(ChatID)
        case me
        /// A message past the client's outbox. A repetition of an older one keeps its old place.
        case post(ChatID, MessageID, isRepetition: Bool)
        /// What must be refused with one of these.
        case nonsense([FailureCode])
        /// Closes sessions: those of the revocation with this number.
        case revoke(Int)
        /// A step of a member of the big chat.
        case crowd(Int)
        /// A write, to see that it can be done.
        case liveness
        case finalChats
        /// A star that is put at a message or taken away.
        case star
        /// A message that is pinned in the chat, or is so no longer.
        case pin(ChatID)
        case makeLink(ChatID)
        case revokeLink(ChatID, InviteLinkID)
        /// Somebody who has not signed up, by the phone number.
        case inviteAway(ChatID, String)
        /// What a link shows of its chat.
        case invitation(ChatID)
        /// Joins by a link.
        case join(ChatID)
        case finalLinks(ChatID)
        case finalStars
        /// What the account keeps about a chat is changed.
        case setChat(ChatID, ClientSettingsChange)
        case finalSettings
        /// What is begun in a chat is kept.
        case setDraft(ChatID)
        case finalDrafts
        /// The password of this number is set.
        case setPassword(UInt64)
        /// How the account's password is kept; the oldest that it may be when this is asked.
        case askPassword(floor: UInt64)
        /// A session by the password of this number.
        case signInByPassword(UInt64, floor: UInt64)
        /// Who may know when the account was last there is set.
        case setLastSeenRule
        /// A page of all that a chat has.
        case finalHistory(ChatID)
        /// The members of the big chat.
        case finalMembers(ChatID)
        /// Makes a public chat of this name, to see whether it is taken.
        case finalName(String, isTaken: Bool)

        /// It is tried until it succeeds.
        var isEssential: Bool {
            switch self {
            case .requestCode, .signIn, .profile, .firstChats, .finalChats, .finalStars,
                .finalSettings, .finalDrafts, .finalHistory, .finalMembers, .finalName, .revoke,
                .liveness, .finalLinks, .setPassword, .askPassword, .signInByPassword:
                true
            default: false
            }
        }

        /// The chat that it is about.
        var chat: ChatID? {
            switch self {
            case .invite(let chat), .history(let chat), .probe(let chat), .rename(let chat),
                .renameForeign(let chat), .delete(let chat), .post(let chat, _, _),
                .remove(let chat), .lookAgain(let chat), .finalHistory(let chat),
                .finalMembers(let chat), .searchProbe(let chat), .rights(let chat), .pin(let chat),
                .inviteAway(let chat, _), .makeLink(let chat), .revokeLink(let chat, _),
                .invitation(let chat),
                .join(let chat), .finalLinks(let chat),
                .setChat(let chat, _), .setDraft(let chat):
                chat
            case .search(let wish): wish.chat
            default: nil
            }
        }
    }

    let id: UInt64
    let person: Int
    let purpose: Purpose
    let request: ClientRequest
    let begun: Instant
    /// What was acknowledged in the chat that it is about, when it was begun.
    let floor: SequenceNumber
    /// Where that chat was known to reach then.
    let known: SequenceNumber
    /// What the cluster had said before of the chats that it lists.
    let listFloors: [ListFloor]
    /// Whether it counts for the share of operations that succeed, and has not been counted.
    var counts: Bool
    var attempt: UInt64 = 0
    var node = 0
    /// How long it was told to wait because its person asks too often.
    var heldBack = Interval.zero
    var isWaiting = false

    /// What a list that is asked for now must at least say of a chat.
    struct ListFloor {
        let chat: ChatID
        let head: SequenceNumber
        let mark: Ordinal
    }
}
