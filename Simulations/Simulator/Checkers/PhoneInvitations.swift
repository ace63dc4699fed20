package import Identity
package import Wire

/// Who signs up with a phone number that was invited becomes a member of the chat, unless the
/// inviter may have lost the right to it, or the chat may be over. Linear in the entries.
package struct PhoneInvitations {
    private struct Awaited {
        let phone: String
        let chat: ChatID
        let inviter: AccountID
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many invitations led to a membership.
    package private(set) var acceptedCount: UInt64 = 0
    private var awaited: [Awaited] = []
    // Looked up only.
    private var admitted: [ChatID: Set<AccountID>] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// The cluster waits for somebody with this number.
    package mutating func awaits(_ phone: String, in chat: ChatID, by inviter: AccountID) {
        awaited.append(Awaited(phone: phone, chat: chat, inviter: inviter))
    }

    /// A replica holds exactly these entries of `chat`.
    package mutating func holds(_ entries: [ClientEntry], of chat: ChatID) {
        var accounts: Set<AccountID> = []
        for entry in entries {
            switch entry.content {
            case .created: if let from = entry.from { accounts.insert(from) }
            case .memberAdded(let account, _), .memberBanned(let account, _):
                accounts.insert(account)
            default: break
            }
        }
        admitted[chat] = accounts
    }

    /// All logs are known, and who has which number; `mayLack` says whether the inviter may have
    /// been too late.
    package mutating func judge(
        accounts: [String: AccountID], mayLack: (ChatID, AccountID) -> Bool
    ) {
        for one in awaited {
            guard let account = accounts[one.phone] else { continue }
            if admitted[one.chat]?.contains(account) ?? false {
                acceptedCount += 1
            } else if !mayLack(one.chat, one.inviter) {
                violations.append(
                    Violation(
                        property: "phone invitations",
                        words: "\(account) has \(one.phone) and was never in \(one.chat)"))
            }
        }
    }
}
