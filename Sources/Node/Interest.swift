internal import Identity

/// Which nodes follow which logs of a shard, as its leader knows: soft state, told again by the
/// followers whenever the leader changes.
struct Interest {
    // Looked up by log; the lists are sorted.
    private var followers: [LogID: [NodeID]] = [:]

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
    }

    /// `node` does not follow `log` any more.
    mutating func remove(_ node: NodeID, from log: LogID) {
        guard var nodes = followers[log] else { return }
        nodes.removeAll { $0 == node }
        followers[log] = nodes.isEmpty ? nil : nodes
    }

    /// `node` is gone; linear in the logs that are followed.
    mutating func remove(_ node: NodeID) {
        followers = followers.compactMapValues { nodes in
            let rest = nodes.filter { $0 != node }
            return rest.isEmpty ? nil : rest
        }
    }
}
