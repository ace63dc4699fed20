package import Accounts
package import Identity
internal import Placement

/// What a thing is found by: its hash says the shard.
///
/// A chat's key is its id, an account's (with inbox, sessions and chat list) its id, and that of a
/// claimed phone number or name the claim's text.
package struct ShardKey: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package init(_ chat: ChatID) { bytes = chat.bytes }

    package init(_ account: AccountID) { bytes = account.bytes }

    package init(_ claim: ClaimKey) { bytes = claim.bytes }

    package init(_ log: LogID) {
        switch log {
        case .chat(let chat): self.init(chat)
        case .inbox(let account): self.init(account)
        }
    }

    /// The shard of `count` shards, a power of two: the uppermost bits of the hash.
    package func shard(count: UInt32) -> ShardID {
        ShardMap.shard(forKey: bytes, shardCount: Int(count))
    }
}
