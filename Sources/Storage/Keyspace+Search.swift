package import Identity

/// What a key of the index of messages is for. The index is derived of one generation of a shard's
/// state and goes with it; it is in no snapshot and in no hash.
///
/// | kind | rest of the key | value |
/// | --- | --- | --- |
/// | `cursor` | | seq (8): entries up to it are in the index |
/// | `posting` | term ‖ 0x00 ‖ segment (4), complemented ‖ source | the lowest byte of each message with the term |
/// | `word` | term | the rest of the key of the `words` that has it |
/// | `words` | seq (8), complemented | words that were new then: 0x00 ‖ word ‖ 0x00 ‖ word ‖ … ‖ 0x00 |
/// | `stale` | seq (8) ‖ seq (8) of the change | terms that the message had before: term ‖ 0x00 ‖ term ‖ … |
///
/// A segment is the 256 messages whose sequence numbers are the same but for the lowest byte. Its
/// postings of one term may be in several pairs, told apart by their source: the lowest byte of the
/// last entry that was read for it, or the sequence number (8) of an edit that changed messages of
/// an earlier segment.
package enum SearchKind: UInt8, Sendable {
    case cursor = 0x01
    case posting = 0x02
    case word = 0x03
    case words = 0x04
    case stale = 0x05
}

extension Keyspace {
    /// What all that is derived of one generation of a shard begins with in the `search` family.
    package static func searchPrefix(_ shard: ShardID, generation: UInt8) -> [UInt8] {
        statePrefix(shard, generation: generation)
    }

    /// What the keys of `kind` of `chat` begin with under a ``searchPrefix(_:generation:)``.
    package static func search(
        _ prefix: [UInt8], _ kind: SearchKind, _ chat: ChatID
    ) -> [UInt8] {
        prefix + [kind.rawValue] + chat.bytes
    }

    /// What the postings of a term begin with that lie at `segment` or below; newer segments come
    /// first.
    package static func postings(
        _ chatPostings: [UInt8], _ term: [UInt8], from segment: UInt32
    ) -> [UInt8] {
        chatPostings + term + [0] + bytes(~segment)
    }
}
