internal import Identity
internal import Wire

// Who types, and who is there. A node that does not know these frames says so in its welcome.
extension ClientCore {
    private var isPresent: Bool { phase == .live && knowsPresence }

    mutating func sayTyping(in chat: ChatID) {
        if isPresent { effects.append(.sendFrame(.typing(chat))) }
    }

    mutating func setActive(_ isActive: Bool) {
        guard isActive != self.isActive else { return }
        self.isActive = isActive
        if isPresent { effects.append(.sendFrame(.presence(isActive: isActive))) }
    }

    mutating func watch(_ accounts: [AccountID]) {
        let wanted = Array(Set(accounts).sorted().prefix(ClientFrame.watchedMax))
        guard wanted != watched else { return }
        watched = wanted
        if isPresent { effects.append(.sendFrame(.watch(wanted))) }
    }

    /// Another socket knows nothing of it yet.
    mutating func sayPresence() {
        guard isPresent else { return }
        if isActive { effects.append(.sendFrame(.presence(isActive: true))) }
        if !watched.isEmpty { effects.append(.sendFrame(.watch(watched))) }
    }

    /// The node may have refused what it was told, as it was too much at once.
    mutating func repeatPresence() {
        guard isPresent else { return }
        effects.append(.sendFrame(.presence(isActive: isActive)))
        effects.append(.sendFrame(.watch(watched)))
    }
}
