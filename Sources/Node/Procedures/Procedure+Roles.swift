internal import Chat
internal import Identity
internal import Storage
internal import Wire

// Who is what in a chat, who stays out, and what plain members may.
extension ProcedureContext {
    /// The steps of a request of these kinds.
    func roleFlow(of request: ClientRequest) -> Flow {
        switch request {
        case .setRole(let account, let chat, let member, let isAdmin, let cmid):
            receipt(chat, cmid, by: account, .setRole(member, isAdmin: isAdmin))
        case .setOwner(let account, let chat, let member, let cmid):
            receipt(chat, cmid, by: account, .setOwner(member))
        case .ban(let account, let chat, let other, let isOn, let cmid):
            receipt(chat, cmid, by: account, isOn ? .ban(other) : .unban(other))
        case .banned(let account, let chat): banned(account, chat)
        case .describeChat(let account, let chat, let about, let cmid):
            describe(account, chat, about, cmid)
        case .setPermissions(let account, let chat, let permissions, let cmid):
            receipt(chat, cmid, by: account, .setPermissions(ChatPermissions(permissions)))
        default: .failed(.internal)
        }
    }

    private func banned(_ account: AccountID, _ chat: ChatID) -> Flow {
        .ask(ShardKey(chat), .banned(chat, for: account)) { response in
            guard case .banned(let accounts) = response else { return .failed(.internal) }
            return .done(.banned(accounts))
        }
    }

    /// One request may give a chat other names and say what it is about; so these are two commands
    /// by their ids.
    private func describe(
        _ account: AccountID, _ chat: ChatID, _ about: String, _ cmid: MessageID
    ) -> Flow {
        let context = self
        let command = ChatCommand(
            chat: chat, cmid: cmid.derived(0), actor: account, time: wall,
            body: .describe(about: about))
        return .command(.chat(command)) { response in
            guard case .receipt(let receipt) = response else { return .failed(.internal) }
            return context.summary(account, chat) {
                .done(.renamed(ClientChat($0, for: account), Receipt(receipt)))
            }
        }
    }
}
