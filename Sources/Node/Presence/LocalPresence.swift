internal import Determinism
internal import Identity
internal import Wire

/// Who is at the sockets of this node, and whom its clients watch: what one node says to the owners
/// of accounts, and asks them.
///
/// Invariants: 1. `here` and `watched` have a hub for each account, ascending. 2. An account that
/// is `here` is not among the gone that were told.
struct LocalPresence {
    /// Somebody who left.
    private struct Departure {
        let left: WallTime
        let tellAt: Instant
        var forgetAt: Instant?
    }

    /// An account that hubs watch.
    struct Watched {
        var hubs: [HubID] = []
        /// What was told last.
        var presence: Presence?
    }

    /// How long a node goes on to say that somebody left: as long as the message may get lost.
    private static let memory = Interval.seconds(120)

    // Looked up by account; walked in order of their ids.
    private var here: [AccountID: [HubID]] = [:]
    private var gone: [AccountID: Departure] = [:]
    private var watched: [AccountID: Watched] = [:]
    private var departures = DeadlineQueue<AccountID>()
    /// Shards whose owner may not know what it was told, sorted.
    private var doubted: [ShardID] = []
    /// How often in a row the owner of each was looked for; looked up only.
    private var tries: [ShardID: Int] = [:]
    var nextClaim = Instant.start
    var nextWatch = Instant.start
    var nextRetry = Instant.start

    /// How many accounts it knows of.
    var count: Int { here.count + gone.count + watched.count }

    // MARK: Who is here

    /// `hub` says whether the account has somebody at a socket. Whether the owner is to be told at
    /// once: of who leaves it is told later.
    mutating func note(
        _ account: AccountID, isActive: Bool, at hub: HubID, now: Instant, wall: WallTime,
        grace: Interval
    ) -> Bool {
        var hubs = here[account] ?? []
        if isActive {
            guard !hubs.contains(hub) else { return false }
            hubs.append(hub)
            here[account] = hubs.sorted()
            guard hubs.count == 1 else { return false }
            let departure = gone.removeValue(forKey: account)
            // Nobody was told that it had left.
            return departure.map { $0.forgetAt != nil } ?? true
        }
        guard hubs.contains(hub) else { return false }
        hubs.removeAll { $0 == hub }
        here[account] = hubs.isEmpty ? nil : hubs
        guard hubs.isEmpty else { return false }
        gone[account] = Departure(left: wall, tellAt: now + grace, forgetAt: nil)
        departures.add(account, at: now + grace)
        return false
    }

    /// Those who left so long ago that others are to know; each once.
    mutating func takeDepartures(at now: Instant) -> [PresenceClaim] {
        var claims: [PresenceClaim] = []
        while let (account, _) = departures.takeDue(at: now) {
            guard let departure = gone[account] else { continue }
            if let forgetAt = departure.forgetAt {
                if forgetAt <= now { gone[account] = nil }
            } else if departure.tellAt <= now {
                gone[account]?.forgetAt = now + LocalPresence.memory
                departures.add(account, at: now + LocalPresence.memory)
                claims.append(PresenceClaim(account: account, left: departure.left))
            }
        }
        return claims
    }

    /// All that is to be said; linear.
    var claims: [PresenceClaim] {
        here.keys.sorted().map { PresenceClaim(account: $0, left: nil) }
            + gone.keys.sorted().compactMap { account in
                guard let departure = gone[account], departure.forgetAt != nil else { return nil }
                return PresenceClaim(account: account, left: departure.left)
            }
    }

    // MARK: Who is watched

    /// `hub` watches these. What is known of them already, and those of whom nobody has told.
    mutating func watch(
        _ accounts: [AccountID], for hub: HubID, countMax: Int
    ) -> (known: [PersonPresence], asked: [AccountID]) {
        var known: [PersonPresence] = []
        var asked: [AccountID] = []
        for account in accounts {
            guard watched[account] != nil || watched.count < countMax else { continue }
            var watch = watched[account] ?? Watched()
            if !watch.hubs.contains(hub) { watch.hubs = (watch.hubs + [hub]).sorted() }
            watched[account] = watch
            if let presence = watch.presence {
                known.append(PersonPresence(account: account, presence: presence))
            } else {
                asked.append(account)
            }
        }
        return (known, asked)
    }

    mutating func unwatch(_ accounts: [AccountID], for hub: HubID) {
        for account in accounts {
            watched[account]?.hubs.removeAll { $0 == hub }
            if watched[account]?.hubs.isEmpty == true { watched[account] = nil }
        }
    }

    /// Notes what an owner says; the hubs that are to know, if it is news for them.
    mutating func take(_ person: PersonPresence) -> [HubID] {
        guard let watch = watched[person.account], watch.presence != person.presence else {
            return []
        }
        watched[person.account]?.presence = person.presence
        return watch.hubs
    }

    /// All that are watched, sorted.
    var watchedAccounts: [AccountID] { watched.keys.sorted() }

    // MARK: What may have got lost

    /// The owner of `shard` may be another one, or know nothing.
    mutating func doubt(_ shard: ShardID) {
        let place = doubted.firstIndex { $0 >= shard } ?? doubted.count
        if place == doubted.count || doubted[place] != shard { doubted.insert(shard, at: place) }
    }

    /// How often in a row the owner of `shard` was looked for in vain.
    func tries(of shard: ShardID) -> Int { tries[shard] ?? 0 }

    /// The shards in doubt since this was called last, which are so no longer.
    mutating func takeDoubted() -> [ShardID] {
        guard !doubted.isEmpty || !tries.isEmpty else { return [] }
        let before = tries
        tries = [:]
        for shard in doubted { tries[shard] = (before[shard] ?? 0) + 1 }
        defer { doubted = [] }
        return doubted
    }

    /// A hub is gone with all its sockets.
    mutating func close(_ hub: HubID, at now: Instant, wall: WallTime) {
        unwatch(watchedAccounts, for: hub)
        for account in here.keys.sorted() {
            _ = note(account, isActive: false, at: hub, now: now, wall: wall, grace: .zero)
        }
    }
}
