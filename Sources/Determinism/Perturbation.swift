internal import CProbes

/// A place in the code that may do something allowed but unusual, so that a simulation sees what
/// hardly ever happens by itself (FoundationDB's "buggify").
///
/// Inactive unless a simulation activates it: then it fires one time in four. What a site does must
/// be correct: it may cost time or work, never a promise.
package enum Perturbation: UInt16, CaseIterable, Hashable, Sendable {
    /// A leader hands its group to another voter although nothing asks for it, at most every 2 s.
    case leadershipTransfer
    /// A leader waits a second before it gives its group to the preferred owner.
    case handOverDelay
    /// A leader sends to no more members than a majority needs; the others wait for its next step.
    case quorumOnly
    /// A message has one entry, however many there are.
    case singleEntry
    /// A follower's window is full with one message on its way.
    case narrowWindow
    /// Entries for a follower are read from the disk although memory has them.
    case diskRead
    /// A follower of which nothing is known is sent a snapshot although the log has all of it.
    case needlessSnapshot
    /// A follower that agrees with the leader's log is sent one message at a time once more.
    case slowProbe
    /// A leader with anything uncommitted takes no further proposal for now.
    case busyLeader
    /// A leader with any read to confirm takes no further one for now.
    case busyReads
    /// A replica misses its leader after half of the least time.
    case earlyElection
    /// A replica misses its leader later than all others.
    case lateElection
    /// A new leader's first entry is as large as an entry may be.
    case largeEntry
    /// Who does not lead a shard does not say who does.
    case forgottenHint
    /// A command is proposed twice, as if its first answer had got lost.
    case doubledCommand
    /// One of four answers to another node is not sent, if the site fires: it is asked for again.
    case lostAnswer
    /// One of four entries or marks is published to nobody elsewhere, if the site fires: its gap is
    /// found.
    case lostPublication
    /// An effect that is done is delivered again.
    case doubledEffect
    /// A shard delivers one effect at a time.
    case smallOutbox
    /// A log is dropped as far as it was applied, however short it is.
    case earlyCompaction
    /// A node that is sent a snapshot says that it has to wait.
    case busyReceiver
    /// A leader sends no snapshot now: the follower asks again.
    case busySender
    /// A piece of a snapshot has one pair.
    case smallPiece
    /// What a node says to another leaves in another order, where the order means nothing.
    case shuffledBatch
    /// A distance of five entries is too long for a difference.
    case forcedGap
    /// A socket waits for one difference at a time.
    case singleCatchUp
    /// A hub has not kept what was published while a difference was under way.
    case forgottenPushes
    /// A member is probed a period later.
    case lateProbe
    /// A datagram tells one piece of news.
    case singleUpdate
    /// A client asks for what is missing without waiting for it.
    case earlyGap
    /// What is committed is handed out to be applied two heartbeats later, at most every 2 s.
    case lateApplication

    /// Whether to leave the usual path here this time.
    package var fires: Bool { chaticket_perturbs(rawValue) }

    /// Activates each site with a chance of one in four, for this thread, or none.
    package static func activate(seed: UInt64?) {
        guard let seed else { return chaticket_perturb(0, 0) }
        var generator = SeededGenerator(seed: seed)
        var sites: UInt64 = 0
        for site in allCases where generator.chance(1, in: 4) { sites |= 1 << site.rawValue }
        chaticket_perturb(sites, generator.next())
    }

    /// How often each site fired on this thread since it was activated, in the order of the cases.
    package static var counts: [UInt32] {
        allCases.map { chaticket_perturbation_count($0.rawValue) }
    }
}
