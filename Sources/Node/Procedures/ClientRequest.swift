package import Determinism
package import Identity
package import Wire

/// Everything that the HTTP routes and the session hubs ask of a node.
///
/// Requests that name an account come after authentication: the account is who asks. A request that
/// changes something carries the client's `cmid` (or `Idempotency-Key`); repeating it with the same id,
/// on any node, gives the first result. Texts are as the client sent them: the shards check them.
package enum ClientRequest: Hashable, Sendable {
    /// Keeps the hash of a code that is about to be sent to `phone`. Answers `.codeRequested`, or
    /// `tooMany` with a time to wait; the code may be sent only after the answer.
    case requestCode(phone: String, codeHash: [UInt8], cmid: MessageID)
    /// Exchanges a code for a session. Answers `.signedIn`.
    case signIn(SignIn)
    /// Whether the session is open and the secret is its own. Answers `.granted` or `unauthorised`.
    case authenticate(account: AccountID, session: SessionID, secretHash: [UInt8])
    /// Uses up a resume ticket and gives its session a further secret. Answers `.granted`, once.
    case redeemTicket(TicketExchange)
    /// Answers `.account`.
    case me(AccountID)
    /// Answers `.account`. A nil `username` stays as it is.
    case setProfile(AccountID, name: String, username: String?, cmid: MessageID)
    /// Sets who may know when the account was last there. Answers `.account`.
    case setLastSeenRule(AccountID, ClientLastSeenRule, cmid: MessageID)
    /// Names of at most 100 accounts. Answers `.people`; unknown ones are left out.
    case people([AccountID], by: AccountID)
    /// Answers `.devices`.
    case sessions(AccountID)
    /// Answers `.done`, also when the session was closed before.
    case closeSession(AccountID, SessionID, cmid: MessageID)
    /// Puts a star at a message, or takes it away. Answers `.done`, also when it was so before.
    case star(AccountID, MessagePlace, isOn: Bool, cmid: MessageID)
    /// Where the account has stars. Answers `.stars`.
    case stars(AccountID)
    /// Closes every session of the account. Answers `.done`.
    case closeAllSessions(AccountID, cmid: MessageID)
    /// My chats and the public rooms. Answers `.chats`.
    case chats(AccountID)
    /// One chat with its members. Answers `.chat`.
    case chat(AccountID, ChatID)
    /// Answers `.chat`. The new chat's id is a function of the account and `cmid`.
    case createChat(
        AccountID, kind: ClientChatKind, name: String, fullName: String, cmid: MessageID)
    /// Opens the direct chat with somebody, which is made if there is none. Answers `.chat`.
    case openChat(AccountID, with: Invitee, cmid: MessageID)
    /// Answers `.renamed`.
    case renameChat(AccountID, ChatID, name: String, fullName: String, cmid: MessageID)
    /// Answers `.receipt`.
    case deleteChat(AccountID, ChatID, cmid: MessageID)
    /// Makes somebody a member. Answers `.person`, also when that account is a member already;
    /// `.awaited` when nobody has the phone number, to which a message is to be sent then.
    case invite(AccountID, ChatID, Invitee, cmid: MessageID)
    /// Ends a membership: that of another, for owner and admins, or one's own. Answers `.receipt`.
    case removeMember(AccountID, ChatID, AccountID, cmid: MessageID)
    /// At most `limit` (100) entries before or after a number; neither: the newest. Answers `.page`.
    case history(
        AccountID, ChatID, before: SequenceNumber?, after: SequenceNumber?, limit: Int)
    /// Messages that somebody looks for, in one chat or in all of the account's. Answers `.found`.
    case search(AccountID, MessageSearch)
    /// What a log has after a position. Answers `.difference` or `.tooLong`.
    case difference(AccountID, LogID, from: LogCursor)
    /// A message, which may answer an earlier one of the chat. Answers `.receipt`.
    case send(
        AccountID, ChatID, text: String, replyTo: SequenceNumber? = nil, cmid: MessageID)
    /// The words of a message that the account may read, with who wrote them first. Answers
    /// `.receipt`, or `badForward`.
    case forward(AccountID, ChatID, source: MessagePlace, cmid: MessageID)
    /// Other words for a message of one's own. Answers `.receipt`.
    case edit(AccountID, ChatID, target: SequenceNumber, text: String, cmid: MessageID)
    /// Takes the words of a message for everybody. Answers `.receipt`.
    case deleteMessage(AccountID, ChatID, target: SequenceNumber, cmid: MessageID)
    /// I have read up to `n`. Answers `.done`.
    case mark(AccountID, ChatID, n: Ordinal)
    /// Makes a member an admin, or an admin a plain member. Answers `.receipt`.
    case setRole(AccountID, ChatID, AccountID, isAdmin: Bool, cmid: MessageID)
    /// Passes the chat to a member. Answers `.receipt`.
    case setOwner(AccountID, ChatID, AccountID, cmid: MessageID)
    /// Keeps an account out of a chat, or lets it come again. Answers `.receipt`.
    case ban(AccountID, ChatID, AccountID, isOn: Bool, cmid: MessageID)
    /// Who is kept out of a chat. Answers `.banned`.
    case banned(AccountID, ChatID)
    /// Says what a chat is about. Answers `.renamed`.
    case describeChat(AccountID, ChatID, about: String, cmid: MessageID)
    /// Turns the switches of plain members: those that are named are on. Answers `.receipt`.
    case setPermissions(AccountID, ChatID, [ClientPermission], cmid: MessageID)
    /// Says an emoji of a message, or takes back what was said (nil). Answers `.receipt`.
    case react(AccountID, ChatID, target: SequenceNumber, emoji: String?, cmid: MessageID)
    /// Pins a message for everybody, or takes the pin away. Answers `.receipt`.
    case pin(AccountID, MessagePlace, isOn: Bool, cmid: MessageID)
    /// Makes a link by which others join, with this secret. Answers `.links` with it alone.
    case makeLink(AccountID, ChatID, ClientLinkTerms, InviteSecret, cmid: MessageID)
    /// The links that the account may revoke. Answers `.links`.
    case links(AccountID, ChatID)
    /// Ends a link. Answers `.receipt`, also when there was none.
    case revokeLink(AccountID, ChatID, InviteLinkID, cmid: MessageID)
    /// What a secret shows of the chat before one joins. Answers `.invitation`, or `badLink`.
    case invitation(AccountID, ChatID, InviteSecret)
    /// Joins by the link with this secret. Answers `.chat`, or `badLink`.
    case join(AccountID, ChatID, InviteSecret, cmid: MessageID)
    /// Changes what the account keeps about a chat. Answers `.settingsChanged`.
    case setChat(AccountID, ChatID, ClientSettingsChange, cmid: MessageID)
    /// What the account keeps about its chats. Answers `.chatSettings`.
    case chatSettings(AccountID)
    /// Keeps what was begun in a chat; an empty text: nothing any more. Answers `.draftSaved`.
    case setDraft(
        AccountID, ChatID, text: String, replyTo: SequenceNumber?, cmid: MessageID)
    /// What the account began to write in one chat, or in all. Answers `.drafts`.
    case drafts(AccountID, of: ChatID?)
    /// How a password is kept, to be compared outside. Answers `.password`, also for an unknown
    /// name, after as many steps.
    case password(PasswordOwner)
    /// Makes an account with a username and a password. Answers `.signedIn`, or `nameTaken`.
    case signUp(SignUp)
    /// Opens a session for who gave the password. Answers `.signedIn`, or `passwordWrong` when it
    /// was changed meanwhile.
    case signInByPassword(PasswordSignIn)
    /// Sets the password of the account. Answers `.done`, or `passwordWrong` when the change is not
    /// proven.
    case setPassword(AccountID, NewPassword, cmid: MessageID)
    /// Gives an account without a phone the number that the code was sent to. Answers `.account`,
    /// `phoneTaken` or the refusals of a code.
    case setPhone(AccountID, phone: String, codeHash: [UInt8], cmid: MessageID)
}

/// A code typed in by somebody who wants a session.
///
/// `session` and the secret behind `secretHash` should be functions of `cmid` under a key of the
/// cluster, so that a retry answers with the same token.
package struct SignIn: Hashable, Sendable {
    package let phone: String
    package let codeHash: [UInt8]
    /// What the client calls itself; at most 64 characters.
    package let device: String
    /// The id that the account gets if the phone has none yet.
    package let newAccount: AccountID
    package let session: SessionID
    package let secretHash: [UInt8]
    package let cmid: MessageID

    package init(
        phone: String, codeHash: [UInt8], device: String, newAccount: AccountID, session: SessionID,
        secretHash: [UInt8], cmid: MessageID
    ) {
        self.phone = phone
        self.codeHash = codeHash
        self.device = device
        self.newAccount = newAccount
        self.session = session
        self.secretHash = secretHash
        self.cmid = cmid
    }
}

/// Whose password is asked for.
package enum PasswordOwner: Hashable, Sendable {
    case account(AccountID)
    /// As it was typed; letters of ASCII count as lowercase.
    case username(String)
}

/// An account to be made with a username and a password.
///
/// `account`, `session` and the secret behind `secretHash` should be functions of the username, the
/// password and `cmid` under a key of the cluster, so that a retry answers with the same token and
/// nobody else gets it.
package struct SignUp: Hashable, Sendable {
    package let name: String
    package let username: String
    /// What was made of the password: 1 to 256 bytes, which only who made them looks into.
    package let hash: String
    /// What the client calls itself; at most 64 characters.
    package let device: String
    package let account: AccountID
    package let session: SessionID
    package let secretHash: [UInt8]
    package let cmid: MessageID

    package init(
        name: String, username: String, hash: String, device: String,
        account: AccountID, session: SessionID, secretHash: [UInt8], cmid: MessageID
    ) {
        self.name = name
        self.username = username
        self.hash = hash
        self.device = device
        self.account = account
        self.session = session
        self.secretHash = secretHash
        self.cmid = cmid
    }
}

/// Another password, and why it may be set.
package struct NewPassword: Hashable, Sendable {
    /// What was made of it; as in ``SignUp/hash``.
    package let hash: String
    /// The number of the password that was given, 0 where there is none yet; nil: a code has opened
    /// the session just now.
    package let replaced: UInt64?
    /// Whose change it is: the session that stays open.
    package let session: SessionID

    package init(hash: String, replaced: UInt64?, session: SessionID) {
        self.hash = hash
        self.replaced = replaced
        self.session = session
    }
}

/// A session for who gave the right password.
package struct PasswordSignIn: Hashable, Sendable {
    package let account: AccountID
    /// Which of the account's passwords was given.
    package let number: UInt64
    /// What the client calls itself; at most 64 characters.
    package let device: String
    package let session: SessionID
    package let secretHash: [UInt8]
    package let cmid: MessageID

    package init(
        account: AccountID, number: UInt64, device: String, session: SessionID,
        secretHash: [UInt8], cmid: MessageID
    ) {
        self.account = account
        self.number = number
        self.device = device
        self.session = session
        self.secretHash = secretHash
        self.cmid = cmid
    }
}

/// A resume ticket whose seal and expiry have been checked.
package struct TicketExchange: Hashable, Sendable {
    package let account: AccountID
    package let session: SessionID
    /// What makes the ticket single.
    package let nonce: [UInt8]
    package let expiry: WallTime
    /// The hash of the secret that the session's new bearer carries.
    package let secretHash: [UInt8]

    package init(
        account: AccountID, session: SessionID, nonce: [UInt8], expiry: WallTime,
        secretHash: [UInt8]
    ) {
        self.account = account
        self.session = session
        self.nonce = nonce
        self.expiry = expiry
        self.secretHash = secretHash
    }
}

/// Whom to invite, or to write to.
package enum Invitee: Hashable, Sendable {
    case account(AccountID)
    case username(String)
    /// E.164.
    case phone(String)
}
