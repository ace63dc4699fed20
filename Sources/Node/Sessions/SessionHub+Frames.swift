internal import Determinism
internal import Identity
internal import Wire

// What clients say after their hello.
extension SessionHub {
    mutating func receiveFrame(
        _ bytes: [UInt8], from socket: SocketID, using generator: inout some RandomNumberGenerator
    ) {
        guard sockets[socket] != nil else { return }
        sockets[socket]?.lastHeard = now
        guard bytes.count <= SessionLimits.frameBytesMax else {
            return close(socket, .tooBig, "a frame over \(SessionLimits.frameBytesMax) bytes")
        }
        let object: JSONObject
        do throws(ClientFrameError) {
            object = try JSONObject(parsing: bytes, byteCountMax: SessionLimits.frameBytesMax)
        } catch {
            return close(socket, .malformed, "not a JSON object")
        }
        guard takeAllowance(of: socket, object) else { return }
        let frame: ClientFrame
        do throws(ClientFrameError) {
            frame = try ClientFrame(object)
        } catch {
            return refuse(object, error, from: socket)
        }
        if case .hello(let hello) = frame {
            return receiveHello(hello, from: socket, using: &generator)
        }
        guard case .live(let grant) = sockets[socket]?.phase else {
            // Before the welcome nothing is answered, not even with an error.
            switch sockets[socket]?.phase {
            case .authenticating, .joining: return
            default: return close(socket, .unauthenticated, "hello comes first")
            }
        }
        receiveLive(frame, from: socket, grant, using: &generator)
    }

    /// The rate of frames: what is over it is refused with words, for a while.
    private mutating func takeAllowance(of socket: SocketID, _ object: JSONObject) -> Bool {
        if sockets[socket]?.takeAllowance(at: now) == true {
            sockets[socket]?.refusedCount = 0
            return true
        }
        Mark.rateExceeded.hit()
        let refused = (sockets[socket]?.refusedCount ?? 0) + 1
        sockets[socket]?.refusedCount = refused
        guard refused <= SessionLimits.refusedFramesMax,
            case .live = sockets[socket]?.phase
        else {
            close(socket, .tooMany, "too many frames")
            return false
        }
        if refused == 1 {
            send(.slowDown(retryAfter: SessionLimits.slowDownDelay), to: socket)
        }
        sendError(
            Failure(.tooMany, retryAfter: SessionLimits.slowDownDelay), about: object, to: socket)
        return false
    }

    private mutating func refuse(
        _ object: JSONObject, _ error: ClientFrameError, from socket: SocketID
    ) {
        guard case .live = sockets[socket]?.phase else {
            return close(socket, .malformed, "not a hello")
        }
        switch error {
        case .json, .notObject, .tooBig, .missing("kind"), .wrong("kind"):
            close(socket, .malformed, "not a frame")
        default: sendError(Failure(.badRequest), about: object, to: socket)
        }
    }

    /// Answers a frame that was not done, naming it by what can be read of it.
    private mutating func sendError(
        _ failure: Failure, about object: JSONObject, to socket: SocketID
    ) {
        let cmid = object["cmid"] == nil ? nil : try? object.messageID("cmid")
        let log = object["log"] == nil ? nil : try? object.log()
        let chat = object["chat"] == nil ? nil : try? object.log("chat")
        sendError(failure, cmid: cmid, log: log ?? chat, to: socket)
    }

    mutating func sendError(
        _ failure: Failure, cmid: MessageID? = nil, log: ClientLog?, to socket: SocketID
    ) {
        send(
            .error(
                ErrorFrame(
                    cmid: cmid, log: log, code: failure.code.rawValue,
                    message: failure.code.message, isRetryable: failure.isRetryable,
                    retryAfter: failure.retryAfter)),
            to: socket)
    }

    private mutating func receiveLive(
        _ frame: ClientFrame, from socket: SocketID, _ grant: SessionGrant,
        using generator: inout some RandomNumberGenerator
    ) {
        switch frame {
        case .hello: break
        case .open(let chat, let cursor): follow(.chat(chat), from: cursor, socket)
        case .close(let chat): dropCursor(of: socket, .chat(chat))
        case .difference(let log, let cursor): receiveDifference(log, from: cursor, socket)
        case .send(let cmid, let chat, let text, let replyTo):
            command(
                .send(grant.account, chat, text: text, replyTo: replyTo, cmid: cmid), cmid, chat,
                socket)
        case .forward(let cmid, let chat, let source):
            command(
                .forward(grant.account, chat, source: source, cmid: cmid), cmid, chat, socket)
        case .edit(let cmid, let chat, let target, let text):
            command(
                .edit(grant.account, chat, target: target, text: text, cmid: cmid), cmid, chat,
                socket)
        case .deleteMessage(let cmid, let chat, let target):
            command(
                .deleteMessage(grant.account, chat, target: target, cmid: cmid), cmid, chat,
                socket)
        case .react(let cmid, let chat, let target, let emoji):
            command(
                .react(grant.account, chat, target: target, emoji: emoji, cmid: cmid), cmid, chat,
                socket)
        case .rename(let cmid, let chat, let name, let fullName):
            command(
                .renameChat(grant.account, chat, name: name, fullName: fullName, cmid: cmid), cmid,
                chat, socket)
        case .delete(let cmid, let chat):
            command(.deleteChat(grant.account, chat, cmid: cmid), cmid, chat, socket)
        case .mark(let chat, let n):
            guard takeRequest(of: socket, cmid: nil, chat) else { return }
            _ = ask(.mark(grant.account, chat, n: n), .mark(socket, chat))
        case .typing(let chat): noteTyping(in: chat, by: grant.account, socket)
        case .presence(let isActive): setActive(isActive, socket)
        case .watch(let accounts): watch(accounts, of: socket)
        case .ping:
            send(
                .pong(
                    inbox: inboxHead(of: socket, grant),
                    ticket: ticket(for: grant, socket, using: &generator), now: wall),
                to: socket)
        }
    }

    private func inboxHead(of socket: SocketID, _ grant: SessionGrant) -> LogCursor {
        if let log = logs[.inbox(grant.account)], let head = log.head {
            return LogCursor(epoch: log.epoch, seq: head.seq)
        }
        return sockets[socket]?.cursors[.inbox]?.position ?? grant.inbox
    }

    // MARK: Logs

    private mutating func follow(_ log: ClientLog, from cursor: LogCursor, _ socket: SocketID) {
        guard let state = sockets[socket] else { return }
        if state.cursors[log] == nil, state.cursors.count > SessionLimits.openChatsMax {
            return sendError(Failure(.tooMany), log: log, to: socket)
        }
        if state.cursors[log] == nil {
            addCursor(of: socket, log, from: cursor, isOfHello: false)
        } else {
            catchUp(of: socket, log, from: cursor)
        }
    }

    private mutating func receiveDifference(
        _ log: ClientLog, from cursor: LogCursor, _ socket: SocketID
    ) {
        guard let state = sockets[socket], let account = state.grant?.account else { return }
        // A client that has what the hub has is answered at once.
        if state.cursors[log]?.state == .live, let followed = logs[log.id(for: account)],
            let head = followed.head, cursor.epoch == followed.epoch, cursor.seq == head.seq,
            cursor.marksVersion >= followed.marksVersion
        {
            return send(
                .difference(
                    DifferenceFrame(
                        log: log, epoch: followed.epoch, entries: [], head: head, marks: nil,
                        hasMore: false)),
                to: socket)
        }
        // It is being asked for already.
        if case .catching = state.cursors[log]?.state, state.cursors[log]?.position == cursor {
            return
        }
        follow(log, from: cursor, socket)
    }

    // MARK: Commands

    private mutating func takeRequest(
        of socket: SocketID, cmid: MessageID?, _ chat: ChatID
    ) -> Bool {
        guard let state = sockets[socket] else { return false }
        guard state.requestCount < SessionLimits.requestsInFlightMax else {
            sendError(
                Failure(.overloaded, retryAfter: SessionLimits.slowDownDelay), cmid: cmid,
                log: .chat(chat), to: socket)
            return false
        }
        sockets[socket]?.requestCount += 1
        return true
    }

    private mutating func command(
        _ request: ClientRequest, _ cmid: MessageID, _ chat: ChatID, _ socket: SocketID
    ) {
        guard takeRequest(of: socket, cmid: cmid, chat) else { return }
        _ = ask(request, .command(socket, cmid, chat))
    }

    mutating func finishCommand(
        of socket: SocketID, _ response: ClientResponse, cmid: MessageID, chat: ChatID
    ) {
        guard sockets[socket] != nil else { return }
        sockets[socket]?.requestCount -= 1
        let receipt: Receipt
        switch response {
        case .receipt(let given), .renamed(_, let given): receipt = given
        case .failed(let failure):
            return sendError(failure, cmid: cmid, log: .chat(chat), to: socket)
        default: return sendError(Failure(.internal), cmid: cmid, log: .chat(chat), to: socket)
        }
        send(
            .ack(
                cmid, chat, LogPosition(seq: receipt.seq, n: receipt.n), time: receipt.time),
            to: socket)
    }

    mutating func finishMark(of socket: SocketID, _ response: ClientResponse, chat: ChatID) {
        guard sockets[socket] != nil else { return }
        sockets[socket]?.requestCount -= 1
        if case .failed(let failure) = response {
            sendError(failure, log: .chat(chat), to: socket)
        }
    }
}
