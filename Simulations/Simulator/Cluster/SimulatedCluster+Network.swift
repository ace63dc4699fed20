internal import Determinism
internal import Identity
internal import Membership
internal import Node
internal import Wire

/// What nodes say to each other over streams, and how streams come and go.
extension SimulatedCluster {
    /// How long a stream stands silence.
    static let linkPatience = Interval.seconds(3)
    /// How long a node waits before it dials again, after a break and after a failure.
    private static let redialPause = Interval.milliseconds(5)
    private static let failedDialPause = Interval.milliseconds(200)

    func send(_ batch: NodeMessages, from node: SimulatedNode) {
        guard let id = node.id else { return }
        let path = SimulatedNetwork.Path(from: id, to: batch.to)
        guard network.stream(path) != nil else { return }
        var messages = carried(batch.messages)
        for filter in network.filters(on: path) {
            let rest = messages.compactMap { filter.rest(of: $0) }
            guard rest != messages else { continue }
            network.messagesFiltered += 1
            if filter.breaksStream { return breakStream(path, noticedAfter: .milliseconds(1)) }
            messages = rest
        }
        guard !messages.isEmpty else { return }
        guard network.hasRoom(on: path) else { return network.hold(messages, on: path) }
        transmit(messages, on: path)
    }

    private func transmit(_ messages: [PeerMessage], on path: SimulatedNetwork.Path) {
        guard let stream = network.stream(path) else { return }
        let at = network.arrival(on: path, at: now, using: &networkGenerator)
        queue.schedule(.messages(messages, path, stream: stream.number), at: at)
    }

    /// Lets what waited on the path go, as far as there is room.
    private func release(_ path: SimulatedNetwork.Path) {
        guard network.stream(path)?.held.isEmpty == false else { return }
        while network.hasRoomForHeld(on: path), let messages = network.takeHeld(of: path) {
            transmit(messages, on: path)
        }
    }

    /// A batch reaches its receiver, if its stream is not a thing of the past.
    func arrive(_ messages: [PeerMessage], on path: SimulatedNetwork.Path, stream: UInt64) {
        let reception = network.receive(on: path, stream: stream, at: now)
        if let node = running(path.to) {
            switch reception {
            case .whole: feed(.messages(messages, from: path.from), to: node)
            case .torn(let seed):
                let whole = whole(of: messages, tornBy: seed)
                if !whole.isEmpty { feed(.messages(whole, from: path.from), to: node) }
            case .nothing: break
            }
        }
        release(path)
    }

    /// The messages after their way through bytes, as a link does it.
    private func carried(_ messages: [PeerMessage]) -> [PeerMessage] {
        guard settings.usesCodecs else { return messages }
        var carried: [PeerMessage] = []
        for message in messages {
            do throws(WireError) {
                let decoded = try PeerMessage.decodeBatch(try message.encoded())
                if decoded != [message] { onDamage("\(message) became \(decoded)") }
                carried += decoded
            } catch {
                onDamage("\(String(describing: message).prefix(300)): \(error)")
            }
        }
        return carried
    }

    /// What a receiver reads of frames, one for each message, whose bytes end anywhere: the whole
    /// ones, and nothing of the one that is torn.
    private func whole(of messages: [PeerMessage], tornBy seed: UInt64) -> [PeerMessage] {
        var generator = SeededGenerator(seed: seed)
        var ends: [Int] = []
        var bytes: [UInt8] = []
        var decoder = FrameDecoder()
        var whole: [PeerMessage] = []
        do throws(WireError) {
            for message in messages {
                bytes += try PeerFrame(kind: .messages, payload: try message.encoded()).encoded()
                ends.append(bytes.count)
            }
            bytes.removeLast(1 + generator.number(below: UInt64(bytes.count)))
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(1 + generator.number(below: UInt64(rest.count)))
                rest = rest.dropFirst(piece.count)
                decoder.append(piece)
                while let frame = try decoder.next() {
                    whole += try PeerMessage.decodeBatch(frame.payload)
                }
            }
        } catch {
            onDamage("whole frames before a torn one were refused: \(error)")
        }
        let count = ends.count { $0 <= bytes.count }
        if whole != Array(messages.prefix(count)) { onDamage("a torn stream became \(whole)") }
        network.framesTorn += 1
        return whole
    }

    // MARK: Dialling

    /// Opens the stream from `node` to the node `peer` after a while, as often as it takes.
    func connect(_ node: SimulatedNode, to peer: NodeID, after delay: Interval) {
        guard let id = node.id, peer != id else { return }
        queue.schedule(
            .dial(SimulatedNetwork.Path(from: id, to: peer), run: node.run), at: now + delay)
    }

    func dial(_ path: SimulatedNetwork.Path, run: UInt64) {
        guard let node = running(path.from), node.run == run, network.stream(path) == nil,
            let peer = node.peers[path.to]
        else { return }
        let target = running(path.to)?.endpoint
        let isReachable = !network.isBlocked(path) && !network.isBlocked(path.back)
        if isReachable, target?.host == peer.host, target?.peerPort == peer.port {
            guard let host = running(path.to), host.welcomes(node) else {
                // It has seen a newer process of this node.
                connect(node, to: path.to, after: Self.failedDialPause)
                return report(.down, of: path.to, to: node)
            }
            _ = network.open(path, at: now)
            report(.up, of: path.to, to: node)
            return
        }
        connect(node, to: path.to, after: Self.failedDialPause)
        let isAnswered = captures.contains {
            $0.endpoint.host == peer.host && $0.endpoint.peerPort == peer.port
                && nodes[$0.machine].isUp
        }
        // Whoever else listens there has another certificate: the link is refused, but the
        // connection is not.
        if isReachable, isAnswered { network.strangersMet += 1 }
        report(isReachable && !isAnswered ? .refused : .down, of: path.to, to: node)
    }

    /// Tells a node of its link what the link itself would tell: changes only, and of a link that
    /// is down that nobody listens there any more, once that is known.
    private func report(_ new: LinkReport, of peer: NodeID, to node: SimulatedNode) {
        let old = node.linkReports[peer]
        guard old != new, !(old == .refused && new == .down) else { return }
        node.linkReports[peer] = new
        switch new {
        case .up: feed(.linkUp(peer), to: node)
        case .down: feed(.linkDown(peer, isRefused: false), to: node)
        case .refused: feed(.linkDown(peer, isRefused: true), to: node)
        }
    }

    // MARK: Breaking

    /// Breaks the stream of the path; whoever sends on it learns it after `delay`.
    func breakStream(
        _ path: SimulatedNetwork.Path, noticedAfter delay: Interval,
        remains: SimulatedNetwork.Remains? = nil
    ) {
        guard network.close(path, remains: remains) != nil, let node = running(path.from) else {
            return
        }
        queue.schedule(.linkBroken(path, run: node.run), at: now + delay)
        connect(node, to: path.to, after: delay + Self.redialPause)
    }

    func linkBroken(_ path: SimulatedNetwork.Path, run: UInt64) {
        guard let node = running(path.from), node.run == run else { return }
        report(.down, of: path.to, to: node)
    }

    /// Both ends have heard nothing for as long as they stand it.
    func giveUp(_ path: SimulatedNetwork.Path, stream: UInt64) {
        guard network.stream(path)?.number == stream, network.isDead(path, at: now) else { return }
        breakStream(path, noticedAfter: .zero)
    }

    /// Looks at the stream of the path when patience with it is over.
    func doubt(_ path: SimulatedNetwork.Path) {
        guard let stream = network.stream(path) else { return }
        queue.schedule(.linkTimeout(path, stream: stream.number), at: now + Self.linkPatience)
    }

    // MARK: Faults that last

    /// Lets a fault of the network begin; streams over paths that are cut stand it for a while.
    func begin(_ effect: LastingFault.Effect) -> LastingFault.ID {
        let fault = network.begin(effect)
        if case .cut(let paths) = effect {
            for path in paths {
                doubt(path)
                // Without confirmations the way back does not last either.
                doubt(path.back)
            }
        }
        return fault
    }

    /// Ends a fault of the network; what waited in streams that still stand goes on.
    func heal(_ fault: LastingFault.ID) {
        for path in network.heal(fault) { release(path) }
        onClientsHealed()
    }

    /// Ends all faults of the network between the machines of the `core`, by name: they reach each
    /// other and are reached by clients, and no fault of the network touches what they say to each
    /// other ever again, whoever asks for one.
    ///
    /// All other faults stay as they are now, for ever: cuts do not heal, rates and delays go on on
    /// every path that begins or ends outside of the core. This is how the phase of liveness
    /// begins, once the injector has stopped: what is broken outside of the core must not keep the
    /// core from its work. With the names of all machines it heals the network as a whole, machines
    /// that join later included. Streams that stall or are half open between core nodes recover by
    /// themselves, within seconds.
    func healNetwork(among core: [Int]) {
        let isAll = nodes.allSatisfy { core.contains($0.name) }
        let ids = nodes.filter { core.contains($0.name) }.compactMap(\.id)
        captures.removeAll { core.contains($0.machine) || core.contains($0.owner) }
        for path in network.calm(among: isAll ? nil : ids, machines: core) { release(path) }
        onClientsHealed()
    }
}

/// What a node has last been told of its link to another.
enum LinkReport: Hashable {
    case up
    case down
    /// Nobody listens there any more.
    case refused
}

/// The address of one machine, at which another listens now.
struct AddressCapture: Hashable {
    let endpoint: MemberEndpoint
    /// Whose address it was.
    let owner: Int
    /// Who listens there.
    let machine: Int
}
