package import Identity

/// Who belongs to a group (Raft 6). Joint while `votersOutgoing` is not empty: then elections and
/// commits need a majority of both sets of voters.
///
/// Invariants:
/// 1. Every list is sorted and free of duplicates.
/// 2. Nobody is voter and learner; `learnersNext` are among `votersOutgoing` and not among
///    `voters`.
/// 3. `votersOutgoing`, `learnersNext` and `autoLeave` are empty and false unless joint.
/// 4. There is a voter, except in ``empty``.
package struct Configuration: Hashable, Sendable {
    /// The voters; while joint, the incoming ones.
    package let voters: [ReplicaID]
    /// While joint, the voters to be left behind.
    package let votersOutgoing: [ReplicaID]
    /// Get the log, do not count.
    package let learners: [ReplicaID]
    /// Outgoing voters that become learners when the joint configuration is left.
    package let learnersNext: [ReplicaID]
    /// Whether the leader leaves the joint configuration by itself once it has been applied.
    package let autoLeave: Bool

    /// How many members a configuration may name.
    package static let membersMax = 64

    /// That of a replica that has not yet heard from a leader.
    package static let empty = Configuration(
        sortedVoters: [], outgoing: [], learners: [], learnersNext: [], autoLeave: false)

    private init(
        sortedVoters: [ReplicaID], outgoing: [ReplicaID], learners: [ReplicaID],
        learnersNext: [ReplicaID], autoLeave: Bool
    ) {
        self.voters = sortedVoters
        self.votersOutgoing = outgoing
        self.learners = learners
        self.learnersNext = learnersNext
        self.autoLeave = autoLeave
    }

    /// A configuration of these voters and learners, in any order; throws
    /// ``RaftError/invalidConfiguration(_:)``.
    package init(
        voters: [ReplicaID], votersOutgoing: [ReplicaID] = [], learners: [ReplicaID] = [],
        learnersNext: [ReplicaID] = [], autoLeave: Bool = false
    ) throws(RaftError) {
        self.init(
            sortedVoters: voters.sorted(), outgoing: votersOutgoing.sorted(),
            learners: learners.sorted(), learnersNext: learnersNext.sorted(), autoLeave: autoLeave)
        if let fault { throw .invalidConfiguration(fault) }
    }

    /// Whether decisions need two majorities.
    package var isJoint: Bool { !votersOutgoing.isEmpty }

    /// Whether it names nobody.
    package var isEmpty: Bool { voters.isEmpty }

    /// Everybody it names, sorted; linear.
    package var members: [ReplicaID] {
        var all: [ReplicaID] = []
        for id in (voters + votersOutgoing + learners + learnersNext).sorted() where all.last != id
        {
            all.append(id)
        }
        return all
    }

    /// Whether `id` has a vote in either half.
    package func isVoter(_ id: ReplicaID) -> Bool {
        voters.contains(id) || votersOutgoing.contains(id)
    }

    /// Whether `id` is named at all.
    package func contains(_ id: ReplicaID) -> Bool {
        isVoter(id) || learners.contains(id) || learnersNext.contains(id)
    }

    /// What follows when `change` is applied to this one; throws
    /// ``RaftError/invalidConfiguration(_:)``.
    package func applying(_ change: ConfigurationChange) throws(RaftError) -> Configuration {
        if isJoint, change != .leaveJoint { throw .invalidConfiguration(.alreadyJoint) }
        switch change {
        case .addLearner(let id):
            if contains(id) { throw .invalidConfiguration(.duplicate(id)) }
            return try Configuration(voters: voters, learners: learners + [id])
        case .removeLearner(let id):
            guard learners.contains(id) else { throw .invalidConfiguration(.notLearner(id)) }
            return try Configuration(voters: voters, learners: learners.filter { $0 != id })
        case .enterJoint(let incoming, let learnersAfter, let autoLeave):
            let target = try Configuration(voters: incoming, learners: learnersAfter)
            if target.voters == voters, target.learners == learners {
                throw .invalidConfiguration(.unchanged)
            }
            return try Configuration(
                voters: incoming, votersOutgoing: voters,
                learners: learnersAfter.filter { !voters.contains($0) },
                learnersNext: learnersAfter.filter { voters.contains($0) }, autoLeave: autoLeave)
        case .leaveJoint:
            guard isJoint else { throw .invalidConfiguration(.notJoint) }
            return try Configuration(voters: voters, learners: learners + learnersNext)
        }
    }

    private var fault: ConfigurationFault? {
        if voters.isEmpty { return .noVoters }
        let named = voters.count + votersOutgoing.count + learners.count + learnersNext.count
        if named > 2 * Self.membersMax || members.count > Self.membersMax { return .tooManyMembers }
        for list in [voters, votersOutgoing, (learners + learnersNext).sorted()] {
            for (id, following) in zip(list, list.dropFirst()) where id == following {
                return .duplicate(id)
            }
        }
        for id in learners where isVoter(id) { return .duplicate(id) }
        for id in learnersNext where voters.contains(id) { return .duplicate(id) }
        for id in learnersNext where !votersOutgoing.contains(id) { return .notJoint }
        if !isJoint, autoLeave { return .notJoint }
        return nil
    }
}

/// One step from a configuration to the next.
package enum ConfigurationChange: Hashable, Sendable {
    /// Adds a replica that gets the log and does not count.
    case addLearner(ReplicaID)
    /// Drops a learner.
    case removeLearner(ReplicaID)
    /// Any change of voters: from now on both majorities are needed. The lists are those that are
    /// in force once the joint configuration is left; whoever is in neither is then no member.
    case enterJoint(voters: [ReplicaID], learners: [ReplicaID], autoLeave: Bool)
    /// Drops the outgoing voters.
    case leaveJoint
}

extension Configuration {
    private static let formatVersion: UInt8 = 1

    /// The binary form: version, flags, then each list as a count of two bytes and twelve bytes for
    /// each replica (node, incarnation); big-endian.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [Self.formatVersion, autoLeave ? 1 : 0]
        for list in [voters, votersOutgoing, learners, learnersNext] {
            Self.append(UInt64(list.count), bytes: 2, to: &bytes)
            for id in list {
                Self.append(id.node.rawValue, bytes: 8, to: &bytes)
                Self.append(UInt64(id.incarnation), bytes: 4, to: &bytes)
            }
        }
        return bytes
    }

    /// Reads the binary form; throws ``RaftError/malformedConfiguration``.
    package init(bytes: [UInt8]) throws(RaftError) {
        var rest = bytes[...]
        guard rest.popFirst() == Self.formatVersion, let flags = rest.popFirst(), flags <= 1 else {
            throw .malformedConfiguration
        }
        var lists: [[ReplicaID]] = []
        for _ in 0..<4 {
            let count = try Self.read(2, from: &rest)
            guard count <= Self.membersMax else { throw .malformedConfiguration }
            var list: [ReplicaID] = []
            for _ in 0..<count {
                let node = try Self.read(8, from: &rest)
                let incarnation = try Self.read(4, from: &rest)
                let id = ReplicaID(
                    node: NodeID(node), incarnation: UInt32(truncatingIfNeeded: incarnation))
                if let last = list.last, last >= id { throw .malformedConfiguration }
                list.append(id)
            }
            lists.append(list)
        }
        guard rest.isEmpty else { throw .malformedConfiguration }
        if lists.allSatisfy(\.isEmpty), flags == 0 {
            self = .empty
            return
        }
        do {
            try self.init(
                voters: lists[0], votersOutgoing: lists[1], learners: lists[2],
                learnersNext: lists[3], autoLeave: flags == 1)
        } catch {
            throw .malformedConfiguration
        }
    }

    private static func append(_ value: UInt64, bytes count: Int, to bytes: inout [UInt8]) {
        for position in stride(from: count - 1, through: 0, by: -1) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * position)))
        }
    }

    private static func read(
        _ count: Int, from bytes: inout ArraySlice<UInt8>
    ) throws(RaftError) -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<count {
            guard let byte = bytes.popFirst() else { throw .malformedConfiguration }
            value = value << 8 | UInt64(byte)
        }
        return value
    }
}
