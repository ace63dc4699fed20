import Chat
import Determinism
import Identity
import Storage

/// A shard in memory with one chat.
private struct ShardBench {
    private let shard = ShardID(3)
    private let chat = ChatID(high: 7, low: 7)
    private let author = AccountID(high: 1, low: 1)
    private var store = MemoryStore()
    private var stateHash: UInt64 = 0
    private var time: UInt64 = 1_700_000_000_000
    private var generator = SeededGenerator(seed: 1)

    init() {
        apply(.create(kind: .private, name: "tea", fullName: "Tea at five"))
        apply(.send(text: sampleText))
    }

    /// Applies one command as a batch of its own, as on a node with little to do.
    mutating func apply(_ body: ChatCommand.Body) {
        time += 1
        let command = ChatCommand(
            chat: chat, cmid: MessageID(milliseconds: time, using: &generator), actor: author,
            time: WallTime(milliseconds: time), body: body)
        var state = StateTransaction(shard: shard, base: store, stateHash: stateHash)
        let outcome = must { try ChatMachine.apply(command, to: &state) }
        guard case .accepted = outcome.result else { preconditionFailure("\(outcome.result)") }
        stateHash = state.stateHash
        store.apply(state.takeBatch())
    }
}

func chatBenchmarks() {
    measure("chat-message-applied", prepare: { ShardBench() }) { shard, count in
        for _ in 0..<count { shard.apply(.send(text: sampleText)) }
    }
    measure("chat-mark-applied", prepare: { ShardBench() }) { shard, count in
        for _ in 0..<count { shard.apply(.mark(Ordinal(1))) }
    }
}
