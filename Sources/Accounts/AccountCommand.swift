package import Determinism
package import Identity
internal import Storage

/// A change of one account; what the log of the account's shard replicates.
package struct AccountCommand: Hashable, Sendable {
    /// What is to change.
    package enum Body: Hashable, Sendable {
        /// Opens a session, makes the account if there is none, and closes the session that was
        /// idle longest when there are too many.
        case openSession(NewSession)
        /// Closes one session.
        case closeSession(SessionID)
        /// Closes all sessions.
        case closeAllSessions
        /// Exchanges a resume ticket for one more secret of the open session.
        case redeemTicket(TicketRedemption)
        /// The session is in use. Keeps no result under its `cmid`.
        case touchSession(SessionID)
        /// Sets the display name.
        case setProfile(name: String)
        /// Sets the username, which has been claimed under this command's `cmid` before.
        case setUsername(String)
        /// Puts the chat into the list; `seq` is the chat's entry that says so, the later one wins.
        /// Keeps no result under its `cmid`.
        case listChat(ChatID, at: SequenceNumber)
        /// Takes the chat off the list. Keeps no result under its `cmid`.
        case unlistChat(ChatID, at: SequenceNumber)
        /// Puts a star at the message of the chat; that there is one, and that the account may read
        /// it, is not looked at: a star tells nothing about it.
        case star(ChatID, SequenceNumber)
        /// Takes the star away.
        case unstar(ChatID, SequenceNumber)
        /// Changes what the account keeps about a chat.
        case setChat(ChatID, ChatSettingsChange)
        /// Keeps what was begun in a chat; an empty text: nothing any more.
        case setDraft(ChatID, text: String, replyTo: SequenceNumber?)
        /// Makes an account with a username, which has been claimed under this command's `cmid`
        /// before, and a password, and opens its first session.
        case signUp(NewAccount)
        /// Sets the password.
        case setPassword(PasswordChange)
        /// Sets the phone number of an account that has none; it has been claimed before.
        case setPhone(PhoneNumber)
        /// The account was there until then. Keeps no result under its `cmid`.
        case see(at: WallTime)
        /// Sets who may know when the account was last there.
        case setLastSeenRule(LastSeenRule)
    }

    /// The account.
    package let account: AccountID
    /// The client's id of this command: a retry carries the same one and gets the first result.
    package let cmid: MessageID
    /// The proposer's clock, cut to ``Determinism/WallTime/proposedMax``.
    package let time: WallTime
    /// What is asked.
    package let body: Body

    /// A time beyond `WallTime.proposedMax` is brought back to it.
    package init(account: AccountID, cmid: MessageID, time: WallTime, body: Body) {
        self.account = account
        self.cmid = cmid
        self.time = min(time, .proposedMax)
        self.body = body
    }
}

/// The session to open.
package struct NewSession: Hashable, Sendable {
    /// What was shown to be let in.
    package enum Proof: Hashable, Sendable {
        /// A code sent to this number, which becomes the account's when it has none.
        case phone(PhoneNumber)
        /// The password of this number; worth nothing once another one is set.
        case password(UInt64)
    }

    /// What was shown.
    package let proof: Proof
    /// Chosen at random by the node.
    package let session: SessionID
    /// The hash of the session's secret; 64 bytes at most.
    package let secretHash: [UInt8]
    /// What the person's device calls itself; cut to 64 characters.
    package let device: String

    package init(proof: Proof, session: SessionID, secretHash: [UInt8], device: String) {
        self.proof = proof
        self.session = session
        self.secretHash = secretHash
        self.device = device
    }
}

/// An account that begins with a username and a password.
package struct NewAccount: Hashable, Sendable {
    /// The display name.
    package let name: String
    /// The claimed username.
    package let username: String
    /// What was made of its first password; see ``PasswordChange/hash``.
    package let hash: String
    /// Its first session, by the password 1.
    package let session: NewSession

    package init(name: String, username: String, hash: String, session: NewSession) {
        self.name = name
        self.username = username
        self.hash = hash
        self.session = session
    }
}

/// Another password, and why it may be set.
package struct PasswordChange: Hashable, Sendable {
    /// What was made of the new one, outside: 1 to 256 bytes that accounts do not look into.
    package let hash: String
    /// The number of the password that was given, 0 where there is none yet; nil: the session was
    /// opened by a code within ``AccountLimits/passwordResetWindow``.
    package let replaced: UInt64?
    /// Whose change it is: the session that stays.
    package let session: SessionID

    package init(hash: String, replaced: UInt64?, session: SessionID) {
        self.hash = hash
        self.replaced = replaced
        self.session = session
    }
}

/// A resume ticket, verified outside, that is to be used once.
package struct TicketRedemption: Hashable, Sendable {
    /// The session that it is bound to.
    package let session: SessionID
    /// What makes it single; 1 to 64 bytes.
    package let nonce: [UInt8]
    /// It is worth nothing from then on; an hour ahead at most.
    package let expires: WallTime
    /// The hash of the new secret; 64 bytes at most.
    package let newSecretHash: [UInt8]

    /// An expiry beyond `WallTime.proposedMax` is brought back to it.
    package init(
        session: SessionID, nonce: [UInt8], expires: WallTime, newSecretHash: [UInt8]
    ) {
        self.session = session
        self.nonce = nonce
        self.expires = min(expires, .proposedMax)
        self.newSecretHash = newSecretHash
    }
}
