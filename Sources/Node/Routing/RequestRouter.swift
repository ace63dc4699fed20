internal import Determinism
internal import Identity

/// This node's requests to shards: where each was sent, and when to try elsewhere.
///
/// Every request is safe to repeat (commands are idempotent under their ids), so the router repeats
/// it until somebody who leads the shard answers or the request's patience ends.
///
/// Invariants:
/// 1. `order` has the ids of `requests` in the order in which they were made, and maybe ids that
///    are done.
struct RequestRouter {
    /// Who gets the answer.
    enum Origin: Hashable {
        /// Step `slot` of a procedure.
        case procedure(UInt64, slot: Int)
        /// The effect at `place` in the outbox of a shard.
        case outbox(ShardID, place: UInt64)
        /// A change of the registry that this node wants; it is wanted again if it fails.
        case registryChange
        /// An operator asked for it.
        case `operator`(UInt64)
        /// When an account was last there; it is written again if it is lost.
        case lastSeen
        /// A public room: whether it exists, or that it should.
        case room(ChatID, isQuestion: Bool)
    }

    /// One request under way.
    struct Request {
        let shard: ShardID
        let bytes: [UInt8]
        let origin: Origin
        let deadline: Instant
        /// Who was asked; nil while nobody is.
        var target: NodeID?
        /// When to try again.
        var retryAt: Instant
        /// Counts the tries; says whom to try when nobody knows the leader.
        var attempts = 0
    }

    private var requests: [UInt64: Request] = [:]
    private var order: [UInt64] = []
    private var nextID: UInt64

    /// `firstID` is above every id of earlier runs of this node: an answer to one of those may
    /// still be on its way, and is nobody's now.
    init(firstID: UInt64) {
        nextID = firstID
    }

    /// How many requests are under way.
    var count: Int { requests.count }

    /// Takes a request and gives its number.
    mutating func add(_ request: Request) -> UInt64 {
        let id = nextID
        nextID += 1
        requests[id] = request
        order.append(id)
        return id
    }

    /// The request `id`, if it is still under way.
    subscript(id: UInt64) -> Request? { requests[id] }

    /// Notes that `id` was sent to `target` and is to be sent again at `retryAt`.
    mutating func sent(_ id: UInt64, to target: NodeID?, retryAt: Instant) {
        requests[id]?.target = target
        requests[id]?.retryAt = retryAt
        requests[id]?.attempts += 1
    }

    /// Notes that `id` found nobody and is to be tried again at `retryAt`.
    mutating func postpone(_ id: UInt64, until retryAt: Instant) {
        requests[id]?.target = nil
        requests[id]?.retryAt = retryAt
    }

    /// Notes that the requests to `shard` that others than `leader` were asked are to be tried
    /// again at `now`. Linear in the requests under way.
    mutating func retry(_ shard: ShardID, exceptAt leader: NodeID, at now: Instant) {
        for id in order {
            guard let request = requests[id], request.shard == shard, request.target != leader
            else { continue }
            requests[id]?.retryAt = now
        }
    }

    /// The request is done: forgets and returns it; nil if it was done before.
    mutating func remove(_ id: UInt64) -> Request? { requests.removeValue(forKey: id) }

    /// The requests that were sent to `node`, in order.
    func sent(to node: NodeID) -> [UInt64] { order.filter { requests[$0]?.target == node } }

    /// The requests whose time is over or who are to be tried again, in order. Linear in the
    /// requests under way; called once a tick.
    mutating func due(at now: Instant) -> (expired: [UInt64], retries: [UInt64]) {
        order.removeAll { requests[$0] == nil }
        var expired: [UInt64] = []
        var retries: [UInt64] = []
        for id in order {
            guard let request = requests[id] else { continue }
            if request.deadline <= now {
                expired.append(id)
            } else if request.retryAt <= now {
                retries.append(id)
            }
        }
        return (expired, retries)
    }
}
