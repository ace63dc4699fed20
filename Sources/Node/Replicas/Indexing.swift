internal import Identity

/// Which chats of this node wait to get the newest entries of their log into their index of
/// messages: in the order in which they came, each once, one at a time. Soft: what is forgotten is
/// found again by the next search, or some entries later.
///
/// Invariants: 1. `waiting` has the places of `queue` from `next` on, each once.
struct Indexing {
    /// A chat and its shard.
    struct Place: Hashable {
        let shard: ShardID
        let chat: ChatID
    }

    /// What is done by a question to the store, for one replica and generation of its state.
    struct Work: Hashable {
        let shard: ShardID
        let replica: ReplicaID
        let generation: UInt8
        let chat: ChatID

        /// Which chat's index is extended.
        var place: Place { Place(shard: shard, chat: chat) }
    }

    private var queue: [Place] = []
    private var next = 0
    private var waiting: Set<Place> = []
    /// What is under way; nil when nothing is.
    private(set) var work: Work?

    /// How many chats wait.
    var count: Int { waiting.count }

    /// Lets chats wait, those that do already aside; at most `countMax`.
    mutating func add(_ places: [Place], countMax: Int) {
        for place in places where waiting.count < countMax && waiting.insert(place).inserted {
            queue.append(place)
        }
    }

    /// The chat that has waited longest; nil when none does.
    mutating func take() -> Place? {
        guard next < queue.count else { return nil }
        let place = queue[next]
        next += 1
        waiting.remove(place)
        if next == queue.count {
            queue = []
            next = 0
        }
        return place
    }

    mutating func begin(_ work: Work) {
        precondition(self.work == nil, "one piece at a time")
        self.work = work
    }

    mutating func end() { work = nil }
}
