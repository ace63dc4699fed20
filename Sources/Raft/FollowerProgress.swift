import Identity

/// What a leader knows of one member of its group, itself included (Raft figure 2: nextIndex,
/// matchIndex).
///
/// Invariants:
/// 1. `next > match`: what is confirmed is never sent again (etcd-io/raft #149).
/// 2. Only a pipelined follower has messages in its window.
struct FollowerProgress: Sendable {
    let id: ReplicaID
    /// Everything through this is on its disk.
    private(set) var match: LogIndex = .zero
    /// The next entry to send.
    private(set) var next: LogIndex
    /// The term of the entry before `next`, when it was sent by us; else the log knows it, or the
    /// disk.
    private(set) var previousTerm: Term?
    /// It has applied through this.
    var applied: LogIndex = .zero
    private(set) var state: MemberProgress.State = .probe
    /// A probe is out and not yet answered.
    var isProbing = false
    /// A read of the disk is under way for it.
    var isReading = false
    /// Heard from since the last check of the quorum.
    var isActive = true
    /// Heard from between the last check of the quorum and the one before.
    private var wasActive = true
    /// It rebuilds lost data; it does not count.
    var isRecovering = false
    /// The commit index that it was told.
    var sentCommit: LogIndex = .zero
    /// The latest round of heartbeats that it answered.
    var readContext: UInt64 = 0
    /// Messages on their way.
    var window = InflightWindow()

    init(id: ReplicaID, next: LogIndex) {
        precondition(next > .zero, "the log starts at one")
        self.id = id
        self.next = next
    }

    /// Heard from within the last one or two election timeouts.
    var isReachable: Bool { isActive || wasActive }

    /// Starts the next period of the check of the quorum.
    mutating func startActivityPeriod() {
        wasActive = isActive
        isActive = false
    }

    /// Notes a confirmation; whether it is news.
    mutating func confirm(_ index: LogIndex) -> Bool {
        if index >= next { (next, previousTerm) = (index.next, nil) }
        guard index > match else { return false }
        match = index
        return true
    }

    /// Sends one message at a time from `index` on, but never what is confirmed.
    mutating func becomeProbe(next index: LogIndex) {
        state = .probe
        isProbing = false
        window.removeAll()
        (next, previousTerm) = (max(index, match.next), nil)
    }

    /// Pipelines from the first entry that is not confirmed.
    mutating func becomeReplicate() {
        state = .replicate
        isProbing = false
        window.removeAll()
        (next, previousTerm) = (match.next, nil)
    }

    /// Waits until a snapshot has been streamed.
    mutating func becomeSnapshot() {
        state = .snapshot
        isProbing = false
        window.removeAll()
    }

    /// Notes that entries through `last` of `term`, of so many bytes, are on their way.
    mutating func sent(through last: LogIndex, term: Term, bytes: Int) {
        precondition(state == .replicate && last >= next, "only a pipelined follower is sent ahead")
        window.add(last: last, bytes: bytes)
        (next, previousTerm) = (last.next, term)
    }
}

/// The messages on their way to one follower: bounded in number and bytes.
struct InflightWindow: Sendable {
    private struct Message {
        let last: LogIndex
        let bytes: Int
    }

    private var messages: [Message] = []
    private var head = 0
    private(set) var bytes = 0

    /// How many messages are on their way.
    var count: Int { messages.count - head }

    /// Notes a message whose last entry is `last`.
    mutating func add(last: LogIndex, bytes: Int) {
        messages.append(Message(last: last, bytes: bytes))
        self.bytes += bytes
    }

    /// Forgets the messages that end at or before `index`: they have arrived.
    mutating func free(through index: LogIndex) {
        while head < messages.count, messages[head].last <= index {
            bytes -= messages[head].bytes
            head += 1
        }
        if head * 2 >= messages.count {
            messages.removeFirst(head)
            head = 0
        }
    }

    /// Forgets all.
    mutating func removeAll() {
        messages.removeAll(keepingCapacity: true)
        head = 0
        bytes = 0
    }

    /// Whether no further message may leave.
    func isFull(_ settings: RaftSettings) -> Bool {
        count >= settings.inflightMessagesMax || bytes >= settings.inflightBytesMax
    }
}

extension [FollowerProgress] {
    /// Where a member is; nil when it is none.
    func position(of member: ReplicaID) -> Int? { firstIndex { $0.id == member } }
}
