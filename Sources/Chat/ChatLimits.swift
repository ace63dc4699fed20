package import Determinism

/// The limits of chats.
package enum ChatLimits {
    /// Unicode scalars of a message.
    package static let textScalarsMax = 4_096
    /// UTF-8 bytes of a message.
    package static let textBytesMax = 16 << 10
    /// How long after a message its words may be changed, by the times of the log.
    package static let editTimeMax = Interval.seconds(48 * 3_600)
    /// How far back is looked for the newest line when that is deleted.
    package static let shownDistanceMax: UInt64 = 1_000
    /// Ordinals of deleted messages told at once.
    package static let erasedMax = 1_000
    /// Unicode scalars of a chat's short name.
    package static let nameScalarsMax = 32
    /// Unicode scalars of a chat's full name, which may be empty.
    package static let fullNameScalarsMax = 128
    /// Unicode scalars of what a chat is about, which may be nothing.
    package static let aboutScalarsMax = 255
    /// UTF-8 bytes of that.
    package static let aboutBytesMax = 1_020
    /// Accounts that stay out of one chat.
    package static let bannedMax = 1_000
    /// Members of one chat.
    package static let membersMax = 1_000
    /// Read marks told at once.
    package static let marksMax = 1_000
    /// Different emoji that are said of one message.
    package static let reactionEmojiMax = 20
    /// People who react to one message.
    package static let reactorsMax = 1_000
    /// Those who reacted first with an emoji that everybody is told of.
    package static let reactorsShownMax = 3
    /// Pinned messages of one chat.
    package static let pinsMax = 100
    /// Invite links of one chat that are kept.
    package static let linksMax = 100
    /// The greatest limit of uses of a link.
    package static let linkUsesMax: UInt64 = 100_000
    /// How much later than the entry before it an entry is at least.
    package static let timeStep = Interval.milliseconds(1)
}
