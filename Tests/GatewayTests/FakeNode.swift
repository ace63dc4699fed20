import Determinism
import Gateway
import Identity
import Node
import Synchronization
import Wire

/// A node of a script: one account with one session, and answers as the test says.
final class FakeNode: GatewayBackend {
    private struct State {
        var requests: [ClientRequest] = []
        var calls: [HubCall] = []
        var links: [HubLink] = []
        var script: @Sendable (ClientRequest) -> ClientResponse? = { _ in nil }
        var facts = GatewayFacts(isReady: true)
    }

    private let state = Mutex(State())

    static let account = AccountID(high: 0xA, low: 1)
    static let session = SessionID(high: 0x5, low: 1)
    static let secret = [UInt8](repeating: 7, count: 32)
    static let chatID = ChatID(high: 0xC, low: 1)
    static let clusterSecret = [UInt8](repeating: 0x42, count: 32)
    static let secretHash = GatewaySecrets(secret: clusterSecret).digest.digest(secret)
    static let grant = SessionGrant(
        account: account, session: session, name: "Ada", username: "ada",
        inbox: LogCursor(epoch: 1, seq: SequenceNumber(3)))
    static let me = ClientAccount(
        id: account, phone: "+4915112345678", name: "Ada", username: "ada", hasPassword: false)
    /// What the account's own cookie or bearer is.
    static let token = SessionToken(account: account, session: session, secret: secret).text

    /// Answers some requests otherwise than usual; nil leaves the usual answer.
    func answer(_ script: @escaping @Sendable (ClientRequest) -> ClientResponse?) {
        state.withLock { $0.script = script }
    }

    /// Answers every request but `authenticate` with a failure.
    func fail(_ code: FailureCode, retryAfter: Interval? = nil) {
        answer { request in
            if case .authenticate = request { return nil }
            return .failed(Failure(code, retryAfter: retryAfter))
        }
    }

    func setFacts(_ facts: GatewayFacts) { state.withLock { $0.facts = facts } }

    /// Every request so far but `authenticate`, those of hubs included.
    var requests: [ClientRequest] {
        state.withLock { state in
            state.requests.filter { request in
                if case .authenticate = request { return false }
                return true
            }
        }
    }

    var links: [HubLink] { state.withLock { $0.links } }

    var calls: [HubCall] { state.withLock { $0.calls } }

    // MARK: GatewayBackend

    func perform(_ request: ClientRequest) async -> ClientResponse { respond(request) }

    func attach(_ link: HubLink) { state.withLock { $0.links.append(link) } }

    func detach(_ link: HubLink) { state.withLock { $0.links.removeAll { $0 == link } } }

    func receive(_ calls: [HubCall], from link: HubLink) {
        state.withLock { $0.calls += calls }
        for call in calls {
            switch call {
            case .request(let token, let request):
                link.deliver([.response(token, respond(request))])
            case .follow(let log):
                link.deliver([.head(log, epoch: 1, .zero, marksVersion: 0)])
            case .unfollow, .signal: break
            }
        }
    }

    var facts: GatewayFacts { state.withLock { $0.facts } }

    func metrics() async -> String { "chaticket_fake 1\n" }

    private func respond(_ request: ClientRequest) -> ClientResponse {
        let script = state.withLock { state in
            state.requests.append(request)
            return state.script
        }
        return script(request) ?? usual(request)
    }

    private func usual(_ request: ClientRequest) -> ClientResponse {
        switch request {
        case .requestCode: .codeRequested(expiresIn: .seconds(300), digits: 6)
        case .signIn(let signIn): .signedIn(FakeNode.me, signIn.session)
        case .authenticate(let account, let session, let hash):
            account == FakeNode.account && session == FakeNode.session
                && hash == FakeNode.secretHash
                ? .granted(FakeNode.grant) : .failed(Failure(.unauthorised))
        case .signUp(let new): .signedIn(FakeNode.me, new.session)
        case .signInByPassword(let signIn): .signedIn(FakeNode.me, signIn.session)
        case .password: .password(nil, nil)
        case .redeemTicket: .granted(FakeNode.grant)
        case .me, .setProfile, .setPhone, .setLastSeenRule: .account(FakeNode.me)
        case .people(let ids, _): .people(ids.map { FakeNode.somebody($0) })
        case .sessions:
            .devices([
                ClientDevice(
                    id: FakeNode.session, device: "Test", created: WallTime(milliseconds: 1),
                    lastSeen: nil)
            ])
        case .chats: .chats([FakeNode.chat], inbox: LogCursor(epoch: 1, seq: SequenceNumber(3)))
        case .makeLink, .links, .invitation, .invite: invitations(request)
        case .chat, .createChat, .openChat, .join:
            .chat(
                FakeNode.chat, members: [ClientMember(account: FakeNode.account, role: .owner)])
        case .renameChat, .describeChat: .renamed(FakeNode.chat, FakeNode.receipt)
        case .history:
            .page(
                EntryPage(
                    epoch: 1, entries: [FakeNode.entry], head: FakeNode.head, tail: FakeNode.head))
        case .search:
            .found(
                FoundMessages(
                    hits: [
                        FoundMessage(chat: FakeNode.chatID, entry: FakeNode.entry, marks: [0..<4])
                    ], next: "5-\(FakeNode.chatID.text)", isPartial: false))
        case .difference(_, let log, from: _):
            .difference(
                LogDifference(
                    log: log, epoch: 1, entries: [], head: .zero, marks: nil, hasMore: false))
        case .stars:
            .stars(
                [
                    ClientStar(
                        message: MessagePlace(chat: FakeNode.chatID, seq: SequenceNumber(2)),
                        place: SequenceNumber(3))
                ], inbox: LogCursor(epoch: 1, seq: SequenceNumber(3)))
        case .banned: .banned([FakeNode.account])
        case .setRole, .setOwner, .ban, .setPermissions, .deleteChat, .removeMember, .send,
            .forward,
            .edit, .deleteMessage, .react, .pin, .revokeLink:
            .receipt(FakeNode.receipt)
        case .closeSession, .closeAllSessions, .mark, .star, .setPassword: .done
        case .setChat:
            .settingsChanged(
                FakeNode.settings, told: SequenceNumber(3),
                inbox: LogCursor(epoch: 1, seq: SequenceNumber(4)))
        case .setDraft: .draftSaved(told: SequenceNumber(4))
        case .drafts(_, let chat):
            .drafts(
                [
                    ClientDraft(
                        chat: chat ?? FakeNode.chatID, text: "begun", replyTo: SequenceNumber(2),
                        time: WallTime(milliseconds: 5))
                ], inbox: LogCursor(epoch: 1, seq: SequenceNumber(4)))
        case .chatSettings:
            .chatSettings(
                [FakeNode.settings], inbox: LogCursor(epoch: 1, seq: SequenceNumber(4)))
        }
    }

    private func invitations(_ request: ClientRequest) -> ClientResponse {
        switch request {
        case .makeLink(_, _, let terms, let secret, _): .links([FakeNode.link(terms, secret)])
        case .links:
            .links([
                FakeNode.link(
                    ClientLinkTerms(name: "", expires: nil, uses: nil),
                    InviteSecret(high: 1, low: 2))
            ])
        case .invitation(_, let chat, _):
            .invitation(
                ClientInvitation(
                    chat: chat, kind: .private, name: "tea", fullName: "", memberCount: 2,
                    isMember: false))
        case .invite(_, _, .phone("+4915112345999"), _):
            .awaited(
                AwaitedPerson(
                    phone: "+4915112345999", inviter: "Ada", expires: WallTime(milliseconds: 9)))
        default: .person(ClientPerson(id: FakeNode.account, name: "Ada", username: "ada"))
        }
    }

    static func link(_ terms: ClientLinkTerms, _ secret: InviteSecret) -> ClientLink {
        ClientLink(
            id: InviteLinkID(high: 0x1, low: 1), secret: secret, terms: terms, maker: account,
            created: WallTime(milliseconds: 5), used: 1, isHeld: false)
    }

    static func somebody(_ id: AccountID) -> ClientPerson {
        ClientPerson(id: id, name: "Somebody", username: nil)
    }

    static let settings = ClientChatSettings(
        chat: chatID, mutedUntil: WallTime(milliseconds: 9), pin: .zero, archived: Ordinal(2),
        isUnread: true)
    static let head = LogPosition(seq: SequenceNumber(2), n: Ordinal(1))
    static let receipt = Receipt(
        seq: SequenceNumber(2), n: Ordinal(1), time: WallTime(milliseconds: 5))
    static let entry = ClientEntry(
        seq: SequenceNumber(2), n: Ordinal(1), time: WallTime(milliseconds: 5), from: account,
        content: .text("hello"))
    static let chat = ClientChat(
        id: chatID, kind: .private, name: "tea", fullName: "Tea at five", creator: account,
        role: .owner, memberCount: 1, epoch: 1, head: head, mark: Ordinal(1), marksVersion: 1,
        marks: [ReadMark(account: account, n: Ordinal(1))], last: entry)
}
