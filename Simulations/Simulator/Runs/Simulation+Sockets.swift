internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// Sockets between clients and hubs. Everything that goes over them is the text of a frame.
extension Simulation {
    /// What a client sees when its connection is lost (RFC 6455 section 7.4.1).
    static let closedAbnormally: UInt16 = 1006
    /// So soon a hub knows how much waits for a client.
    private static let reportDelayMax = Interval.milliseconds(100)

    func latency() -> Interval {
        Interval.milliseconds(1).jittered(by: .milliseconds(30), using: &networkGenerator)
    }

    // MARK: The client's side

    /// Gives a person's client an event, and does what it then wants done.
    func feed(_ event: ClientEvent, to person: SimulatedPerson) {
        carryOut(person.core.receive(event, using: &person.generator), of: person)
    }

    /// Does what a person's client wants done.
    func carryOut(_ effects: [ClientEffect], of person: SimulatedPerson) {
        person.core.checkInvariants()
        for effect in effects { carryOut(effect, of: person) }
    }

    private func carryOut(_ effect: ClientEffect, of person: SimulatedPerson) {
        switch effect {
        case .connect(let url): connect(person, to: url)
        case .disconnect: disconnect(person)
        case .sendFrame(let frame): say(frame.jsonBytes, by: person)
        case .setTimer(let timer, let delay):
            person.timers[timer] = person.nextTimer
            cluster.schedule(
                .clientTimer(person.index, timer, number: person.nextTimer), after: delay)
            person.nextTimer += 1
        case .cancelTimer(let timer): person.timers[timer] = nil
        case .cancelAllTimers: person.timers = [:]
        case .entries(let log, _, let entries): told(entries, of: log, person)
        case .hole(let log, _, let tail, let head):
            skipped(log, after: tail, to: head, person)
        case .reset(let log, let epoch):
            history.report("delivery", "client \(person.index) lost \(log), now epoch \(epoch)")
        case .acked(let cmid, let chat, let place, _): acked(cmid, in: chat, place, person)
        case .refused(let log, let code): refused(log, code, person)
        case .problem(let code, _): counters.failureCodes["frame \(code)", default: 0] += 1
        case .signedOut: signedOut(person)
        case .marks(let chat, let fields): marked(chat, fields, person)
        case .typing(let chat, let account, let seq): typed(account, in: chat, at: seq, person)
        case .presence(let people): history.presences.told(people, to: person.index)
        case .keep, .forget, .live: break
        }
    }

    func fire(_ timer: ClientTimer, number: UInt64, of person: SimulatedPerson) {
        guard person.timers[timer] == number else { return }
        person.timers[timer] = nil
        feed(.timer(timer), to: person)
    }

    private func connect(_ person: SimulatedPerson, to url: String) {
        guard let node = cluster.nodes.first(where: { $0.clientURL == url }) else {
            return history.report("addresses", "client \(person.index) is sent to \(url)")
        }
        person.socket = open(socketTo: node, for: .person(person.index))
    }

    /// Opens a connection; its holder hears of it later.
    func open(socketTo node: SimulatedNode, for holder: ClientSocket.Holder) -> SocketID {
        let id = SocketID(nextSocket)
        nextSocket += 1
        sockets[id] = ClientSocket(
            id: id, holder: holder, node: node.name, openedAt: cluster.now)
        counters.socketsOpened += 1
        send(.open(id), over: id)
        return id
    }

    private func disconnect(_ person: SimulatedPerson) {
        guard let id = person.socket else { return }
        person.socket = nil
        close(id)
    }

    /// The client's side closes a connection.
    func close(_ id: SocketID) {
        send(.closed(id), over: id)
    }

    private func say(_ bytes: [UInt8], by person: SimulatedPerson) {
        if let id = person.socket { say(bytes, on: id) }
    }

    func say(_ bytes: [UInt8], on id: SocketID) {
        send(.frame(id, bytes), over: id)
    }

    func opened(_ id: SocketID) {
        if case .vandal(let number) = sockets[id]?.holder { return vandalOpened(number) }
        guard let person = person(of: id) else { return }
        feed(.opened, to: person)
    }

    func closed(_ id: SocketID, code: UInt16) {
        if case .vandal(let number) = sockets[id]?.holder {
            return vandalClosed(number, code: code)
        }
        guard let person = person(of: id) else { return }
        person.socket = nil
        if sockets[id]?.run == nil { sockets[id] = nil }
        feed(.closed(code: code), to: person)
    }

    func heard(_ bytes: [UInt8], on id: SocketID) {
        guard let socket = sockets[id] else { return }
        let isVandal = if case .vandal = socket.holder { true } else { false }
        guard isVandal || person(of: id) != nil else { return }
        let frame: ServerFrame
        do throws(ClientFrameError) {
            frame = try ServerFrame(decoding: bytes)
        } catch {
            return history.report("frames", "\(id) cannot read a frame: \(error)")
        }
        note(frame, on: socket)
        if case .vandal(let number) = socket.holder { return vandalHeard(frame, number) }
        if let person = person(of: id) { feed(.frame(frame), to: person) }
    }

    private func note(_ frame: ServerFrame, on socket: ClientSocket) {
        switch frame {
        case .welcome(let welcome):
            history.sessions.welcomed(welcome.session, onSocketOpenedAt: socket.openedAt)
        case .advanced: counters.logsAdvanced += 1
        case .error(let error): note(error.code, saidBy: cluster.nodes[socket.node])
        default: break
        }
    }

    /// Whose socket this is, if they still think so.
    private func person(of id: SocketID) -> SimulatedPerson? {
        guard case .person(let index) = sockets[id]?.holder, people[index].socket == id else {
            return nil
        }
        return people[index]
    }

    // MARK: The node's side

    func arrive(_ arrival: ClientArrival, at node: SimulatedNode) {
        switch arrival {
        case .request(let number, let request):
            guard node.isUp else {
                return cluster.schedule(.answer(number, nil), after: latency())
            }
            cluster.feed(.client(.host(number), request), to: node)
        case .open(let id): upgrade(id, at: node)
        case .frame(let id, let bytes):
            guard let run = sockets[id]?.run, run == node.run, node.isUp else { return }
            cluster.feedHub(.frame(id, bytes), of: node)
        case .closed(let id):
            guard let run = sockets[id]?.run, run == node.run, node.isUp else { return }
            // Whoever still believes in it is told by what closed it, or finds out.
            sockets[id]?.run = nil
            if person(of: id) == nil { sockets[id] = nil }
            cluster.feedHub(.closed(id), of: node)
        }
    }

    private func upgrade(_ id: SocketID, at node: SimulatedNode) {
        guard let socket = sockets[id] else { return }
        guard node.isUp else { return refuse(id) }
        guard case .person(let index) = socket.holder, people[index].core.credential == .cookie,
            let account = people[index].account, let session = people[index].session
        else { return admit(id, grant: nil, at: node) }
        let number = nextOperation << 8
        nextOperation += 1
        upgrades[number] = id
        cluster.feed(
            .client(
                .host(number),
                .authenticate(
                    account: account, session: session,
                    secretHash: SimulatedDigest().digest(people[index].login.secret))), to: node)
    }

    /// The answer to the question whose cookie an upgrade carries. One that is no good is none;
    /// when the cluster cannot tell, the client must not think that it is signed out.
    func finishUpgrade(_ id: SocketID, _ response: ClientResponse) {
        guard let socket = sockets[id] else { return }
        let node = cluster.nodes[socket.node]
        guard node.isUp else { return refuse(id) }
        switch response {
        case .granted(let grant): admit(id, grant: grant, at: node)
        case .failed(let failure) where failure.isRetryable: refuse(id)
        default: admit(id, grant: nil, at: node)
        }
    }

    private func admit(_ id: SocketID, grant: SessionGrant?, at node: SimulatedNode) {
        sockets[id]?.run = node.run
        cluster.feedHub(.opened(id, grant: grant, origin: "sim"), of: node)
        tell(.opened(id), over: id)
    }

    private func refuse(_ id: SocketID) {
        tell(.closed(id, code: Self.closedAbnormally), over: id)
    }

    func carryOut(_ effect: HubEffect, ofHubOf node: SimulatedNode) {
        switch effect {
        case .send(let ids, let frame, let kind):
            if kind == .ephemeral { note(ephemeral: frame) }
            for id in ids { deliver(frame.bytes, to: id) }
        case .close(let id, let code, _):
            sockets[id]?.run = nil
            if code == .slowConsumer { counters.socketsTooSlow += 1 }
            tell(.closed(id, code: code.rawValue), over: id)
        case .request, .follow, .unfollow, .signal: break
        }
    }

    private func deliver(_ bytes: [UInt8], to id: SocketID) {
        guard var socket = sockets[id] else { return }
        let isCut = isCutOff(socket)
        if isCut { heldSockets.append(id) }
        if socket.isStalled || isCut {
            socket.waiting.append(bytes)
            socket.waitingBytes += bytes.count
            checkBacklog(of: &socket)
            let isLong =
                socket.waiting.count >= SessionLimits.backlogReportFrames
                || socket.waitingBytes >= SessionLimits.backlogReportBytes
            if isLong { socket.wasReported = true }
            sockets[id] = socket
            if isLong { reportBacklog(of: socket) }
            return
        }
        let at = max(socket.toClientAt, cluster.now + latency())
        sockets[id]?.toClientAt = at
        cluster.queue.schedule(.world(.frame(id, bytes)), at: at)
    }

    /// What waits for one client is bounded, whatever it does (DESIGN, invariant 6): the hub closes
    /// the socket with the report that tells it so. That comes behind all that the hub has to do at
    /// this moment, and later where the processor is slow.
    private func checkBacklog(of socket: inout ClientSocket) {
        let isFull =
            socket.waiting.count >= SessionLimits.backlogFramesMax
            || socket.waitingBytes >= SessionLimits.backlogBytesMax
        socket.fullSince = isFull ? socket.fullSince ?? cluster.now : nil
        guard socket.run != nil, cluster.nodes[socket.node].eventCost == .zero,
            let fullSince = socket.fullSince, cluster.now - fullSince > Self.reportDelayMax
        else { return }
        history.resourceBounds.has(
            Occupancy(
                "frames that wait", socket.waiting.count,
                // One more for each log: the chats, and the inbox.
                of: SessionLimits.backlogFramesMax + SessionLimits.openChatsMax + 1),
            "\(socket.id)")
        history.resourceBounds.has(
            Occupancy(
                "bytes that wait", socket.waitingBytes,
                of: SessionLimits.backlogBytesMax + SessionLimits.differenceBytesMax),
            "\(socket.id)")
    }

    private func reportBacklog(of socket: ClientSocket) {
        let node = cluster.nodes[socket.node]
        guard node.isUp, node.run == socket.run else { return }
        cluster.tell(
            .backlog(
                socket.id, frameCount: socket.waiting.count, byteCount: socket.waitingBytes),
            toHubOf: node)
    }

    /// The reader of a socket goes on: what waited comes.
    func readsAgain(_ id: SocketID) {
        guard sockets[id]?.isStalled == true else { return }
        sockets[id]?.isStalled = false
        deliverWaiting(on: id)
    }

    /// What waited for the reader of a socket, or for a cut to heal, comes.
    func deliverWaiting(on id: SocketID) {
        guard var socket = sockets[id] else { return }
        let waiting = socket.waiting
        socket.waiting = []
        socket.waitingBytes = 0
        sockets[id] = socket
        for bytes in waiting { deliver(bytes, to: id) }
        if socket.wasReported { reportBacklog(of: socket) }
    }

    // MARK: Faults of clients

    /// The process of a node is gone, and with it every connection to it.
    func crashed(_ node: SimulatedNode) {
        for id in people.compactMap(\.socket) {
            guard let socket = sockets[id], socket.node == node.name, socket.run != nil else {
                continue
            }
            sockets[id]?.run = nil
            guard !isCutOff(socket) else {
                sockets[id]?.waiting = []
                tell(.closed(id, code: Self.closedAbnormally), over: id)
                continue
            }
            let at = max(
                socket.isStalled ? cluster.now : socket.toClientAt, cluster.now + latency())
            cluster.queue.schedule(
                .world(.closed(id, code: Self.closedAbnormally)), at: at)
        }
        for vandal in vandals where vandal.outcome == nil {
            // Whose socket was about to be opened has nobody who waits for that in vain.
            guard sockets[vandal.socket]?.node == node.name else { continue }
            cluster.schedule(
                .closed(vandal.socket, code: Self.closedAbnormally), after: latency())
        }
        failRequests(at: node.name)
    }
}
