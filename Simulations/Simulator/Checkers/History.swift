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
    var logMatching = LogMatching()
    var leaderCompleteness = LeaderCompleteness()
    var denseOrder = DenseOrder()
    var exactlyOnce = ExactlyOnce()
    var durability = Durability()
    var realTimeOrder = RealTimeOrder()
    var senderOrder = SenderOrder()
    var linearizableReads = LinearizableReads()
    var delivery = Delivery()
    var authorisation = Authorisation()
    var unreadCounts = UnreadCounts()
    var refusals = Refusals()
    var replies = Replies()
    var forwards = Forwards()
    var stars = Stars()
    var settings = SyncedSettings()
    var drafts = Drafts()
    var passwords = Passwords()
    var edits = Edits()
    var deletions = Deletions()
    var search = Search()
    var directChats = DirectChats()
    var reactions = Reactions()
    var pins = Pins()
    var inviteLinks = InviteLinks()
    var phoneInvitations = PhoneInvitations()
    var typing = Typing()
    var presences = Presences()
    var sessions = Sessions()
    var refetch = Refetch()
    var liveness = BoundedLiveness()
    var resourceBounds = ResourceBounds()
    var availability: Availability
    var definiteErrors = DefiniteErrors()
    /// What belongs to no checker of its own.
    var others: [Violation] = []

    /// Nothing has happened yet in a run that owes its clients so much.
    init(promise: Availability.Promise) {
        availability = Availability(promise: promise)
    }

    /// Everything that did not hold.
    var violations: [Violation] {
        let all: [[Violation]] = [
            agreement.violations, stateAgreement.violations, electionSafety.violations,
            logMatching.violations, leaderCompleteness.violations, denseOrder.violations,
            exactlyOnce.violations, durability.violations, realTimeOrder.violations,
            senderOrder.violations, linearizableReads.violations, delivery.violations,
            refetch.violations, unreadCounts.violations, authorisation.violations,
            sessions.violations, refusals.violations, replies.violations, forwards.violations,
            stars.violations, edits.violations, deletions.violations, search.violations,
            directChats.violations, reactions.violations, pins.violations,
            inviteLinks.violations, phoneInvitations.violations, settings.violations,
            drafts.violations, passwords.violations, typing.violations, presences.violations,
            definiteErrors.violations, availability.violations, resourceBounds.violations,
            liveness.violations, others,
        ]
        return all.flatMap { $0 }
    }

    /// Whether everything has held so far, but for what is judged in the end; asked at every event.
    var isSound: Bool { areLogsSound && areClientsSound && others.isEmpty }

    private var areLogsSound: Bool {
        agreement.violations.isEmpty && stateAgreement.violations.isEmpty
            && electionSafety.violations.isEmpty && logMatching.violations.isEmpty
            && leaderCompleteness.violations.isEmpty && denseOrder.violations.isEmpty
            && exactlyOnce.violations.isEmpty && durability.violations.isEmpty
            && realTimeOrder.violations.isEmpty && senderOrder.violations.isEmpty
    }

    private var areClientsSound: Bool {
        linearizableReads.violations.isEmpty && delivery.violations.isEmpty
            && refetch.violations.isEmpty && sessions.violations.isEmpty
            && refusals.violations.isEmpty && replies.violations.isEmpty
            && forwards.violations.isEmpty && stars.violations.isEmpty && edits.violations.isEmpty
            && deletions.violations.isEmpty && search.violations.isEmpty
            && directChats.violations.isEmpty && reactions.violations.isEmpty
            && pins.violations.isEmpty && settings.violations.isEmpty
            && drafts.violations.isEmpty && passwords.violations.isEmpty
            && typing.violations.isEmpty && presences.violations.isEmpty
            && definiteErrors.violations.isEmpty
            && availability.violations.isEmpty && resourceBounds.violations.isEmpty
            && liveness.violations.isEmpty
    }

    mutating func report(_ property: String, _ words: String) {
        others.append(Violation(property: property, words: words))
    }

    /// Something happened in a node, which has these logs.
    mutating func note(_ event: NodeEvent, logs: (ShardID) -> LogOutline?) {
        switch event {
        case .applied(let shard, let replica, let entries, let last, let checksum, let stateHash):
            agreement.applied(entries, checksum: checksum, by: replica, of: shard)
            stateAgreement.reached(last, stateHash: stateHash, by: replica, of: shard)
            if let log = logs(shard) {
                leaderCompleteness.applied(through: last, checksum: checksum, of: shard, log: log)
            }
        case .appended(let shard, let replica, let places):
            logMatching.appended(places, by: replica, to: shard)
        case .snapshotInstalled(let shard, let replica, let index, let stateHash):
            stateAgreement.reached(index, stateHash: stateHash, by: replica, of: shard)
        case .leadership(let shard, let replica, let leadership):
            if leadership.role == .leader {
                electionSafety.led(shard, in: leadership.term, by: replica)
                if let log = logs(shard) {
                    leaderCompleteness.led(shard, in: leadership.term, by: replica, log: log)
                }
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
        if !entry.isNameless { durability.saw(entry.cmid, at: entry.seq, of: chat, by: whom) }
        forwards.saw(entry, of: chat, by: whom)
        edits.saw(entry, of: chat, by: whom)
        reactions.saw(entry, of: chat, by: account, whom)
        // What was edited after somebody's end has no words for them, and is not deleted.
        let isLater = entry.content == .erased && entry.edition == nil
        if !isLater || !authorisation.mayHaveEnded(account, in: chat) {
            deletions.saw(entry, of: chat, by: whom)
        }
        if let cmid = entry.cmid {
            exactlyOnce.saw(cmid, in: chat, at: entry.seq)
            refusals.saw(cmid, in: chat)
            definiteErrors.saw(cmid, in: chat)
            replies.saw(cmid, replyTo: entry.replyTo, at: entry.seq, of: chat, by: whom)
        }
        if let account { authorisation.shows(entry.seq, of: chat, to: account) }
    }
}

extension ClientEntry {
    /// The id under which a simulated person sent this message or this edit; it is in the text,
    /// unless that is somebody else's.
    var cmid: MessageID? {
        guard origin == nil else { return nil }
        return switch content {
        case .text(let text, _): MessageID(text: Substring(text.utf8.prefix(32)))
        case .edited(_, let text): text.flatMap { ClientEntry.editID(in: $0) }
        default: nil
        }
    }

    /// Whether it had an id once, which is gone with its text, or has one that its text does not
    /// say.
    var isNameless: Bool {
        guard origin == nil else { return true }
        return switch content {
        case .edited(_, nil), .erased: true
        default: false
        }
    }

    /// The message that this one answers.
    var replyTo: SequenceNumber? {
        guard case .text(_, let replyTo) = content else { return nil }
        return replyTo
    }
}
