internal import Determinism
internal import Identity
internal import Membership
internal import Node
internal import Wire

/// What nodes say to each other in datagrams.
extension SimulatedCluster {
    func send(_ datagram: NodeDatagram, from node: SimulatedNode) {
        guard let id = node.id, let source = node.gossipAddress,
            let message = carried(datagram.message)
        else { return }
        // What goes to nobody is of a path to the sender itself.
        let path = SimulatedNetwork.Path(from: id, to: listener(at: datagram.to)?.id ?? id)
        node.datagramCount += 1
        if network.filters(on: path).contains(where: { $0.takes(message) }) {
            network.messagesFiltered += 1
            return
        }
        for copy in network.copies(of: path, at: now, using: &networkGenerator) {
            switch copy.fate {
            case .arrives:
                queue.schedule(
                    .datagram(message, from: source, to: datagram.to, key: node.gossipKeys[0]),
                    at: copy.at)
            case .arrivesFromElsewhere:
                queue.schedule(
                    .datagram(
                        message, from: address(besides: source), to: datagram.to,
                        key: node.gossipKeys[0]), at: copy.at)
            case .isDamaged(let fault): examine(message, of: node, damagedBy: fault)
            }
        }
    }

    func arrive(
        _ message: MembershipMessage, from address: GossipAddress, to target: GossipAddress,
        key: UInt8
    ) {
        guard let receiver = listener(at: target), let id = receiver.id,
            !network.isBlocked(SimulatedNetwork.Path(from: message.from, to: id))
        else { return }
        guard receiver.gossipKeys.contains(key) else {
            unopenedCount += 1
            return
        }
        feed(.datagram(message, from: address), to: receiver)
    }

    /// The running machine that datagrams to this address reach: the one that listens there, or
    /// another that has got the address.
    func listener(at address: GossipAddress) -> SimulatedNode? {
        if let node = nodes.first(where: { $0.isUp && $0.gossipAddress == address }) {
            return node
        }
        guard let capture = captures.first(where: { $0.endpoint.gossipAddress == address }) else {
            return nil
        }
        return nodes[capture.machine].isUp ? nodes[capture.machine] : nil
    }

    /// An address from which somebody might send what they have recorded: another node's, or one
    /// that nobody listens at.
    private func address(besides source: GossipAddress) -> GossipAddress {
        let others = nodes.compactMap(\.gossipAddress).filter { $0 != source }
        let choice = network.datagramFaults.number(.forgedSender, below: others.count + 1)
        return choice < others.count
            ? others[choice] : GossipAddress(host: "10.0.1.1", port: 9_999)
    }

    // MARK: Damage

    /// A datagram that was damaged on its way must be refused by the seal. Its decoder, which the
    /// seal protects, must bear the damage too: it throws or answers a message, which goes nowhere.
    private func examine(
        _ message: MembershipMessage, of node: SimulatedNode, damagedBy fault: DatagramFault
    ) {
        let generation = UInt32(truncatingIfNeeded: node.run)
        let foreign = ClusterID(high: 0, low: 0)
        guard let cluster = node.node?.identity.cluster, let body = try? message.encoded(),
            let sealed = SimulatedSeal(cluster: fault == .wrongCluster ? foreign : cluster)
                .seal(message, generation: generation, counter: node.datagramCount)
        else { return }
        let bytesMax = MembershipMessage.datagramBytesMax
        let arrived =
            fault == .wrongCluster
            ? sealed : network.datagramFaults.damage(sealed, by: fault, bytesMax: bytesMax)
        if SimulatedSeal(cluster: cluster).open(arrived) != nil {
            onDamage("a datagram was let in after its \(fault)")
        }
        let damaged = network.datagramFaults.damage(body, by: fault, bytesMax: bytesMax)
        guard let decoded = try? MembershipMessage(decoding: damaged) else { return }
        network.damagedDecoded += 1
        // Whatever a decoder answers can be said again, unless it is above a limit.
        if let again = try? decoded.encoded(), (try? MembershipMessage(decoding: again)) != decoded
        {
            onDamage("\(decoded) was not the same after its second journey")
        }
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
}
