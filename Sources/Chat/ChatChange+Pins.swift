internal import Identity
internal import Storage

extension ChatChange {
    /// Pins the message `target` for everybody, or takes the pin away. What is so already changes
    /// nothing.
    mutating func pin(
        _ target: SequenceNumber, isOn: Bool
    ) throws(StorageError) -> ChatOutcome {
        guard let actor = command.actor else { return try refused(.forbidden) }
        guard var stored = try chats.chat(command.chat) else { return try refused(.notFound) }
        if let rejection = try rejectionOfOutsider(actor, stored, needing: .pin) {
            return try refused(rejection)
        }
        guard let message = try chats.entry(target, of: command.chat), message.n > .zero else {
            return try refused(.badTarget)
        }
        if stored.pins.contains(target) == isOn {
            return ChatOutcome(
                result: .accepted(
                    ChatReceipt(seq: stored.head.seq, n: .zero, time: stored.headTime)))
        }
        if isOn {
            guard case .text = message.kind else { return try refused(.messageDeleted) }
            guard stored.pins.count < ChatLimits.pinsMax else {
                return try refused(.tooManyPins)
            }
        }
        let (receipt, published) = chats.append(
            isOn ? .pinned(target) : .unpinned(target), from: actor, at: command.time,
            to: command.chat, &stored)
        stored.pins = StoredChat.pins(stored.pins, with: target, isOn: isOn)
        // A pin is a line by itself; to take it away is none.
        if !isOn { stored.changedSeq = receipt.seq }
        try chats.put(stored, as: command.chat)
        return ChatOutcome(result: .accepted(receipt), published: [published])
    }
}

extension StoredChat {
    /// `pins`, ascending, with `target` among them or not. Linear.
    static func pins(
        _ pins: [SequenceNumber], with target: SequenceNumber, isOn: Bool
    ) -> [SequenceNumber] {
        let others = pins.filter { $0 != target }
        return isOn ? (others + [target]).sorted() : others
    }
}

extension ChatInvariants {
    /// Recounts the pins from the entries that set them: linear.
    static func violations(
        ofPins chat: ChatID, _ stored: StoredChat, _ state: ChatState<StateView>
    ) throws(StorageError) -> [String] {
        var pins: [SequenceNumber] = []
        for pair in try state.state.pairs(
            prefix: Keyspace.chatEntries(chat), after: nil, countMax: .max)
        {
            switch try ChatEntry(decoding: pair.value).kind {
            case .pinned(let target): pins = StoredChat.pins(pins, with: target, isOn: true)
            case .unpinned(let target), .messageDeleted(let target, _):
                pins = StoredChat.pins(pins, with: target, isOn: false)
            default: break
            }
        }
        return pins == stored.pins ? [] : ["12: \(stored.pins) are pinned, not \(pins)"]
    }
}
