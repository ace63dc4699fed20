package import Determinism

/// The limits of accounts and claims.
package enum AccountLimits {
    /// Open sessions an account.
    package static let sessionsMax = 20
    /// Chats in an account's list.
    package static let chatsMax = 2_000
    /// Stars of an account.
    package static let starsMax = 10_000
    /// Chats that an account has pinned.
    package static let pinsMax = 5
    /// Drafts of an account.
    package static let draftsMax = 100
    /// Unicode scalars of a draft: those of a message.
    package static let draftScalarsMax = 4_096
    /// UTF-8 bytes of a draft: those of a message.
    package static let draftBytesMax = 16_384
    /// Secrets of one session that are good at the same time.
    package static let secretsMax = 4
    /// Unicode scalars of a display name.
    package static let nameScalarsMax = 64
    /// Unicode scalars of a device's name.
    package static let deviceScalarsMax = 64
    /// Bytes of a hash or a nonce.
    package static let hashBytesMax = 64
    /// How far ahead a ticket may expire.
    package static let ticketLifetimeMax = Interval.seconds(3_600)
    /// How long after its end a redeemed ticket is remembered at least: more than clocks may
    /// differ.
    package static let ticketSlack = Interval.seconds(3_600)
    /// How many remembered tickets one redemption looks at.
    package static let ticketsForgottenMax = 16
    /// Uses of a session closer together than this are noted once.
    package static let touchInterval = Interval.seconds(600)
    /// UTF-8 bytes of what was made of a password.
    package static let passwordHashBytesMax = 256
    /// How long after a sign-in by a code a forgotten password may be replaced.
    package static let passwordResetWindow = Interval.seconds(600)
    /// Digits of a sign-in code.
    package static let codeDigits = 6
    /// How long a sign-in code is good.
    package static let codeLifetime = Interval.seconds(300)
    /// Wrong tries of one code.
    package static let codeTriesMax = 5
    /// The shortest time between two codes for one phone.
    package static let codeResendInterval = Interval.seconds(30)
    /// Codes for one phone within ``codeWindow``.
    package static let codesMax = 5
    /// The time in which ``codesMax`` counts.
    package static let codeWindow = Interval.seconds(3_600)
    /// Invitations that wait for one phone number.
    package static let invitationsMax = 20
    /// How long an invitation waits for its phone number.
    package static let invitationLifetime = Interval.seconds(30 * 86_400)
    /// Unicode scalars of the claimed short name of a public chat.
    package static let claimedNameScalarsMax = 32
    /// UTF-8 bytes of a claimed name: 32 scalars of 4.
    package static let claimBytesMax = 128
    /// Unfinished uses of one name by its owner.
    package static let claimsMax = 16
    /// Commands carried by a claim.
    package static let carriedMax = 4
    /// Bytes of all commands carried by a claim.
    package static let carriedBytesMax = 32 << 10
}
