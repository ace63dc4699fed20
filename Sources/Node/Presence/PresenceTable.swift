internal import Determinism
internal import Identity
internal import Wire

/// Who of the accounts of one shard is there, as the shard's leader knows: soft state, said again
/// by the nodes that hold the sockets, and void with the leadership.
///
/// Invariants: 1. an account has each holder and each watcher once; 2. no standing is kept of who
/// was never claimed.
struct PresenceTable {
    /// A node that says that the account is at one of its sockets.
    private struct Holder {
        let node: NodeID
        var until: Instant
        /// When it said so last.
        var heard: WallTime
    }

    /// What is known of one account.
    private struct Standing {
        var holders: [Holder] = []
        /// The latest time at which it is known to have been there, and to have left.
        var left: WallTime?
        /// When that was written last, or begun to be.
        var writtenAt: Instant?
        /// Whether `left` is not known to be written.
        var isUnwritten = false
    }

    private struct Watcher {
        let node: NodeID
        var until: Instant
    }

    // Looked up by account; walked in order of their ids.
    private var standings: [AccountID: Standing] = [:]
    private var watchers: [AccountID: [Watcher]] = [:]
    /// Since when it is kept; nil before the first look.
    private var since: Instant?
    private var nextSweep = Instant.start

    /// Of how many accounts something is kept.
    var count: Int { standings.count + watchers.count }

    // MARK: Claims

    /// A node says that somebody is there, or has left. Whether others are to know.
    mutating func take(
        _ claim: PresenceClaim, from node: NodeID, until: Instant, wall: WallTime, countMax: Int
    ) -> Bool {
        guard standings[claim.account] != nil || standings.count < countMax else { return false }
        var standing = standings[claim.account] ?? Standing()
        let wasThere = !standing.holders.isEmpty
        if let left = claim.left {
            standing.holders.removeAll { $0.node == node }
            // The other node's clock may be ahead, and nobody was there in the time to come.
            note(min(left, wall), in: &standing)
        } else if let place = standing.holders.firstIndex(where: { $0.node == node }) {
            standing.holders[place].until = until
            standing.holders[place].heard = wall
        } else {
            standing.holders.append(Holder(node: node, until: until, heard: wall))
        }
        standings[claim.account] = standing
        return wasThere == standing.holders.isEmpty
    }

    private func note(_ left: WallTime, in standing: inout Standing) {
        guard left > standing.left ?? WallTime(milliseconds: 0) else { return }
        standing.left = left
        standing.isUnwritten = true
    }

    /// Whether the account is there.
    func isThere(_ account: AccountID) -> Bool { standings[account]?.holders.isEmpty == false }

    /// When the account left, as far as this leader has heard; zero: it has not.
    func left(_ account: AccountID) -> WallTime {
        standings[account]?.left ?? WallTime(milliseconds: 0)
    }

    // MARK: Time

    /// Whether it is time for ``sweep(at:settings:)``.
    func isSweepDue(at now: Instant) -> Bool { since == nil || nextSweep <= now }

    /// Gives up claims and watches that were not repeated; those who are not there any more,
    /// sorted. With the sweep in which the table has heard of everybody, all who are watched: of
    /// nobody who seemed gone anything was told before. Linear.
    mutating func sweep(at now: Instant, settings: NodeSettings) -> [AccountID] {
        nextSweep = now + settings.presenceSweepInterval
        let begun = since ?? now
        let wasWarm = isWarm
        since = begun
        isWarm =
            now - begun >= settings.presenceClaimInterval + settings.presenceSweepInterval
        var gone: [AccountID] = []
        for account in standings.keys.sorted() {
            guard var standing = standings[account] else { continue }
            let expired = standing.holders.filter { $0.until <= now }
            if !expired.isEmpty, !Canary.presenceStays.lives {
                Mark.presenceExpired.hit()
                standing.holders.removeAll { $0.until <= now }
                for holder in expired { note(holder.heard, in: &standing) }
                if standing.holders.isEmpty { gone.append(account) }
            }
            let isSettled = standing.holders.isEmpty && !standing.isUnwritten
            let isQuiet =
                standing.writtenAt.map { now - $0 >= settings.lastSeenInterval } ?? true
            standings[account] = isSettled && isQuiet ? nil : standing
        }
        for account in watchers.keys.sorted() {
            watchers[account]?.removeAll { $0.until <= now }
            if watchers[account]?.isEmpty == true { watchers[account] = nil }
        }
        return isWarm && !wasWarm ? watchers.keys.sorted() : gone
    }

    /// Whether every node had the time to say who is there; before that, who is not there may only
    /// not have been claimed yet.
    private(set) var isWarm = false

    // MARK: Last seen

    /// Who left, of whom that is to be written now, sorted; when they left. `accounts` are looked
    /// at, or all when nil.
    mutating func takeUnwritten(
        of accounts: [AccountID]?, at now: Instant, pause: Interval
    ) -> [(account: AccountID, left: WallTime)] {
        var all: [(account: AccountID, left: WallTime)] = []
        for account in accounts ?? standings.keys.sorted() {
            guard let standing = standings[account], standing.isUnwritten,
                standing.holders.isEmpty, let left = standing.left
            else { continue }
            if let writtenAt = standing.writtenAt, now - writtenAt < pause { continue }
            all.append((account, left))
        }
        return all
    }

    /// It is being written that the account left; whether it was is looked up after the pause.
    mutating func wroteLeft(_ account: AccountID, at now: Instant) {
        standings[account]?.writtenAt = now
    }

    /// The account's record says that it was there until `lastSeen`.
    mutating func isWritten(_ account: AccountID, lastSeen: WallTime) {
        guard let left = standings[account]?.left, left <= lastSeen else { return }
        standings[account]?.isUnwritten = false
    }

    // MARK: Watchers

    /// A node asked about the account, and is told of its changes until `until`.
    mutating func watch(_ account: AccountID, by node: NodeID, until: Instant, countMax: Int) {
        guard watchers[account] != nil || watchers.count < countMax else { return }
        if let place = watchers[account]?.firstIndex(where: { $0.node == node }) {
            watchers[account]?[place].until = until
        } else {
            watchers[account, default: []].append(Watcher(node: node, until: until))
        }
    }

    /// Who is told of the account's changes.
    func watchers(of account: AccountID) -> [NodeID] { (watchers[account] ?? []).map(\.node) }
}
