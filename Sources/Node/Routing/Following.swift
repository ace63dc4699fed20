internal import Determinism
internal import Identity
internal import Wire

/// Which logs this node's hubs follow, and how far each was delivered.
///
/// What is published goes from the owner of a shard to a node once, whatever the number of hubs and
/// sockets behind it. The owner's memory of it is soft; so this side asks again whenever the owner
/// may have changed, when a number is missing, and now and then for no reason.
///
/// Invariants: 1. `hubs` of a followed log is sorted and not empty. 2. Deliveries of a log are
/// dense from the head that was delivered last.
struct Following {
    /// One followed log.
    struct Followed {
        let shard: ShardID
        var hubs: [HubID]
        /// What the hubs have been told last; nil before the first head.
        var head: LogHead?
        /// The owner has answered since it was last asked.
        var isConfirmed = false
    }

    // Looked up by log; `order` says in which order they are walked.
    private var logs: [LogID: Followed] = [:]
    private var byShard: [ShardID: [LogID]] = [:]

    /// The log, if it is followed.
    subscript(log: LogID) -> Followed? {
        get { logs[log] }
        set { logs[log] = newValue }
    }

    /// `hub` follows `log` of `shard`; whether the owner must be asked.
    mutating func add(_ hub: HubID, to log: LogID, of shard: ShardID) -> Bool {
        if var followed = logs[log] {
            if !followed.hubs.contains(hub) {
                followed.hubs.append(hub)
                followed.hubs.sort()
                logs[log] = followed
            }
            return false
        }
        logs[log] = Followed(shard: shard, hubs: [hub])
        var siblings = byShard[shard] ?? []
        let position = siblings.firstIndex { log < $0 } ?? siblings.count
        siblings.insert(log, at: position)
        byShard[shard] = siblings
        return true
    }

    /// `hub` does not follow `log` any more; the shard whose owner must be told that nobody does.
    mutating func remove(_ hub: HubID, from log: LogID) -> ShardID? {
        guard var followed = logs[log] else { return nil }
        followed.hubs.removeAll { $0 == hub }
        guard followed.hubs.isEmpty else {
            logs[log] = followed
            return nil
        }
        logs[log] = nil
        byShard[followed.shard]?.removeAll { $0 == log }
        if byShard[followed.shard]?.isEmpty == true { byShard[followed.shard] = nil }
        return followed.shard
    }

    /// How many logs are followed.
    var count: Int { logs.count }

    /// The shards with followed logs, sorted.
    var shards: [ShardID] { byShard.keys.sorted() }

    /// The followed logs of `shard`, sorted.
    func logs(of shard: ShardID) -> [LogID] { byShard[shard] ?? [] }

    /// The logs that `hub` follows, sorted; linear in all that are followed.
    func logs(of hub: HubID) -> [LogID] {
        shards.flatMap { logs(of: $0) }.filter { logs[$0]?.hubs.contains(hub) == true }
    }

    /// The owner of `shard` may have changed: none of its logs is confirmed any more.
    mutating func doubt(_ shard: ShardID) {
        for log in byShard[shard] ?? [] { logs[log]?.isConfirmed = false }
    }

    /// The logs of `shard` for which its owner has not answered yet, sorted.
    func unconfirmed(of shard: ShardID) -> [LogID] {
        (byShard[shard] ?? []).filter { logs[$0]?.isConfirmed != true }
    }
}
