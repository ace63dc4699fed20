package import Determinism
package import Identity

/// What commands were answered, so that a retry gets the first answer: a part of a shard's state.
///
/// An id is accepted from ``window`` before the shard's clock up to ``aheadMax`` after it. An
/// answer is kept for ``window`` from the later of its id's time and the clock, and ``slack`` more.
/// Invariant: an id that would still be accepted has not outlived its answer, because the clock
/// never goes back by more than the slack.
///
/// The clock of a shard is the latest time that any command brought; it is written only when it has
/// grown by the slack, and then answers that are over are forgotten, a bounded number for each
/// command.
package enum DeduplicationTable {
    /// How long answers are kept.
    package static let window = Interval.seconds(7 * 86_400)
    /// How far the id of a command may be ahead of the clock.
    package static let aheadMax = Interval.seconds(86_400)
    /// How coarsely the clock is kept.
    package static let slack = Interval.seconds(60)
    /// How many answers one command forgets at most.
    package static let forgottenMax = 32

    /// What is known of an id.
    package enum Verdict: Hashable, Sendable {
        /// It never came; do it and ``record(_:scope:cmid:time:in:)`` the answer.
        case fresh
        /// It came before and was answered this.
        case answered([UInt8])
        /// It is too old to be sure.
        case expired
        /// It is from a time that is still to come.
        case inFuture
    }

    /// What is known of `cmid` within `scope` for a command of `time`; moves the clock.
    package static func check(
        scope: [UInt8], cmid: MessageID, time: WallTime, in state: inout StateTransaction
    ) throws(StorageError) -> Verdict {
        let now = try advanceClock(to: time, in: &state)
        if let stored = try state.value(for: resultKey(scope, cmid)), !Canary.doubleApply.lives {
            guard stored.count >= 8 else { throw .corrupt("the answer of a command") }
            return .answered(Array(stored[8...]))
        }
        if cmid.milliseconds + window.milliseconds < now.milliseconds { return .expired }
        // Ids have 48 bits of time, so this cannot overflow.
        if cmid.milliseconds > saturatingSum(now.milliseconds, aheadMax.milliseconds) {
            return .inFuture
        }
        return .fresh
    }

    /// Keeps the answer to a command that ``check(scope:cmid:time:in:)`` called fresh.
    package static func record(
        _ answer: [UInt8], scope: [UInt8], cmid: MessageID, time: WallTime,
        in state: inout StateTransaction
    ) throws(StorageError) {
        let now = max(time.milliseconds, try clock(in: state).time)
        let expiry = saturatingSum(
            max(now, cmid.milliseconds), window.milliseconds + slack.milliseconds)
        try state.put(Keyspace.bytes(expiry) + answer, for: resultKey(scope, cmid))
        try state.put(
            [], for: Keyspace.state(.commandExpiry, Keyspace.bytes(expiry) + scope + cmid.bytes))
    }

    private static func resultKey(_ scope: [UInt8], _ cmid: MessageID) -> [UInt8] {
        Keyspace.state(.commandResult, scope + cmid.bytes)
    }

    private static func saturatingSum(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (sum, isOver) = left.addingReportingOverflow(right)
        return isOver ? .max : sum
    }

    // The value: time (8), then 1 when more was to be forgotten than one command may.
    private static func clock(
        in state: StateTransaction
    ) throws(StorageError) -> (time: UInt64, isBehind: Bool) {
        guard let stored = try state.value(for: Keyspace.state(.commandClock)) else {
            return (0, false)
        }
        guard stored.count == 9, let time = Keyspace.number(stored[..<8]) else {
            throw .corrupt("the clock of the answers")
        }
        return (time, stored[8] == 1)
    }

    private static func advanceClock(
        to time: WallTime, in state: inout StateTransaction
    ) throws(StorageError) -> WallTime {
        let (earlier, isBehind) = try clock(in: state)
        let now = max(earlier, time.milliseconds)
        guard now - earlier >= slack.milliseconds || isBehind else {
            return WallTime(milliseconds: now)
        }
        let forgotten = try forget(until: now, in: &state)
        try state.put(
            Keyspace.bytes(now) + [forgotten == forgottenMax ? 1 : 0],
            for: Keyspace.state(.commandClock))
        return WallTime(milliseconds: now)
    }

    private static func forget(
        until now: UInt64, in state: inout StateTransaction
    ) throws(StorageError) -> Int {
        var count = 0
        let pairs = try state.pairs(
            prefix: Keyspace.state(.commandExpiry), countMax: forgottenMax)
        for pair in pairs {
            guard pair.key.count > 9 + MessageID.byteCount,
                let expiry = Keyspace.number(pair.key[1..<9])
            else { throw .corrupt("the expiry of an answer") }
            guard expiry < now else { break }
            try state.remove(Keyspace.state(.commandResult, Array(pair.key[9...])))
            try state.remove(pair.key)
            count += 1
        }
        return count
    }
}

extension MessageID {
    /// The id of the command number `counter` that this one causes in another shard: the same on
    /// every replica and at every delivery.
    package func derived(_ counter: Int) -> MessageID {
        let mixed = StableHash.of(bytes, seed: UInt64(counter) + 1)
        return MessageID(high: high, low: mixed & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
    }
}
