import Determinism
import Identity

extension RegistryState {
    /// Applies one committed command. Total and deterministic: every replica ends with the same
    /// state and outcome, whatever the command says. A refused command changes nothing but the
    /// time.
    package mutating func apply(_ command: RegistryCommand) -> RegistryOutcome {
        // A clock that is behind must not make expired tokens valid again.
        time = max(time, command.at)
        if case .initialise(let origin) = command.action { return initialise(origin) }
        guard clusterID != nil else { return .refused(.notInitialised) }
        switch command.action {
        case .initialise: return .refused(.alreadyInitialised)
        case .createToken(let hash, let expiry): return createToken(hash, expiry)
        case .admit(let hash, let requestID, let description):
            return admit(hash, requestID, description)
        case .describe(let node, let description): return describe(node, description)
        case .memberUp(let node): return change(node, to: .up, from: [.joining, .lost, .draining])
        case .drain(let node): return drain(node)
        case .leave(let node):
            guard !isWanted(node) else { return .refused(.stillWanted(node)) }
            Mark.memberLeft.hit()
            return change(node, to: .left, from: [.draining])
        case .markLost(let node):
            return change(node, to: .lost, from: [.joining, .up, .draining])
        case .remove(let node): return remove(node)
        case .setPlacement(let expected, let placedFor, let shards):
            return setPlacement(expected, placedFor, shards)
        case .setRegistryVoters(let expected, let nodes):
            return setRegistryVoters(expected, nodes)
        case .changeSettings(let settings): return changeSettings(settings)
        }
    }

    /// Counts a change.
    private mutating func changed() -> RegistryOutcome {
        epoch = epoch.next
        return .done
    }

    // MARK: The cluster

    private mutating func initialise(_ origin: RegistryOrigin) -> RegistryOutcome {
        guard clusterID == nil else { return .refused(.alreadyInitialised) }
        let count = origin.shardCount
        guard
            (RegistryLimits.shardCountMin...RegistryLimits.shardCountMax).contains(count),
            count & (count - 1) == 0
        else { return .refused(.invalid(field: "shardCount")) }
        guard origin.first.isWithinLimits else { return .refused(.invalid(field: "first")) }
        guard origin.settings.isWithinLimits else { return .refused(.invalid(field: "settings")) }
        guard origin.publicRooms.count <= RegistryLimits.publicRoomsMax,
            origin.publicRooms.allSatisfy({
                $0.name.utf8.count <= RegistryLimits.nameBytesMax
                    && $0.fullName.utf8.count <= RegistryLimits.textBytesMax
            })
        else { return .refused(.invalid(field: "publicRooms")) }
        let first = NodeID(1)
        clusterID = origin.clusterID
        settings = origin.settings
        publicRooms = origin.publicRooms
        nextNodeID = NodeID(2)
        members = [
            RegistryMember(
                node: first, standing: .up, description: origin.first,
                requestID: MessageID(high: 0, low: 0), changedAt: time)
        ]
        let alone = ShardPlacement(initial: [ReplicaID(node: first)])
        shards = Array(repeating: alone, count: count)
        registryGroup = alone
        return changed()
    }

    private mutating func changeSettings(_ settings: RegistrySettings) -> RegistryOutcome {
        guard settings.isWithinLimits else { return .refused(.invalid(field: "settings")) }
        guard settings != self.settings else { return .unchanged }
        self.settings = settings
        return changed()
    }

    // MARK: Joining

    /// An expired token is remembered for this long, so that it is told from an unknown one.
    private static let tokenMemory = Interval.seconds(86_400)

    private mutating func createToken(_ hash: [UInt8], _ expiry: WallTime) -> RegistryOutcome {
        guard hash.count == RegistryLimits.tokenHashBytes else {
            return .refused(.invalid(field: "hash"))
        }
        guard expiry > time else { return .refused(.tokenExpired) }
        guard !tokens.contains(where: { $0.hash == hash }) else { return .unchanged }
        let kept = tokens.filter { time - $0.expiry <= Self.tokenMemory }
        guard kept.count < RegistryLimits.tokensMax else {
            return .refused(.full(max: RegistryLimits.tokensMax))
        }
        tokens = kept + [JoinToken(hash: hash, expiry: expiry, isUsed: false)]
        return changed()
    }

    private mutating func admit(
        _ hash: [UInt8], _ requestID: MessageID, _ description: MemberDescription
    ) -> RegistryOutcome {
        // First: an answer that got lost is given again, though its token is used by now.
        if let member = members.first(where: { $0.requestID == requestID && $0.node != NodeID(1) })
        {
            Mark.admittedAgain.hit()
            return .admitted(member.node)
        }
        guard let position = tokens.firstIndex(where: { $0.hash == hash }) else {
            return .refused(.tokenUnknown)
        }
        guard !tokens[position].isUsed else { return .refused(.tokenUsed) }
        guard tokens[position].expiry > time else { return .refused(.tokenExpired) }
        guard description.isWithinLimits else { return .refused(.invalid(field: "description")) }
        guard members.count < RegistryLimits.membersMax else {
            return .refused(.full(max: RegistryLimits.membersMax))
        }
        let node = nextNodeID
        guard node.rawValue < UInt64(UInt32.max) else { return .refused(.invalid(field: "node")) }
        tokens[position].isUsed = true
        nextNodeID = NodeID(node.rawValue + 1)
        members.append(
            RegistryMember(
                node: node, standing: .joining, description: description, requestID: requestID,
                changedAt: time))
        _ = changed()
        return .admitted(node)
    }

    private mutating func describe(
        _ node: NodeID, _ description: MemberDescription
    ) -> RegistryOutcome {
        guard let position = position(of: node) else { return .refused(.memberUnknown(node)) }
        guard description.isWithinLimits else { return .refused(.invalid(field: "description")) }
        guard members[position].description != description else { return .unchanged }
        members[position].description = description
        return changed()
    }

    // MARK: Standing

    private func position(of node: NodeID) -> Int? {
        members.firstIndex { $0.node == node }
    }

    private mutating func change(
        _ node: NodeID, to standing: MemberStanding, from allowed: [MemberStanding]
    ) -> RegistryOutcome {
        guard let position = position(of: node) else { return .refused(.memberUnknown(node)) }
        let current = members[position].standing
        guard current != standing else { return .unchanged }
        guard allowed.contains(current) else { return .refused(.wrongStanding(node, current)) }
        members[position].standing = standing
        members[position].changedAt = time
        return changed()
    }

    private mutating func drain(_ node: NodeID) -> RegistryOutcome {
        // Its data must have somewhere to go.
        guard members.contains(where: { $0.node != node && $0.standing == .up }) else {
            return .refused(.lastMember)
        }
        return change(node, to: .draining, from: [.up, .joining])
    }

    private mutating func remove(_ node: NodeID) -> RegistryOutcome {
        guard let position = position(of: node) else {
            return isRemoved(node) ? .unchanged : .refused(.memberUnknown(node))
        }
        let standing = members[position].standing
        guard standing == .left || standing == .lost else {
            return .refused(.wrongStanding(node, standing))
        }
        // A lost node that is the only holder of a shard is not given up by this command.
        guard !isOnlyHolder(node) else { return .refused(.stillWanted(node)) }
        members.remove(at: position)
        // The id is never used again, so nobody needs to know how often it had what.
        for shard in shards.indices { shards[shard].forget(node) }
        registryGroup.forget(node)
        return changed()
    }

    private func isOnlyHolder(_ node: NodeID) -> Bool {
        (shards + [registryGroup]).contains { $0.desired.count == 1 && $0.desired[0].node == node }
    }

    // MARK: Placement

    private func isPossible(_ nodes: [NodeID], max limit: Int) -> Bool {
        (1...limit).contains(nodes.count)
            && nodes.indices.allSatisfy { !nodes[..<$0].contains(nodes[$0]) }
            && nodes.allSatisfy { node in
                member(node).map { $0.standing != .left && $0.standing != .joining } ?? false
            }
    }

    private mutating func setPlacement(
        _ expected: RegistryEpoch, _ placedFor: UInt64, _ wanted: [[NodeID]]
    ) -> RegistryOutcome {
        guard expected == epoch || Canary.staleRegistry.lives else {
            Mark.registryProposalVoid.hit()
            return .refused(.stale(current: epoch))
        }
        guard wanted.count == shards.count,
            wanted.allSatisfy({ isPossible($0, max: RegistryLimits.replicationFactorMax) })
        else { return .refused(.invalid(field: "shards")) }
        for (shard, nodes) in wanted.enumerated() { shards[shard].want(nodes) }
        self.placedFor = placedFor
        return changed()
    }

    private mutating func setRegistryVoters(
        _ expected: RegistryEpoch, _ nodes: [NodeID]
    ) -> RegistryOutcome {
        guard expected == epoch else { return .refused(.stale(current: epoch)) }
        guard isPossible(nodes, max: RegistryLimits.registryVotersMax), nodes.count % 2 == 1 else {
            return .refused(.invalid(field: "nodes"))
        }
        registryGroup.want(nodes)
        return changed()
    }
}

extension ShardPlacement {
    /// Takes a removed node out; the others stay who they are.
    mutating func forget(_ node: NodeID) {
        desired.removeAll { $0.node == node }
        handedOut.removeAll { $0.node == node }
    }
}
