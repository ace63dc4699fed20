package import Identity
package import Node
internal import Wire

/// Who searches finds what is there and nothing else: a message that was told to them before they
/// asked, unless somebody wanted it deleted; and every hit has the words that were looked for, once
/// and in order, whatever became of the index.
package struct Search {
    /// A message that somebody looks for, by a part of its first word that no other has.
    package struct Wish: Hashable, Sendable {
        /// Where it is.
        package let chat: ChatID
        package let seq: SequenceNumber
        /// What is typed.
        package let part: String
        /// Whether all chats are searched.
        package let isEverywhere: Bool

        package init(chat: ChatID, seq: SequenceNumber, part: String, isEverywhere: Bool) {
            self.chat = chat
            self.seq = seq
            self.part = part
            self.isEverywhere = isEverywhere
        }
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many searches were answered.
    package private(set) var answeredCount: UInt64 = 0

    /// Nothing has happened yet.
    package init() {}

    /// The search for `wish` was answered; the message `mayBeGone` when somebody wanted it or its
    /// chat deleted, or who searches may be no member any more.
    package mutating func answered(
        _ found: FoundMessages, to wish: Wish, mayBeGone: Bool, by whom: String
    ) {
        answeredCount += 1
        for hit in found.hits { judge(hit, wish, whom) }
        for (newer, older) in zip(found.hits, found.hits.dropFirst())
        where older.entry.time > newer.entry.time
            || older.chat == newer.chat && older.entry.seq >= newer.entry.seq
        {
            report("\(whom) found \(newer.entry) of \(newer.chat) before \(older.entry)")
        }
        guard !mayBeGone, !found.isPartial, found.next == nil else { return }
        let isThere = found.hits.contains { $0.chat == wish.chat && $0.entry.seq == wish.seq }
        if !isThere { report("\(whom) did not find \(wish.seq) of \(wish.chat), which it knows") }
    }

    private mutating func judge(_ hit: FoundMessage, _ wish: Wish, _ whom: String) {
        if !wish.isEverywhere, hit.chat != wish.chat {
            report("\(whom) searched \(wish.chat) and found \(hit.entry) of \(hit.chat)")
        }
        guard case .text(let text, _) = hit.entry.content else {
            return report("\(whom) found \(hit.entry), which is no message")
        }
        let units = Array(text.utf16)
        let isMarked = hit.marks.contains { mark in
            mark.upperBound <= units.count
                && String(decoding: units[mark], as: UTF16.self).contains(wish.part)
        }
        if !isMarked { report("\(whom) looked for \(wish.part) and found \(hit.entry)") }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "search", words: words))
    }
}
