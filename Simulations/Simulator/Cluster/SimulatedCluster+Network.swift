internal import Determinism
internal import Identity
internal import Membership
internal import Node
internal import Wire

/// What nodes say to each other.
extension SimulatedCluster {
    /// How long a stream stands a cut.
    private static let linkPatience = Interval.seconds(3)

    func send(_ datagram: NodeDatagram, from node: SimulatedNode) {
        guard let endpoint = node.endpoint, let message = carried(datagram.message) else { return }
        for at in network.arrivals(at: now, using: &networkGenerator) {
            queue.schedule(
                .datagram(message, from: endpoint.gossipAddress, to: datagram.to), at: at)
        }
    }

    func arrive(
        _ message: MembershipMessage, from address: GossipAddress, to target: GossipAddress
    ) {
        guard
            let receiver = nodes.first(where: {
                $0.isUp && $0.endpoint?.gossipAddress == target
            }), let id = receiver.id,
            !network.isBlocked(SimulatedNetwork.Path(from: message.from, to: id))
        else { return }
        feed(.datagram(message, from: address), to: receiver)
    }

    func send(_ batch: NodeMessages, from node: SimulatedNode) {
        guard let id = node.id else { return }
        let path = SimulatedNetwork.Path(from: id, to: batch.to)
        guard let stream = network.stream(path) else { return }
        let messages = carried(batch.messages)
        guard !network.isBlocked(path) else { return network.hold(messages, on: path) }
        let at = network.arrival(on: path, at: now, using: &networkGenerator)
        queue.schedule(.messages(messages, path, stream: stream.number), at: at)
    }

    /// The message after its way through bytes; nil when it cannot be one.
    private func carried(_ message: MembershipMessage) -> MembershipMessage? {
        guard settings.usesCodecs else { return message }
        do throws(WireError) {
            let bytes = try message.encoded()
            let decoded = try MembershipMessage(decoding: bytes)
            if decoded != message { onDamage("\(message) became \(decoded)") }
            return decoded
        } catch {
            onDamage("\(message): \(error)")
            return nil
        }
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
        let isOpen =
            target?.host == peer.host && target?.peerPort == peer.port
            && !network.isBlocked(path) && !network.isBlocked(path.back)
        guard isOpen else {
            connect(node, to: path.to, after: .milliseconds(200))
            return
        }
        _ = network.open(path, at: now)
        feed(.linkUp(path.to), to: node)
    }

    /// Breaks the stream of the path; whoever sends on it learns it after `delay`.
    func breakStream(
        _ path: SimulatedNetwork.Path, isRefused: Bool, noticedAfter delay: Interval
    ) {
        guard network.close(path) != nil, let node = running(path.from) else { return }
        queue.schedule(
            .linkBroken(path, run: node.run, isRefused: isRefused), at: now + delay)
        connect(node, to: path.to, after: delay + .milliseconds(100))
    }

    /// Cuts the paths; streams over them stand it for a while.
    func cut(_ paths: [SimulatedNetwork.Path]) {
        for path in paths {
            network.block(path)
            // Without confirmations the way back does not last either.
            for direction in [path, path.back] {
                guard let stream = network.stream(direction) else { continue }
                queue.schedule(
                    .linkTimeout(direction, stream: stream.number), at: now + Self.linkPatience)
            }
        }
    }

    /// Heals every cut; what waited in streams that still stand goes on.
    func healCuts() {
        for path in network.healAll() {
            guard let stream = network.stream(path) else { continue }
            for messages in network.takeHeld(of: path) {
                let at = network.arrival(on: path, at: now, using: &networkGenerator)
                queue.schedule(.messages(messages, path, stream: stream.number), at: at)
            }
        }
    }
}
