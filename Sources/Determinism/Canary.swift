#if CANARIES
    internal import CProbes
#endif

/// A bug that is there on purpose, to see that the simulation finds it.
///
/// Only a build with the flag `CANARIES` contains them, and then one at a time lives.
package enum Canary: Int32, CaseIterable, Hashable, Sendable {
    /// Node: what Raft wants on the disk counts as being there before it is.
    case ackBeforeSync
    /// Node: a term and a vote without entries are not written (Raft figure 2).
    case forgottenVote
    /// Raft: a vote is given although another candidate has it (Raft 5.2).
    case secondVote
    /// Raft: whoever asks is voted for, whatever its log lacks (Raft 5.4.1).
    case behindElected
    /// Raft: a confirmation, or a vote, of an earlier term counts (Raft 5.1).
    case ignoredTermOnAck
    /// Raft: a leader answers reads without asking whether it still leads (thesis 6.4).
    case staleRead
    /// Node: a query runs before what was committed is applied (thesis 6.4).
    case earlyRead
    /// Raft: what one member has is committed (Raft 5.3).
    case commitByMinority
    /// Raft: followers are told a commit index that they have not confirmed (Raft 5.3).
    case unconfirmedCommit
    /// Raft: an entry that conflicts stays in the log (Raft 5.3).
    case keptConflict
    /// Raft: a joint configuration decides by its new voters alone (Raft 6).
    case jointByNewAlone
    /// Raft: what a learner has counts towards a commit (thesis 4.2.1).
    case countedLearner
    /// Raft: a snapshot is installed without its configuration (Raft 7).
    case snapshotWithoutConfiguration
    /// Node: a snapshot arrives without what commands were answered.
    case lostDedupe
    /// Node: a log that is shorter than what was synced is trusted.
    case uncheckedWatermark
    /// Storage: a command that comes again is done again.
    case doubleApply
    /// Node: a new leader does not look for effects that wait.
    case forgottenEffects
    /// Node: an effect that found nobody is not tried again.
    case droppedEffect
    /// Node: requests are numbered from one again after a restart.
    case reusedNumbers
    /// Registry: a node that gets a shard back gets the replica that it gave up.
    case reusedIncarnation
    /// Registry: a placement is taken that was computed from an older registry.
    case staleRegistry
    /// Membership: the older of two incarnations wins (SWIM 4.2).
    case reversedIncarnation
    /// Chat: a message that is sent again is counted as unread again.
    case unreadTwice
    /// Chat: a read mark goes back to an older message.
    case markGoesBack
    /// Search: the index is trusted for a message that was changed after it was made.
    case staleIndex
    /// Search: a message is shown without a look at its words.
    case uncheckedHit
    /// Node: the sockets of a revoked session stay open.
    case revokedSessionStays
    /// Node: a hub leaves out frames for a socket that reads slowly, and does not tell.
    case skippedFrame
    /// Node: whoever says so types in a chat, whether it may write there or not.
    case uncheckedTyping
    /// Node: who was there once is there for ever, when nobody says anything else.
    case presenceStays
    /// Clients: a cursor says what is known to exist, not what was told.
    case cursorBeforeData
    /// Clients: a message that is sent again has another id.
    case newIDOnResend
    /// Wire: a refused append arrives without the term of its hint.
    case lostField

    /// Whether this bug lives: in a build without `CANARIES` never, at no cost.
    @inline(__always)
    package var lives: Bool {
        #if CANARIES
            chaticket_canary_now() == rawValue
        #else
            false
        #endif
    }

    #if CANARIES
        /// Lets the bug live on this thread, and no other; nil lets none.
        package static func release(_ canary: Canary?) {
            chaticket_set_canary(canary?.rawValue ?? -1)
        }
    #endif

    /// The bug with this name, as in the code.
    package init?(name: String) {
        guard let canary = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
        self = canary
    }
}
