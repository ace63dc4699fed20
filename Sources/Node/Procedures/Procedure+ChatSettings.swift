internal import Accounts
internal import Identity
internal import Wire

// What an account keeps about its chats.
extension ProcedureContext {
    /// The answer has what is kept afterwards, so that who asked need not wait for its inbox.
    func setChat(
        _ account: AccountID, _ chat: ChatID, _ change: ClientSettingsChange, _ cmid: MessageID
    ) -> Flow {
        let command = AccountCommand(
            account: account, cmid: cmid, time: wall,
            body: .setChat(chat, ChatSettingsChange(change)))
        return .command(.account(command)) { response in
            guard case .accountReceipt(let receipt) = response else { return .failed(.internal) }
            return .ask(ShardKey(account), .chatSettings(account, of: chat)) { response in
                guard case .chatSettings(let settings, let inbox) = response,
                    let kept = settings.first
                else { return .failed(.internal) }
                return .done(
                    .settingsChanged(
                        ClientChatSettings(kept), told: receipt.inbox,
                        inbox: LogCursor(epoch: inbox.epoch, seq: inbox.seq)))
            }
        }
    }

    func chatSettings(_ account: AccountID) -> Flow {
        .ask(ShardKey(account), .chatSettings(account, of: nil)) { response in
            guard case .chatSettings(let settings, let inbox) = response else {
                return .failed(.internal)
            }
            return .done(
                .chatSettings(
                    settings.map { ClientChatSettings($0) },
                    inbox: LogCursor(epoch: inbox.epoch, seq: inbox.seq)))
        }
    }
}

// What it began to write in them.
extension ProcedureContext {
    func setDraft(
        _ account: AccountID, _ chat: ChatID, _ text: String, _ replyTo: SequenceNumber?,
        _ cmid: MessageID
    ) -> Flow {
        let command = AccountCommand(
            account: account, cmid: cmid, time: wall,
            body: .setDraft(chat, text: text, replyTo: replyTo))
        return .command(.account(command)) { response in
            guard case .accountReceipt(let receipt) = response else { return .failed(.internal) }
            return .done(.draftSaved(told: receipt.inbox))
        }
    }

    func drafts(_ account: AccountID, of chat: ChatID?) -> Flow {
        .ask(ShardKey(account), .drafts(account, of: chat)) { response in
            guard case .drafts(let drafts, let inbox) = response else { return .failed(.internal) }
            return .done(
                .drafts(
                    drafts.map {
                        ClientDraft(
                            chat: $0.chat, text: $0.text, replyTo: $0.replyTo, time: $0.time)
                    }, inbox: LogCursor(epoch: inbox.epoch, seq: inbox.seq)))
        }
    }
}

extension ChatSettingsChange {
    fileprivate init(_ change: ClientSettingsChange) {
        let archive: Archive? =
            switch change.archive {
            case .through(let n): .through(n)
            case .no: .no
            case nil: nil
            }
        self.init(
            mutedUntil: change.mutedUntil, isPinned: change.isPinned, archive: archive,
            isUnread: change.isUnread)
    }
}
