internal import Identity
internal import Membership
internal import Raft
internal import Registry
internal import Storage
internal import Wire

/// What other nodes say, and what the links to them do.
extension ClusterNode {
    /// Takes one message of `node`, which has proved who it is. A message that cannot be is
    /// ignored.
    mutating func receive(
        _ message: PeerMessage, from node: NodeID,
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        switch message {
        case .raft(let messages):
            for message in messages where isHonest(message.from, node) {
                try receive(message, using: &generator)
            }
        case .request(let id, let shard, let bytes):
            try serve(shard, bytes, for: .peer(node, id: id))
        case .response(let id, let bytes):
            try finishRequest(id, bytes: bytes, from: node, using: &generator)
        case .notLeader(let id, let hint):
            try redirectRequest(id, from: node, hint: hint)
        case .follow(let shard, let logs): try answerFollow(of: logs, shard: shard, for: node)
        case .unfollow(let shard, let logs):
            for log in logs { replica(of: shard)?.interest.remove(node, from: log) }
        case .heads(let shard, _, let heads): receive(heads, of: shard, from: node)
        case .notOwner(let shard, let hint): ownerLost(shard, from: node, hint: hint)
        case .published(let shard, _, let entries): receive(entries, of: shard, from: node)
        case .marks(let shard, _, let chat, let version, let marks):
            receive(marks, version: version, of: chat, shard: shard)
        case .typing(let shard, let chat, let account):
            try relayTyping(of: account, in: chat, shard: shard, from: node)
        case .typed(_, let chat, let account, let epoch, let seq):
            receiveTyped(by: account, in: chat, epoch: epoch, seq: seq)
        case .presenceClaims(let shard, let claims):
            try receive(claims, of: shard, from: node)
        case .presenceWatch(let shard, let accounts):
            try answerWatch(of: accounts, shard: shard, for: node)
        case .presenceStates(_, let states): receive(states)
        case .registryFetch(let have):
            if registry.epoch > have {
                step.outbound.append(.registryState(registry.encoded), to: node)
            }
        case .registryState(let bytes): try receiveRegistry(bytes)
        case .snapshotChunk(let chunk):
            guard isHonest(chunk.from, node) else { return }
            try receive(chunk, using: &generator)
        case .snapshotAck(let ack):
            guard isHonest(ack.from, node) else { return }
            try replica(of: ack.shard)?.receive(ack, store: store, step: &step)
        case .membershipSync(let sync):
            carryOut(members.receiveSync(sync, from: node, at: step.now, using: &generator))
        case .streamPing(let sequence):
            step.outbound.append(.streamPong(sequence: sequence), to: node)
        case .streamPong(let sequence):
            carryOut(members.streamPingAnswered(by: node, sequence: sequence, at: step.now))
        case .isMember(let shard, let replica):
            guard isHonest(replica, node) else { return }
            answerMembership(of: replica, in: shard, to: node)
        case .isNoMember(let shard, let replica):
            acceptExpulsion(of: replica, from: shard, by: node)
        case .goodbye:
            break
        }
    }

    /// Whether a message that `node` brought is of a replica of that node.
    private mutating func isHonest(_ sender: ReplicaID, _ node: NodeID) -> Bool {
        if sender.node == node { return true }
        step.events.append(.ignored("a message of \(sender) that \(node) brought"))
        return false
    }

    private mutating func receive(
        _ message: RaftMessage, using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        guard
            let replica = try addressee(
                message.to, of: message.shard, sender: message.from, using: &generator)
        else { return }
        try replica.receive(
            message, at: step.now, store: store, step: &step, using: &generator)
        noteLeader(of: replica)
        if message.shard == .registry { try adoptRegistry(from: replica) }
    }

    private mutating func receive(
        _ chunk: SnapshotChunk, using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        guard
            let replica = try addressee(
                chunk.to, of: chunk.shard, sender: chunk.from, using: &generator)
        else {
            let ack = SnapshotAck(
                shard: chunk.shard, from: chunk.to, to: chunk.from, id: chunk.id, nextOffset: 0,
                status: .refused)
            step.outbound.append(.snapshotAck(ack), to: chunk.from.node)
            return
        }
        try replica.receive(chunk, store: store, step: &step, using: &generator)
    }

    // MARK: Links

    mutating func linkUp(_ node: NodeID) throws(StorageError) {
        guard !links.contains(node) else { return }
        links.append(node)
        links.sort()
        for replica in replicas { replica.noteLink(to: node, isUp: true) }
        // What the other side knew of this node's interest may have been lost with the last link.
        for shard in following.shards where leaders[shard] == node { following.doubt(shard) }
        askUnconfirmed()
        for shard in leaders.keys.sorted() where leaders[shard] == node { presence.doubt(shard) }
        try repeatHeads(to: node)
        for id in router.sent(to: node) { try send(id) }
    }

    mutating func linkDown(
        _ node: NodeID, isRefused: Bool, using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        links.removeAll { $0 == node }
        for replica in replicas {
            replica.noteLink(to: node, isUp: false)
            // A process that is gone follows nothing; one that is only cut off still does.
            if isRefused { replica.interest.remove(node) }
            guard isRefused, replica.leaderHint == node, !replica.isLeader else { continue }
            // Nobody listens where the leader was: it is gone, and an election need not wait.
            replica.raft.forgetLeader(at: step.now, using: &generator)
            try replica.pump(store: store, step: &step)
        }
        for shard in following.shards where leaders[shard] == node {
            following.doubt(shard)
        }
        for shard in leaders.keys.sorted() where leaders[shard] == node { leaders[shard] = nil }
        for id in router.sent(to: node) { router.postpone(id, until: step.now) }
        try retryRequests()
        askUnconfirmed()
    }

    // MARK: Membership

    /// Does what the failure detector wants done.
    mutating func carryOut(_ effects: [MembershipEffect]) {
        for effect in effects {
            switch effect {
            case .sendDatagram(let message, let address):
                ready.datagrams.append(NodeDatagram(message: message, to: address))
            case .sendSync(let sync, let node):
                step.outbound.append(.membershipSync(sync), to: node)
            case .sendStreamPing(let node, let sequence):
                step.outbound.append(.streamPing(sequence: sequence), to: node)
            case .memberChanged(let record, let previous):
                memberChanged(record, previous: previous)
            case .selfIsClonedOrOutdated(let newer): ready.exit = .cloned(newer: newer)
            case .conflict(let node, _, _): step.events.append(.memberConflict(node))
            }
        }
    }

    private mutating func memberChanged(_ record: MemberRecord, previous: MemberStatus?) {
        step.events.append(.member(record, previous: previous))
        guard record.node != identity.node else { return }
        setPeer(record.node, host: record.endpoint.host, port: record.endpoint.peerPort)
        noteLiveness(of: record)
        if record.facts.registryEpoch > registry.epoch {
            nextRegistryFetch = min(nextRegistryFetch, step.now)
        }
        deliverNodes()
    }

    /// Tells the host where `node` listens, if that is news.
    mutating func setPeer(_ node: NodeID, host: String, port: UInt16) {
        let peer = NodePeer(node: node, host: host, port: port)
        guard port > 0, !peers.contains(peer) else { return }
        peers.removeAll { $0.node == node }
        let position = peers.firstIndex { node < $0.node } ?? peers.count
        peers.insert(peer, at: position)
        ready.peers.append(peer)
        writeKnownMembers()
    }

    private mutating func noteLiveness(of record: MemberRecord) {
        let isAlive = record.isLive
        if let position = livenessSince.firstIndex(where: { $0.node == record.node }) {
            guard livenessSince[position].isAlive != isAlive else { return }
            livenessSince[position].isAlive = isAlive
            livenessSince[position].since = step.now
        } else {
            livenessSince.append(
                LivenessSince(node: record.node, isAlive: isAlive, since: step.now))
            livenessSince.sort { $0.node < $1.node }
        }
    }
}
