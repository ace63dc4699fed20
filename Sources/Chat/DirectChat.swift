internal import Determinism
package import Identity

/// The one chat of two people, or of one with itself, of which both are members for good.
///
/// Its id is a function of the two, so that whoever opens it, on any node and at the same moment,
/// comes to the same log of the same shard: what came first makes it, the others find it.
package enum DirectChat {
    /// The entry that opens it, by which it gets into the lists of its members.
    package static let openingSeq = SequenceNumber(1)

    /// The id of the chat of two accounts, whichever is named first.
    ///
    /// The bytes are longer than those that name any other chat, and begin with a word of their
    /// own. Nobody chooses the id of an account, so that none can be made to meet another pair's.
    package static func id(of one: AccountID, and other: AccountID) -> ChatID {
        let bytes = Array("direct".utf8) + min(one, other).bytes + max(one, other).bytes
        return ChatID(high: StableHash.of(bytes, seed: 1), low: StableHash.of(bytes, seed: 2))
    }
}
