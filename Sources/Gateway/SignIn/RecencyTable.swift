/// A dictionary of bounded size that forgets the entry that was written longest ago. Constant time.
struct RecencyTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Node: Sendable {
        var key: Key
        var value: Value
        var older: Int?
        var newer: Int?
    }

    private let countMax: Int
    private var nodes: [Node] = []
    private var positions: [Key: Int] = [:]
    private var free: [Int] = []
    private var oldest: Int?
    private var newest: Int?

    init(countMax: Int) {
        precondition(countMax > 0, "a table holds something")
        self.countMax = countMax
    }

    var count: Int { positions.count }

    func value(of key: Key) -> Value? { positions[key].map { nodes[$0].value } }

    /// Keeps `value` and makes it the newest.
    mutating func set(_ key: Key, _ value: Value) {
        if let position = positions[key] {
            unlink(position)
            nodes[position].value = value
            link(position)
            return
        }
        if positions.count == countMax, let oldest { remove(nodes[oldest].key) }
        let node = Node(key: key, value: value)
        let position: Int
        if let reused = free.popLast() {
            position = reused
            nodes[position] = node
        } else {
            position = nodes.count
            nodes.append(node)
        }
        positions[key] = position
        link(position)
    }

    mutating func remove(_ key: Key) {
        guard let position = positions.removeValue(forKey: key) else { return }
        unlink(position)
        free.append(position)
    }

    private mutating func link(_ position: Int) {
        nodes[position].older = newest
        nodes[position].newer = nil
        if let newest { nodes[newest].newer = position }
        newest = position
        if oldest == nil { oldest = position }
    }

    private mutating func unlink(_ position: Int) {
        let node = nodes[position]
        if let older = node.older { nodes[older].newer = node.newer } else { oldest = node.newer }
        if let newer = node.newer { nodes[newer].older = node.older } else { newest = node.older }
    }
}
