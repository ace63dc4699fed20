internal import Determinism
internal import Identity
internal import Node
internal import Raft
internal import Wire

/// All that clients and replicas have shown so far, as every checker sees it.
struct History {
    var agreement = Agreement()
    var stateAgreement = StateAgreement()
    var electionSafety = ElectionSafety()
    var denseOrder = DenseOrder()
    var exactlyOnce = ExactlyOnce()
    var durability = Durability()
    var realTimeOrder = RealTimeOrder()
    var delivery = Delivery()
    var authorisation = Authorisation()
    var unreadCounts = UnreadCounts()
    var refusals = Refusals()
    var sessions = Sessions()
    var refetch = Refetch()
    /// What belongs to no checker of its own.
    var others: [Violation] = []

    /// Everything that did not hold.
    var violations: [Violation] {
        agreement.violations + stateAgreement.violations + electionSafety.violations
            + denseOrder.violations + exactlyOnce.violations + durability.violations
            + realTimeOrder.violations + delivery.violations + authorisation.violations
            + unreadCounts.violations + refusals.violations + sessions.violations
            + refetch.violations + others
    }

    var isSound: Bool {
        agreement.violations.isEmpty && stateAgreement.violations.isEmpty
            && electionSafety.violations.isEmpty && denseOrder.violations.isEmpty
            && exactlyOnce.violations.isEmpty && realTimeOrder.violations.isEmpty
            && delivery.violations.isEmpty && refusals.violations.isEmpty
            && sessions.violations.isEmpty && refetch.violations.isEmpty && others.isEmpty
    }

    mutating func report(_ property: String, _ words: String) {
        others.append(Violation(property: property, words: words))
    }

    /// Something happened in a node.
    mutating func note(_ event: NodeEvent) {
        switch event {
        case .applied(let shard, let replica, let entries, let last, let checksum, let stateHash):
            agreement.applied(entries, checksum: checksum, by: replica, of: shard)
            stateAgreement.reached(last, stateHash: stateHash, by: replica, of: shard)
        case .snapshotInstalled(let shard, let replica, let index, let stateHash):
            stateAgreement.reached(index, stateHash: stateHash, by: replica, of: shard)
        case .leadership(let shard, let replica, let leadership):
            if leadership.role == .leader {
                electionSafety.led(shard, in: leadership.term, by: replica)
            }
        case .memberConflict(let node):
            report("membership", "\(node) is thought to be two")
        case .ignored(let words): report("sound messages", words)
        case .replicaSuspect(let shard, let replica, let reason):
            report("sound disks", "\(replica) of \(shard): \(reason)")
        case .compacted, .snapshotStarted, .snapshotEnded, .replicaCreated, .replicaDestroyed,
            .configuration, .member, .registry:
            break
        }
    }

    /// Somebody was shown an entry.
    mutating func saw(_ entry: ClientEntry, in log: LogID, by account: AccountID?, _ whom: String) {
        denseOrder.saw(entry, in: log, by: whom)
        guard case .chat(let chat) = log else { return }
        if let cmid = entry.cmid {
            exactlyOnce.saw(cmid, in: chat, at: entry.seq)
            refusals.saw(cmid, in: chat)
        }
        if let account { authorisation.shows(entry.seq, of: chat, to: account) }
    }
}

extension ClientEntry {
    /// The id under which a simulated person sent this message; it is in the text.
    var cmid: MessageID? {
        guard case .text(let text) = content else { return nil }
        return MessageID(text: Substring(text.utf8.prefix(32)))
    }
}
