internal import Identity

/// Which nodes follow which logs of a shard, as its leader knows: soft state, told again by the
/// followers whenever the leader changes.
struct Interest {
    // Looked up by log; the lists are sorted.
    private var followers: [LogID: [NodeID]] = [:]
    /// How many follows there are: each of a log by a node counts.
    private(set) var count = 0

    /// The nodes that follow `log`, sorted.
    func followers(of log: LogID) -> [NodeID] { followers[log] ?? [] }

    /// Every node that follows anything, sorted; linear in the logs that are followed.
    var allFollowers: [NodeID] {
        var all: Set<NodeID> = []
        for nodes in followers.values { all.formUnion(nodes) }
        return all.sorted()
    }

    /// `node` follows `log` from now on.
    mutating func add(_ node: NodeID, to log: LogID) {
        var nodes = followers[log] ?? []
        guard !nodes.contains(node) else { return }
        nodes.append(node)
        nodes.sort()
        followers[log] = nodes
        count += 1
    }

    /// The logs that `node` follows, sorted; linear in the logs that are followed.
    func logs(of node: NodeID) -> [LogID] {
        followers.filter { $0.value.contains(node) }.keys.sorted()
    }

    /// `node` does not follow `log` any more.
    mutating func remove(_ node: NodeID, from log: LogID) {
        guard var nodes = followers[log], nodes.contains(node) else { return }
        nodes.removeAll { $0 == node }
        count -= 1
        followers[log] = nodes.isEmpty ? nil : nodes
    }

    /// `node` is gone; linear in the logs that are followed.
    mutating func remove(_ node: NodeID) {
        for log in logs(of: node) { remove(node, from: log) }
    }
}
