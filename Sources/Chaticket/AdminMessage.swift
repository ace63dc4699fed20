import Foundation
import Identity
import Membership
import Node
import Registry
import Seal

/// What an operator's command asks the node on this machine: one line of JSON.
struct AdminRequest: Codable {
    enum Kind: String, Codable {
        case status
        case locate
        case token
    }

    var version = AdminMessage.version
    let request: Kind
    /// The chat to locate, 32 hexadecimal digits.
    var chat: String?
    /// How long a token is good.
    var seconds: UInt64?
}

/// What the node answers: one line of JSON with exactly one of the optional members.
struct AdminResponse: Codable {
    var version = AdminMessage.version
    var status: StatusReport?
    var location: LocationReport?
    var token: TokenReport?
    var error: AdminError?
}

/// Both directions of the socket.
enum AdminMessage {
    /// Grows when a member is renamed or removed; new members alone do not count.
    static let version = 1
    /// The longest request, in bytes.
    static let requestBytesMax = 4_096
    /// The longest response, in bytes.
    static let responseBytesMax = 64 << 20

    /// One line.
    static func line(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            return Array(#"{"version":1}"#.utf8) + [UInt8(ascii: "\n")]
        }
        return Array(data) + [UInt8(ascii: "\n")]
    }
}

/// Why the node does not do it.
struct AdminError: Codable {
    /// Stable.
    let code: String
    /// A sentence.
    let message: String
    let retryable: Bool
}

/// A token as it was made.
struct TokenReport: Codable {
    let token: String
    /// Milliseconds since 1970.
    let expires: UInt64
}

/// `cluster status`: the cluster as the node that was asked knows it.
struct StatusReport: Codable {
    struct Node: Codable {
        let id: UInt64
        let name: String
        /// What the registry says: joining, up, draining, left, lost.
        let standing: String
        /// What gossip says: alive, suspect, dead, left; left out if it never heard of it.
        let liveness: String?
        let host: String?
        let gossipPort: UInt16?
        let peerPort: UInt16?
        let clientURL: String?
        let zone: String
        /// How many replicas the registry wants on it.
        let wantedReplicas: Int
        /// How many shards it leads, as far as the asked node knows.
        let leads: Int
    }

    struct Shard: Codable {
        /// The number of the shard, or "registry".
        let shard: String
        /// Who should hold it, the preferred owner first.
        let desired: [UInt64]
        /// Who leads it, as far as the asked node knows.
        let leader: UInt64?
        /// The asked node's own replica; left out if it has none.
        let local: Replica?
    }

    struct Replica: Codable {
        let isLeader: Bool
        let term: UInt64
        let applied: UInt64
        let commit: UInt64
        let last: UInt64
        let voters: [UInt64]
        let learners: [UInt64]
        /// Whether its group is changing members.
        let isJoint: Bool
        /// Whether it lost acknowledged data and waits for a rebuild.
        let isSuspect: Bool
        /// 16 hexadecimal digits; equal on all replicas that applied as much.
        let stateHash: String
        /// Followers, if it leads, and how many entries each is behind.
        let followers: [Follower]
    }

    struct Follower: Codable {
        let node: UInt64
        let entriesBehind: Int
        let isActive: Bool
    }

    /// The node that answers.
    let node: UInt64
    let cluster: String
    let epoch: UInt64
    let nodes: [Node]
    let shards: [Shard]
}

/// `cluster locate`: where a chat lives.
struct LocationReport: Codable {
    let chat: String
    /// 16 hexadecimal digits.
    let hash: String
    let shard: String
    let epoch: UInt64
    let desired: [UInt64]
    /// Who votes, as the asked node's replica knows it; empty when it holds none.
    let actual: [UInt64]
    let owner: UInt64?
}

extension StatusReport {
    init(_ status: ClusterStatus) {
        node = status.node.rawValue
        cluster = status.cluster.text
        epoch = status.epoch.rawValue
        nodes = status.members.map { member in
            Node(
                id: member.node.rawValue, name: member.name, standing: "\(member.standing)",
                liveness: member.liveness.map { "\($0)" }, host: member.endpoint?.host,
                gossipPort: member.endpoint?.gossipPort, peerPort: member.endpoint?.peerPort,
                clientURL: member.endpoint?.clientURL, zone: member.zone,
                wantedReplicas: member.wanted,
                leads: status.shards.filter { $0.leader == member.node }.count)
        }
        shards = status.shards.map(Shard.init)
    }
}

extension StatusReport.Shard {
    init(_ line: ShardStatusLine) {
        shard = AdminText.shard(line.shard)
        desired = line.desired.map(\.node.rawValue)
        leader = line.leader?.rawValue
        local = line.local.map(StatusReport.Replica.init)
    }
}

extension StatusReport.Replica {
    init(_ status: ReplicaStatus) {
        isLeader = status.isLeader
        term = status.term
        applied = status.applied
        commit = status.commit
        last = status.last
        voters = status.voters.map(\.node.rawValue)
        learners = status.learners.map(\.node.rawValue)
        isJoint = status.isJoint
        isSuspect = status.isSuspect
        stateHash = AdminText.hash(status.stateHash)
        followers = status.lag.map {
            StatusReport.Follower(
                node: $0.replica.node.rawValue, entriesBehind: $0.entries, isActive: $0.isActive)
        }
    }
}

extension LocationReport {
    init(_ location: ChatLocation) {
        chat = location.chat.text
        hash = AdminText.hash(location.hash)
        shard = AdminText.shard(location.shard)
        epoch = location.epoch.rawValue
        desired = location.desired.map(\.node.rawValue)
        actual = location.actual.map(\.node.rawValue)
        owner = location.owner?.rawValue
    }
}

/// The spelling of numbers in reports.
enum AdminText {
    static func shard(_ shard: ShardID) -> String {
        shard == .registry ? "registry" : "\(shard.rawValue)"
    }

    static func hash(_ hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
