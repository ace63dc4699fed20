/// The limits of searching.
package enum SearchLimits {
    /// Unicode scalars of what is typed into a search field.
    package static let queryScalarsMax = 256
    /// Words, bigrams and operators of one query.
    package static let clausesMax = 16
    /// Unicode scalars of a text that are looked at; a message has fewer.
    package static let textScalarsMax = 8_192
    /// Unicode scalars of one term; a longer word is cut into pieces.
    package static let termScalarsMax = 40
    /// From how many letters on a word is found in the middle of others.
    package static let partScalarsMin = 3
    /// Hits of one page.
    package static let hitsMax = 100
    /// Messages in one segment of the index: the lowest byte of a sequence number.
    package static let segmentBits: UInt64 = 8
    /// Entries that one piece of indexing reads.
    package static let pieceEntriesMax = 1_024
    /// How far the index may be behind before it is not asked at all: what comes after it is read
    /// message by message.
    package static let tailEntriesMax: UInt64 = 4_096
    /// Terms of a chat that one part of a word may stand for; a more common one is no help.
    package static let termsMax = 2_048
    /// Bytes of a chat's list of words that are looked through.
    package static let wordListBytesMax = 16 << 20
    /// Messages and postings that one search of one chat looks at before it answers with what it
    /// has.
    package static let workMax = 8_000
    /// The same for each of many chats that are searched at once, at least.
    package static let workMin = 2_000
    /// Ranges of one text that are marked as hits.
    package static let marksMax = 64
}
