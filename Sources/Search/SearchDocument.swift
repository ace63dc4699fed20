package import Determinism
package import Identity
package import Storage

/// A message, or a change of one, as search sees it.
package struct SearchDocument: Hashable, Sendable {
    /// What the entry is.
    package enum Content: Hashable, Sendable {
        /// A message with the words that it has now.
        case message(String, isReply: Bool, isEdited: Bool)
        /// A change of the message at this place.
        case change(of: SequenceNumber)
        /// Nothing that can be found.
        case other
    }

    /// The place in the chat's log.
    package let seq: SequenceNumber
    /// When; grows along the log.
    package let time: WallTime
    /// Who; nil is the cluster.
    package let from: AccountID?
    /// What.
    package let content: Content

    package init(seq: SequenceNumber, time: WallTime, from: AccountID?, content: Content) {
        self.seq = seq
        self.time = time
        self.from = from
        self.content = content
    }

    /// Whether `text` has a link, as clients show one: `http://` or `https://` and something after
    /// it.
    package static func hasLink(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        for scheme in schemes {
            var from = 0
            while let place = ByteSearch.place(of: scheme, in: bytes, from: from) {
                let next = place + scheme.count
                if next < bytes.count, bytes[next] > 0x20 { return true }
                from = next
            }
        }
        return false
    }

    private static let schemes = [Array("http://".utf8), Array("https://".utf8)]

    /// The terms of the message, sorted and each once, and how many of them at the front are facts
    /// and no words; none when it is no message.
    var terms: (all: [[UInt8]], factCount: Int) {
        guard case .message(let text, let isReply, let isEdited) = content else { return ([], 0) }
        var facts: [[UInt8]] = []
        if let from { facts.append(SearchFact.sender(from)) }
        if SearchDocument.hasLink(text) { facts.append(SearchFact.link) }
        if isReply { facts.append(SearchFact.reply) }
        if isEdited { facts.append(SearchFact.edited) }
        return (facts + SearchTerm.terms(of: FoldedText(text)), facts.count)
    }
}

/// Facts of messages as terms: none begins as a word can.
enum SearchFact {
    static func sender(_ account: AccountID) -> [UInt8] { [0x01, 0x01] + hex(account.bytes) }

    static let link: [UInt8] = [0x01, 0x02]
    static let reply: [UInt8] = [0x01, 0x03]
    static let edited: [UInt8] = [0x01, 0x04]

    /// Terms have no zeros: two bytes for each, both above.
    private static func hex(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { [0x10 + ($0 >> 4), 0x10 + ($0 & 0x0F)] }
    }
}

/// Where the messages of a chat are read.
package protocol SearchSource {
    /// The newest entries before `before`, newest first, at most `countMax`; fewer only at the
    /// log's beginning or when they are large, but one at least when there is one.
    func documents(
        before: SequenceNumber, countMax: Int
    ) throws(StorageError) -> [SearchDocument]

    /// One entry; nil when there is none.
    func document(at seq: SequenceNumber) throws(StorageError) -> SearchDocument?
}
