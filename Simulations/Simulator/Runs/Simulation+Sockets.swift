internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// Sockets between clients and hubs. Everything that goes over them is the text of a frame.
extension Simulation {
    private static let closedAbnormally: UInt16 = 1006

    private func latency() -> Interval {
        Interval.milliseconds(1).jittered(by: .milliseconds(30), using: &networkGenerator)
    }

    // MARK: The client's side

    /// Gives a person's client an event, and does what it then wants done.
    func feed(_ event: ClientEvent, to person: SimulatedPerson) {
        let effects = person.core.receive(event, using: &person.generator)
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
        case .hole(let log, _, _, let head):
            counters.holes += 1
            history.delivery.skipped(to: head.seq, of: log, by: person.index)
        case .reset(let log, let epoch):
            history.report("delivery", "client \(person.index) lost \(log), now epoch \(epoch)")
        case .acked(let cmid, let chat, let place, _): acked(cmid, in: chat, place, person)
        case .refused(let log, let code):
            history.report("delivery", "client \(person.index) may not follow \(log): \(code)")
        case .problem(let code, _): counters.failureCodes["frame \(code)", default: 0] += 1
        case .signedOut:
            history.report("sessions", "the session of client \(person.index) has ended")
        case .marks(let chat, let fields): marked(chat, fields, person)
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
        let id = SocketID(nextSocket)
        nextSocket += 1
        var socket = ClientSocket(id: id, person: person.index, node: node.name)
        socket.toNodeAt = cluster.now + latency()
        sockets[id] = socket
        counters.socketsOpened += 1
        person.socket = id
        cluster.queue.schedule(.arrival(node.name, .open(id)), at: socket.toNodeAt)
    }

    private func disconnect(_ person: SimulatedPerson) {
        guard let id = person.socket, let socket = sockets[id] else { return }
        person.socket = nil
        let at = max(socket.toNodeAt, cluster.now + latency())
        cluster.queue.schedule(.arrival(socket.node, .closed(id)), at: at)
    }

    private func say(_ bytes: [UInt8], by person: SimulatedPerson) {
        guard let id = person.socket, let socket = sockets[id] else { return }
        let at = max(socket.toNodeAt, cluster.now + latency())
        sockets[id]?.toNodeAt = at
        cluster.queue.schedule(.arrival(socket.node, .frame(id, bytes)), at: at)
    }

    func opened(_ id: SocketID) {
        guard let person = person(of: id) else { return }
        feed(.opened, to: person)
    }

    func closed(_ id: SocketID, code: UInt16) {
        guard let person = person(of: id) else { return }
        person.socket = nil
        feed(.closed(code: code), to: person)
    }

    func heard(_ bytes: [UInt8], on id: SocketID) {
        guard let person = person(of: id) else { return }
        do throws(ClientFrameError) {
            feed(.frame(try ServerFrame(decoding: bytes)), to: person)
        } catch {
            history.report("frames", "client \(person.index) cannot read a frame: \(error)")
        }
    }

    /// Whose socket this is, if they still think so.
    private func person(of id: SocketID) -> SimulatedPerson? {
        guard let socket = sockets[id], people[socket.person].socket == id else { return nil }
        return people[socket.person]
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
            sockets[id] = nil
            cluster.feedHub(.closed(id), of: node)
        }
    }

    private func upgrade(_ id: SocketID, at node: SimulatedNode) {
        guard let socket = sockets[id] else { return }
        let person = people[socket.person]
        guard node.isUp else { return refuse(id) }
        guard person.core.credential == .cookie, let account = person.account,
            let session = person.session
        else { return admit(id, grant: nil, at: node) }
        let number = nextOperation << 8
        nextOperation += 1
        upgrades[number] = id
        cluster.feed(
            .client(
                .host(number),
                .authenticate(
                    account: account, session: session,
                    secretHash: SimulatedDigest().digest(person.secret))), to: node)
    }

    /// The answer to the question whose cookie an upgrade carries.
    func finishUpgrade(_ id: SocketID, _ response: ClientResponse) {
        guard let socket = sockets[id] else { return }
        let node = cluster.nodes[socket.node]
        guard case .granted(let grant) = response, node.isUp else { return refuse(id) }
        admit(id, grant: grant, at: node)
    }

    private func admit(_ id: SocketID, grant: SessionGrant?, at node: SimulatedNode) {
        sockets[id]?.run = node.run
        cluster.feedHub(.opened(id, grant: grant, origin: "sim"), of: node)
        let at = cluster.now + latency()
        sockets[id]?.toClientAt = at
        cluster.queue.schedule(.world(.opened(id)), at: at)
    }

    private func refuse(_ id: SocketID) {
        cluster.schedule(.closed(id, code: Self.closedAbnormally), after: latency())
    }

    func carryOut(_ effect: HubEffect, ofHubOf node: SimulatedNode) {
        switch effect {
        case .send(let ids, let frame, _): for id in ids { deliver(frame.bytes, to: id) }
        case .close(let id, let code, _):
            guard let socket = sockets[id] else { return }
            sockets[id]?.run = nil
            let at = max(socket.toClientAt, cluster.now + latency())
            cluster.queue.schedule(.world(.closed(id, code: code.rawValue)), at: at)
        case .request, .follow, .unfollow: break
        }
    }

    private func deliver(_ bytes: [UInt8], to id: SocketID) {
        guard var socket = sockets[id] else { return }
        if socket.isStalled {
            socket.waiting.append(bytes)
            socket.waitingBytes += bytes.count
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
        guard var socket = sockets[id], socket.isStalled else { return }
        let waiting = socket.waiting
        socket.isStalled = false
        socket.waiting = []
        socket.waitingBytes = 0
        sockets[id] = socket
        for bytes in waiting { deliver(bytes, to: id) }
        if socket.wasReported { reportBacklog(of: socket) }
    }

    // MARK: Faults of clients

    /// The process of a node is gone, and with it every connection to it.
    func crashed(_ node: SimulatedNode) {
        for person in people {
            guard let id = person.socket, let socket = sockets[id], socket.node == node.name,
                socket.run != nil
            else { continue }
            sockets[id]?.run = nil
            let at = max(
                socket.isStalled ? cluster.now : socket.toClientAt, cluster.now + latency())
            cluster.queue.schedule(
                .world(.closed(id, code: Self.closedAbnormally)), at: at)
        }
        failRequests(at: node.name)
    }

    func strike(_ kind: FaultKind) {
        guard !injector.strike(kind, on: cluster) else { return }
        switch kind {
        case .socketBreak, .slowReader:
            let open = people.compactMap(\.socket)
            guard let id = injector.pick(kind, open), let socket = sockets[id],
                let run = socket.run
            else { return }
            injector.count(kind)
            if kind == .slowReader {
                sockets[id]?.isStalled = true
                let time = injector.draw(kind, from: .milliseconds(500), upTo: .seconds(15))
                cluster.schedule(.reads(id), after: time)
                return
            }
            let node = cluster.nodes[socket.node]
            if node.run == run, node.isUp {
                cluster.queue.schedule(
                    .arrival(node.name, .closed(id)), at: cluster.now + latency())
            }
            cluster.schedule(.closed(id, code: Self.closedAbnormally), after: latency())
        case .join: strikeJoin()
        case .drain: strikeDrain()
        default: break
        }
    }
}
