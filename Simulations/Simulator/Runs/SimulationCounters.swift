package import Determinism
internal import Identity
internal import Node

/// What happened in a run, in numbers.
package struct SimulationCounters: Sendable {
    package var operationsSucceeded: UInt64 = 0
    package var operationsFailed: UInt64 = 0
    /// Why operations failed for good, and how often, in the order in which it was met.
    package var failureCodes: [String: UInt64] = [:]
    package var acks: UInt64 = 0
    package var elections: UInt64 = 0
    package var compactions: UInt64 = 0
    package var snapshotsStarted: UInt64 = 0
    package var snapshotsInstalled: UInt64 = 0
    package var replicasCreated: UInt64 = 0
    package var replicasDestroyed: UInt64 = 0
    package var unsyncedBatches: UInt64 = 0
    package var batchesDropped: UInt64 = 0
    package var messagesFiltered: UInt64 = 0
    package var framesTorn: UInt64 = 0
    package var damagedDecoded: UInt64 = 0
    package var strangersMet: UInt64 = 0
    /// Pieces of snapshots that were sent damaged.
    package var piecesDamaged: UInt64 = 0
    /// Datagrams whose key their receiver had not.
    package var datagramsUnopened: UInt64 = 0
    /// Batches of which crashes left a part.
    package var batchesTorn: UInt64 = 0
    /// Processes that ended because a write failed.
    package var deathsOfDisks: UInt64 = 0
    /// Machines that were set up anew.
    package var disksLost: UInt64 = 0
    /// Replicas that found their log damaged when they started.
    package var suspectReplicas: UInt64 = 0
    /// Processes that could not read a block.
    package var rotFound: UInt64 = 0
    /// Processes that found their disk outdated.
    package var outdatedDisksFound: UInt64 = 0
    /// Faults that would have destroyed more than the model tolerates, and did not happen.
    package var faultsRefused: UInt64 = 0
    package var slowReaders: UInt64 = 0
    package var socketsOpened: UInt64 = 0
    package var holes: UInt64 = 0
    /// Logs whose pushes were left out for a slow client.
    package var logsAdvanced: UInt64 = 0
    /// Sockets that were closed because their client reads too slowly.
    package var socketsTooSlow: UInt64 = 0
    package var sessionsEnded: UInt64 = 0
    package var chatsDeleted: UInt64 = 0
    /// Names that somebody else had.
    package var namesRefused: UInt64 = 0
    /// Messages and requests that were refused as they had to be.
    package var nonsenseRefused: UInt64 = 0
    /// Vandals that were answered or closed.
    package var pranksAnswered: UInt64 = 0
    package var crowdJoined: UInt64 = 0
    /// Entries and chats that were fetched and compared with what a client had.
    package var refetched: UInt64 = 0
    /// How often a reply was shown, by pushes, lists, pages and disks.
    package var repliesShown: UInt64 = 0
    package var forwardsShown: UInt64 = 0
    package var starsCompared: UInt64 = 0
    package var settingsCompared: UInt64 = 0
    package var draftsCompared: UInt64 = 0
    package var passwordsCompared: UInt64 = 0
    /// How often a message was shown with other words than it was sent with.
    package var editsShown: UInt64 = 0
    /// How often a message was shown as deleted.
    package var deletionsShown: UInt64 = 0
    /// How often a message was shown with what people say of it.
    package var reactionsShown: UInt64 = 0
    /// How many pins the chats had that were listed.
    package var pinsCompared: UInt64 = 0
    /// Searches for a message that was known to be there.
    package var searchesAnswered: UInt64 = 0
    package var membershipsEnded: UInt64 = 0
    /// Invitations of phone numbers that led to a membership.
    package var invitationsAccepted: UInt64 = 0
    package var linksMade: UInt64 = 0
    /// Entries that say that somebody joined by a link.
    package var linkJoins: UInt64 = 0
    /// Wishes for other rights in a chat that were done, and messages that were refused for want of
    /// a right.
    package var rightsChanged: UInt64 = 0
    package var rightsMissed: UInt64 = 0
    package var directChatsOpened: UInt64 = 0
    /// How often somebody was shown as typing, and how often whether somebody is there.
    package var typingShown: UInt64 = 0
    package var presencesTold: UInt64 = 0
    package var bootTime = Instant.start
    /// How long after the last fault everything was as it should be: the nodes, and the clients
    /// too.
    package var clusterHealTime = Interval.zero
    package var healTime = Interval.zero
    var clusterHealedAt: Instant?
    /// Cores that went on alone, and the longest that one took until all was well.
    package var coreCount: UInt64 = 0
    package var coreTimeMax = Interval.zero

    /// Nothing has happened yet.
    package init() {}

    /// Something happened in a node.
    mutating func note(_ event: NodeEvent) {
        switch event {
        case .compacted: compactions += 1
        case .snapshotStarted: snapshotsStarted += 1
        case .snapshotInstalled: snapshotsInstalled += 1
        case .replicaCreated: replicasCreated += 1
        case .replicaDestroyed: replicasDestroyed += 1
        default: break
        }
    }

    /// The run has ended.
    mutating func note(_ cluster: SimulatedCluster) {
        unsyncedBatches = cluster.unsyncedAtCrashCount
        batchesDropped = cluster.network.batchesDropped
        messagesFiltered = cluster.network.messagesFiltered
        framesTorn = cluster.network.framesTorn
        damagedDecoded = cluster.network.damagedDecoded
        strangersMet = cluster.network.strangersMet
        piecesDamaged = cluster.damagedPieceCount
        datagramsUnopened = cluster.unopenedCount
        batchesTorn = cluster.nodes.reduce(0) { $0 + $1.disk.tornCount }
    }

    /// The numbers with their names, for the table.
    package var rows: [(name: String, count: UInt64)] {
        [
            ("messages acknowledged", acks), ("elections won", elections),
            ("logs compacted", compactions), ("snapshots begun", snapshotsStarted),
            ("snapshots installed", snapshotsInstalled),
            ("replicas made", replicasCreated), ("replicas given up", replicasDestroyed),
            ("batches dropped by slow links", batchesDropped),
            ("messages filtered", messagesFiltered), ("frames torn", framesTorn),
            ("damaged datagrams that decode", damagedDecoded),
            ("strangers at a node's address", strangersMet),
            ("unsynced batches at crashes", unsyncedBatches), ("batches torn", batchesTorn),
            ("processes ended by their disk", deathsOfDisks), ("disks lost", disksLost),
            ("suspect replicas", suspectReplicas), ("rotten blocks found", rotFound),
            ("outdated disks found", outdatedDisksFound),
            ("snapshot pieces damaged", piecesDamaged),
            ("datagrams with an unknown key", datagramsUnopened),
            ("faults refused by the budget", faultsRefused),
            ("sockets opened", socketsOpened), ("holes told", holes),
            ("logs advanced", logsAdvanced), ("sockets too slow", socketsTooSlow),
            ("sessions ended", sessionsEnded), ("chats deleted", chatsDeleted),
            ("names refused", namesRefused), ("nonsense refused", nonsenseRefused),
            ("pranks answered", pranksAnswered), ("members of big chats", crowdJoined),
            ("fetched and compared", refetched), ("replies shown", repliesShown),
            ("forwards shown", forwardsShown), ("stars compared", starsCompared),
            ("settings compared", settingsCompared), ("drafts compared", draftsCompared),
            ("passwords compared", passwordsCompared),
            ("edits shown", editsShown), ("deletions shown", deletionsShown),
            ("reactions shown", reactionsShown), ("pins compared", pinsCompared),
            ("searches answered", searchesAnswered),
            ("direct chats opened", directChatsOpened), ("memberships ended", membershipsEnded),
            ("invitations accepted", invitationsAccepted), ("links made", linksMade),
            ("joins by a link", linkJoins),
            ("typing shown", typingShown), ("presences told", presencesTold),
            ("rights changed", rightsChanged), ("rights missed", rightsMissed),
            ("cores that went on alone", coreCount),
        ]
    }
}
