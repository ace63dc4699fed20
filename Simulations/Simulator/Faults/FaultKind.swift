internal import Determinism

/// The kinds of faults; each has a generator of its own, so that leaving one out leaves the others
/// as they were.
package enum FaultKind: String, Hashable, Sendable, CaseIterable {
    case crash
    case crashAll
    /// A process ends in good order, and begins again.
    case stop
    case pause
    // Machines.
    /// A process is killed in the middle of carrying out what its node wants.
    case crashInBatch
    /// A process is killed again and again, soon after it began.
    case crashLoop
    /// The process that has most in memory is killed.
    case outOfMemory
    /// A machine stands still, and its monotonic clock with it.
    case suspend
    /// A process handles its events late.
    case slowProcessor
    /// A process ends in good order, and its disk is erased before the machine joins anew.
    case reformat
    // Datagrams: see ``DatagramFault``.
    case loss
    case duplication
    case replay
    case reorder
    case corruption
    case truncation
    case oversize
    case wrongCluster
    case forgedSender
    // Streams.
    case streamBreak
    /// Nothing of a stream arrives for a while.
    case streamStall
    /// The receiver of a stream knows nothing of it any more.
    case halfOpen
    /// A stream breaks, and a part of what is under way is read, to the middle of a frame.
    case midFrameReset
    /// A node reads a stream slowly, until batches wait and are dropped.
    case slowPeer
    /// All streams of a node break, again and again.
    case reconnectStorm
    /// Another node listens where a dead one did.
    case portReuse
    // Partitions.
    /// One node is cut off from all others.
    case isolate
    /// Nothing gets to a node, or from it.
    case oneWay
    /// Each node is on either side.
    case split
    /// So many nodes are on one side, with every number equally likely.
    case splitBySize
    /// One side does not hear the other, which hears it.
    case splitOneWay
    /// Two sides with one node that reaches both.
    case bridge
    /// A node that only clients do not reach.
    case clientCut
    /// A cut that comes and goes.
    case flapping
    /// Messages of one kind do not get through.
    case messageFilter
    /// Some nodes are cut off one after another, and return in another order.
    case swizzle
    case delaySpike
    // Disks.
    case slowDisk
    case slowRead
    /// A write fails, and nothing of it is on the disk.
    case writeError
    /// A sync fails: what was written may be lost.
    case syncError
    /// A write is reported as failed, and yet is durable.
    case durableError
    /// A read fails once.
    case readError
    /// A crash loses everything that was not synced.
    case powerLoss
    /// A crash leaves a part of the last batch.
    case tornBatch
    /// A log entry is damaged at rest, as only its own checksum shows.
    case logRot
    /// Records fail their block's checksum.
    case recordRot
    /// A log entry was written to the place of another.
    case misdirectedWrite
    case diskFull
    case readOnlyDisk
    /// Pieces of snapshots are damaged or cut short.
    case snapshotDamage
    /// A disk is lost with all that is on it; the machine joins anew.
    case diskLost
    /// An older copy of a disk comes back.
    case diskRollback
    // Clocks.
    /// Every calendar clock is off by its own amount.
    case clockOffset
    case clockStep
    /// A monotonic clock runs too fast or too slow.
    case clockDrift
    /// A calendar clock stands still.
    case clockFreeze
    /// Most calendar clocks step by a second at once.
    case leapSecond
    // Clients and operators.
    case socketBreak
    /// A connection is gone, and its client is not told.
    case silentSocket
    case slowReader
    case join
    case drain
    /// A member is drained and removed for ever.
    case removal
    /// Two at once.
    case twoRemovals
    /// A member is removed, and its machine joins again at the same address.
    case readdition
    /// A machine dies for good, and a spare one takes its place.
    case replacement
    /// Somebody makes a cluster where there is one.
    case secondInit
    /// A join token is unknown, used or expired.
    case badToken
    /// A process is restarted with seeds at which nobody is.
    case wrongSeeds
    /// A process is restarted with other limits and times than the others have.
    case configMismatch
    /// A rotation of the key of datagrams stops half-way.
    case keyRotation
    /// All processes are restarted in good order.
    case restartAll
    // Load: what clients do.
    /// A client reads nothing any more.
    case neverReader
    /// Everybody writes into one chat.
    case hotChat
    /// A chat gets many members.
    case bigChat
    case connectStorm
    case idleSockets
    case secondDevice
    /// Somebody signs out everywhere, or one device.
    case revocation
    case oversizedMessage
    case duplicateSend
    /// A client's clock is off by days or years.
    case clockNonsense
    /// A request that must be refused.
    case badRequest
    case malformedFrames
    /// Much is written when the faults have ended.
    case healBurst

    /// In how many of a hundred runs it happens; at most 60, so that every kind is often missing.
    var perCent: UInt64 {
        switch self {
        case .crash: 60
        case .crashAll, .split, .join, .neverReader, .idleSockets, .connectStorm, .healBurst: 30
        case .stop, .secondDevice, .revocation: 40
        case .bigChat: 4
        case .hotChat, .restartAll, .replacement, .readdition, .twoRemovals: 20
        case .drain, .removal, .secondInit, .badToken, .wrongSeeds, .configMismatch, .keyRotation:
            25
        case .pause, .isolate, .oneWay, .streamBreak, .streamStall, .delaySpike, .slowDisk,
            .clockStep, .socketBreak, .slowReader, .oversizedMessage, .duplicateSend,
            .clockNonsense, .badRequest, .malformedFrames:
            50
        case .loss, .duplication, .reorder: 50
        case .replay, .corruption, .truncation, .oversize, .wrongCluster, .forgedSender: 40
        case .halfOpen, .midFrameReset, .slowPeer: 40
        case .reconnectStorm, .portReuse, .splitBySize, .splitOneWay, .bridge, .clientCut,
            .flapping, .messageFilter, .swizzle:
            25
        case .crashInBatch, .slowRead, .powerLoss, .tornBatch, .snapshotDamage, .clockOffset,
            .clockDrift, .clockFreeze, .leapSecond, .logRot, .misdirectedWrite, .recordRot,
            .diskLost, .diskRollback, .silentSocket:
            25
        case .crashLoop, .outOfMemory, .suspend, .slowProcessor, .reformat, .writeError,
            .syncError, .durableError, .readError, .diskFull, .readOnlyDisk:
            20
        }
    }

    /// The least mean time between two of them; nil for what happens to single datagrams.
    var meanMin: Interval? {
        switch self {
        case .crash: .seconds(4)
        case .crashAll, .restartAll: .seconds(15)
        case .pause, .stop, .isolate, .oneWay, .split: .seconds(6)
        case .streamBreak, .streamStall: .milliseconds(1_500)
        case .delaySpike, .slowDisk, .clockStep, .slowRead, .snapshotDamage, .clockDrift:
            .seconds(4)
        case .crashInBatch, .outOfMemory, .suspend, .slowProcessor, .writeError, .syncError,
            .durableError, .readError, .powerLoss, .tornBatch, .diskRollback, .clockOffset,
            .clockFreeze, .leapSecond:
            .seconds(6)
        case .crashLoop, .diskFull, .readOnlyDisk, .logRot, .misdirectedWrite: .seconds(8)
        case .recordRot, .diskLost, .reformat: .seconds(12)
        case .socketBreak, .slowReader: .seconds(2)
        case .join, .drain, .removal, .twoRemovals, .wrongSeeds, .configMismatch, .keyRotation:
            .seconds(8)
        case .readdition, .replacement: .seconds(10)
        case .secondInit, .badToken: .seconds(3)
        case .oversizedMessage, .duplicateSend, .clockNonsense, .badRequest, .malformedFrames:
            .seconds(1)
        case .bigChat: .milliseconds(500)
        case .secondDevice, .idleSockets: .seconds(3)
        case .revocation, .neverReader, .hotChat, .connectStorm, .healBurst: .seconds(5)
        case .halfOpen, .midFrameReset, .slowPeer, .silentSocket: .seconds(3)
        case .reconnectStorm, .splitBySize, .splitOneWay, .bridge, .clientCut, .flapping,
            .messageFilter:
            .seconds(8)
        case .swizzle, .portReuse: .seconds(12)
        case .loss, .duplication, .replay, .reorder, .corruption, .truncation, .oversize,
            .wrongCluster, .forgedSender:
            nil
        }
    }

    /// Whether it keeps nodes from each other, or clients and nodes.
    var isPartition: Bool {
        switch self {
        case .isolate, .oneWay, .split, .splitBySize, .splitOneWay, .bridge, .clientCut, .flapping,
            .messageFilter, .swizzle:
            true
        default: false
        }
    }

    /// Whether it ends or halts processes.
    var isOfProcesses: Bool {
        switch self {
        case .crash, .crashAll, .restartAll, .stop, .pause, .wrongSeeds, .configMismatch: true
        default: false
        }
    }

    /// Whether it takes a machine some time to recover from: too many of these, and hardly anything
    /// gets done.
    var isOfMachines: Bool {
        switch self {
        case .crashInBatch, .crashLoop, .outOfMemory, .suspend, .slowProcessor, .reformat,
            .writeError, .syncError, .durableError, .readError, .powerLoss, .tornBatch, .logRot,
            .recordRot, .misdirectedWrite, .diskFull, .readOnlyDisk, .diskLost, .diskRollback,
            .replacement:
            true
        default: false
        }
    }

    /// Whether it breaks nothing, and nobody but whoever does it should notice.
    var isHarmless: Bool {
        switch self {
        case .hotChat, .bigChat, .connectStorm, .idleSockets, .secondDevice, .revocation,
            .oversizedMessage, .duplicateSend, .clockNonsense, .badRequest, .malformedFrames,
            .healBurst, .secondInit, .badToken:
            true
        default: false
        }
    }

    /// Whether the cluster hides it from clients that have some patience, while nothing else is
    /// broken.
    var isTolerated: Bool {
        switch self {
        case .crash, .stop, .crashInBatch, .outOfMemory, .reformat, .writeError, .syncError,
            .durableError, .readError, .powerLoss, .tornBatch, .diskLost, .slowDisk, .slowRead,
            .delaySpike, .streamBreak, .midFrameReset, .snapshotDamage, .clockOffset, .clockStep,
            .clockDrift, .clockFreeze, .leapSecond, .socketBreak, .join, .drain, .removal,
            .readdition, .twoRemovals, .replacement, .wrongSeeds, .configMismatch:
            true
        default: perMilleMax != nil
        }
    }

    /// Whether it is of streams between nodes.
    var isOfStreams: Bool {
        switch self {
        case .streamBreak, .streamStall, .halfOpen, .midFrameReset, .slowPeer, .reconnectStorm,
            .portReuse:
            true
        default: false
        }
    }

    /// The most that it happens to of a thousand datagrams; nil for all other kinds.
    var perMilleMax: UInt64? {
        switch self {
        case .loss, .duplication, .reorder: 200
        case .replay: 100
        case .corruption, .truncation, .oversize, .wrongCluster, .forgedSender: 50
        default: nil
        }
    }
}
