internal import Determinism
package import Identity
package import Wire

/// No link lets more people in than its limit, none after its expiry or its revocation, and each
/// join that was acknowledged is a membership. Linear in the entries and the acknowledgements.
package struct InviteLinks {
    private struct Place: Hashable {
        let chat: ChatID
        let link: InviteLinkID
    }

    /// Somebody was told that it is in.
    private struct Join {
        let account: AccountID
        let head: SequenceNumber
        let isMember: Bool
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How many entries of the logs are joins by a link.
    package private(set) var joinCount: UInt64 = 0
    // Looked up only.
    private var asked: [Place: ClientLinkTerms] = [:]
    private var revoked: [Place: SequenceNumber] = [:]
    private var joins: [ChatID: [Join]] = [:]
    private var listed: [ChatID: [ClientLink]] = [:]
    /// The chats whose logs are known, in the order in which they were met.
    private var chats: [ChatID] = []
    private var logs: [ChatID: [ClientEntry]] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// Somebody wants a link like this, which the command's id names.
    package mutating func asks(_ terms: ClientLinkTerms, of chat: ChatID, as link: InviteLinkID) {
        asked[Place(chat: chat, link: link)] = terms
    }

    /// The end of a link was acknowledged when the log had come to `seq`.
    package mutating func revoked(
        _ link: InviteLinkID, of chat: ChatID, at seq: SequenceNumber
    ) {
        let place = Place(chat: chat, link: link)
        revoked[place] = min(revoked[place] ?? seq, seq)
    }

    /// A join was acknowledged with the chat as it was then.
    package mutating func joined(_ chat: ClientChat, by account: AccountID) {
        joins[chat.id, default: []].append(
            Join(account: account, head: chat.head.seq, isMember: chat.role != .visitor))
    }

    /// In the end, when nothing changes any more, somebody is told of these links.
    package mutating func lists(_ links: [ClientLink], of chat: ChatID) {
        listed[chat, default: []] += links
    }

    /// A replica holds exactly these entries of `chat`.
    package mutating func holds(_ entries: [ClientEntry], of chat: ChatID) {
        if logs[chat] == nil { chats.append(chat) }
        logs[chat] = entries
    }

    /// All logs are known.
    package mutating func judge() {
        for chat in chats {
            guard let log = logs[chat] else { continue }
            judgeUses(of: chat, log)
            judgeJoins(of: chat, log)
        }
    }

    private mutating func judgeUses(of chat: ChatID, _ log: [ClientEntry]) {
        var uses: [InviteLinkID: UInt64] = [:]
        for entry in log {
            guard case .memberAdded(_, let link?) = entry.content else { continue }
            let place = Place(chat: chat, link: link)
            joinCount += 1
            uses[link, default: 0] += 1
            guard let terms = asked[place] else {
                report("\(entry) of \(chat) is a use of a link that nobody asked for")
                continue
            }
            if let limit = terms.uses, uses[link, default: 0] > limit {
                report("\(link) of \(chat) lets \(uses[link, default: 0]) in and not \(limit)")
            }
            if let expires = terms.expires, entry.time >= expires {
                report("\(link) of \(chat) lets somebody in at \(entry.seq), after its expiry")
            }
            if let end = revoked[place], entry.seq > end {
                report("\(link) of \(chat) was revoked at \(end) and is used at \(entry.seq)")
            }
        }
        for link in listed[chat] ?? [] where link.used != uses[link.id] ?? 0 {
            report("\(link.id) of \(chat) counts \(link.used) uses, not \(uses[link.id] ?? 0)")
        }
    }

    private mutating func judgeJoins(of chat: ChatID, _ log: [ClientEntry]) {
        var members: Set<AccountID> = []
        var former: Set<AccountID> = []
        var next = 0
        for join in (joins[chat] ?? []).sorted(by: { $0.head < $1.head }) {
            while next < log.count, log[next].seq <= join.head {
                switch log[next].content {
                case .created: if let from = log[next].from { members.insert(from) }
                case .memberAdded(let account, _): members.insert(account)
                case .memberRemoved(let account), .memberBanned(let account, _):
                    if members.remove(account) != nil { former.insert(account) }
                default: break
                }
                next += 1
            }
            let isRight =
                members.contains(join.account)
                || (!join.isMember && former.contains(join.account))
            if !isRight {
                report("\(join.account) was told that it joined \(chat) at \(join.head) at most")
            }
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "invite links", words: words))
    }
}
