internal import Determinism
internal import Identity
internal import Wire

// From the first frame to the welcome.
extension SessionHub {
    mutating func receiveHello(
        _ hello: Hello, from socket: SocketID, using generator: inout some RandomNumberGenerator
    ) {
        guard let state = sockets[socket] else { return }
        switch state.phase {
        case .granted, .anonymous:
            // What the hello brings wins over the upgrade's cookie: nodes on ports of one host share
            // cookies, and a page that comes from another of them needs the bearer of its ticket.
            if let text = hello.token {
                authenticate(socket, hello, token: text)
            } else if let text = hello.ticket {
                redeem(socket, hello, ticket: text, using: &generator)
            } else if case .granted(let grant) = state.phase {
                join(socket, grant, hello, bearer: nil)
            } else {
                close(socket, .unauthenticated, "no token")
            }
        case .authenticating, .joining, .live:
            close(socket, .malformed, "a second hello")
        }
    }

    private mutating func authenticate(_ socket: SocketID, _ hello: Hello, token text: String) {
        guard let token = SessionToken(text: text) else {
            return close(socket, .unauthenticated, "not a token")
        }
        sockets[socket]?.phase = .authenticating(hello, bearer: nil)
        sockets[socket]?.phaseDeadline = now + SessionLimits.welcomeTimeout
        _ = ask(
            .authenticate(
                account: token.account, session: token.session,
                secretHash: digest.digest(token.secret)),
            .authentication(socket))
    }

    private mutating func redeem(
        _ socket: SocketID, _ hello: Hello, ticket text: String,
        using generator: inout some RandomNumberGenerator
    ) {
        guard let ticket = ResumeTicket(text: text, digest: digest),
            ticket.isValid(origin: sockets[socket]?.origin, at: wall, digest: digest)
        else { return close(socket, .unauthenticated, "not a ticket") }
        // The cluster's key makes it a secret even where the generator is a guessable one.
        let seed = SessionID(using: &generator).bytes + SessionID(using: &generator).bytes
        let secret = digest.authenticate(Array("chaticket bearer 1".utf8) + ticket.nonce + seed)
        let bearer = SessionToken(
            account: ticket.account, session: ticket.session, secret: secret)
        sockets[socket]?.phase = .authenticating(hello, bearer: bearer.text)
        sockets[socket]?.phaseDeadline = now + SessionLimits.welcomeTimeout
        _ = ask(
            .redeemTicket(
                TicketExchange(
                    account: ticket.account, session: ticket.session, nonce: ticket.nonce,
                    expiry: ticket.expiry, secretHash: digest.digest(secret))),
            .authentication(socket))
    }

    mutating func finishAuthentication(of socket: SocketID, _ response: ClientResponse) {
        guard case .authenticating(let hello, let bearer) = sockets[socket]?.phase else { return }
        switch response {
        case .granted(let grant):
            note(socket, of: grant.account)
            join(socket, grant, hello, bearer: bearer)
        case .failed(let failure) where failure.isRetryable:
            Mark.authenticationUnavailable.hit()
            // Nothing may be sent before the client is known; the code says that it may come again.
            close(socket, .goingAway, "the account cannot be reached")
        default: close(socket, .unauthenticated, "not signed in")
        }
    }

    /// Follows the inbox and asks for what it has had since the client's position, and at least since
    /// the grant: a session that was revoked meanwhile shows there.
    private mutating func join(
        _ socket: SocketID, _ grant: SessionGrant, _ hello: Hello, bearer: String?
    ) {
        sockets[socket]?.phase = .joining(grant, hello, bearer: bearer)
        sockets[socket]?.phaseDeadline = now + SessionLimits.welcomeTimeout
        setTimer(of: socket, at: now + SessionLimits.welcomeTimeout)
        var from = hello.inbox ?? grant.inbox
        if from.epoch == grant.inbox.epoch, from.seq > grant.inbox.seq { from = grant.inbox }
        addCursor(of: socket, .inbox, from: from, isOfHello: true)
    }

    /// Whether these entries of the inbox say that the socket's session has ended.
    func revokes(_ entries: [ClientEntry], _ grant: SessionGrant, epoch: UInt64) -> Bool {
        entries.contains { entry in
            // What was revoked before the session was found open was another with the same id never.
            entry.content == .sessionRevoked(grant.session)
                && !(epoch == grant.inbox.epoch && entry.seq <= grant.inbox.seq)
        }
    }

    /// The inbox has been read up to `head` and the session is still open: the client is let in.
    mutating func welcome(
        _ socket: SocketID, inbox: LogCursor, using generator: inout some RandomNumberGenerator
    ) {
        guard case .joining(let grant, _, let bearer) = sockets[socket]?.phase else { return }
        sockets[socket]?.phase = .live(grant)
        setTimer(of: socket, at: now + SessionLimits.silenceMax)
        send(
            .welcome(
                Welcome(
                    account: ClientPerson(
                        id: grant.account, name: grant.name, username: grant.username),
                    session: grant.session, heartbeat: SessionLimits.heartbeat, now: wall,
                    limits: SessionLimits.told, nodes: nodes,
                    ticket: ticket(for: grant, socket, using: &generator), bearer: bearer,
                    inbox: inbox)),
            to: socket)
    }

    /// Follows what the `hello` named, once its welcome and its inbox are on their way.
    mutating func openChats(of hello: Hello, _ socket: SocketID) {
        for open in hello.open where sockets[socket]?.cursors[.chat(open.chat)] == nil {
            addCursor(of: socket, .chat(open.chat), from: open.cursor, isOfHello: true)
        }
    }

    func ticket(
        for grant: SessionGrant, _ socket: SocketID,
        using generator: inout some RandomNumberGenerator
    ) -> String {
        ResumeTicket(
            grant, origin: sockets[socket]?.origin, expiry: wall + SessionLimits.ticketLifetime,
            digest: digest, using: &generator
        ).text(digest: digest)
    }
}

extension SessionLimits {
    /// What clients are told.
    static var told: ClientLimits {
        ClientLimits(
            textCharacters: UInt64(textCharactersMax), textBytes: UInt64(textBytesMax),
            frameBytes: UInt64(frameBytesMax), differenceEntries: UInt64(differenceEntriesMax),
            pageEntries: UInt64(pageMax), nameCharacters: UInt64(nameCharactersMax),
            fullNameCharacters: UInt64(fullNameCharactersMax), openChats: UInt64(openChatsMax),
            typingPause: typingPause.milliseconds, watched: UInt64(ClientFrame.watchedMax))
    }
}
