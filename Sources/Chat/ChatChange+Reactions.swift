internal import Identity
internal import Storage

extension ChatChange {
    /// The actor says `emoji` of the message `target` instead of what it said before; nil takes
    /// that back. Saying what it says already changes nothing.
    mutating func react(
        to target: SequenceNumber, with emoji: String?
    ) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard emoji.map({ EmojiCluster.isOne($0) }) ?? true else { return try refused(.badEmoji) }
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored) {
            return try refused(rejection)
        }
        guard let message = try chats.entry(target, of: command.chat), message.n > .zero else {
            return try refused(.badTarget)
        }
        guard case .text = message.kind else { return try refused(.messageDeleted) }
        let before = message.reactions
        if before?.emoji(of: actor) == emoji {
            return ChatOutcome(
                result: .accepted(
                    ChatReceipt(seq: stored.head.seq, n: .zero, time: stored.headTime)))
        }
        guard let groups = ChatReactions.groups(before?.groups ?? [], with: emoji, of: actor)
        else { return try refused(.tooManyReactions) }
        let (receipt, published) = chats.append(
            .reacted(target, emoji: emoji, tallies: ChatReactions.tallies(of: groups)),
            from: actor, at: command.time, to: command.chat, &stored)
        assert(target < receipt.seq, "a reaction is to an earlier message")
        try chats.replace(
            message.with(ChatReactions(seq: receipt.seq, groups: groups)), in: command.chat)
        stored.changedSeq = receipt.seq
        try chats.put(stored, as: command.chat)
        return ChatOutcome(result: .accepted(receipt), published: [published])
    }
}
