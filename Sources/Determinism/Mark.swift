/// A rare path of the code that a good simulation takes sometimes: each is hit by some seeds, or
/// the simulation does not look where it should ("sometimes assertions").
///
/// A mark costs one addition to memory of the thread. Nothing may depend on it. Each case says
/// which path it is and which test explains it in the fewest steps.
package enum Mark: UInt16, CaseIterable, Hashable, Sendable {
    // MARK: Raft: elections

    /// A vote is refused because another candidate has it (Raft 5.2); `RaftTests/PaperTests`, "One
    /// vote in a term; the same candidate gets the same answer again (Raft 5.2)".
    case voteRefusedAsGiven
    /// A vote is refused because the candidate's log lacks something (Raft 5.4.1);
    /// `RaftTests/PaperTests`, "Nobody votes for a log that lacks what its own has (Raft 5.4.1)".
    case voteRefusedAsBehind
    /// A vote or a pre-vote is refused by a replica that has lost data;
    /// `RaftTests/RegressionTests`, "A suspect replica does not vote, campaign or count, and takes
    /// on a higher term".
    case voteRefusedAsSuspect
    /// A replica that is no voter, as far as it knows, gives its vote;
    /// `RaftTests/ConfigurationTests`, "A learner votes: it may have been promoted without knowing
    /// (thesis 4.2.2)".
    case learnerVoted
    /// A pre-vote is not answered, because its receiver hears a leader; `RaftTests/PaperTests`,
    /// "While a leader is heard from, nobody is helped to replace it (thesis 4.2.3, 9.6)".
    case preVoteRefusedByLiveLeader
    /// A vote is not even looked into, because its receiver hears a leader; `RaftTests/PaperTests`,
    /// "A leader, too, does not give way to a mere candidate (thesis 4.2.3)".
    case voteIgnoredByLiveLeader
    /// A refused pre-vote tells the candidate a higher term; `RaftTests/RegressionTests`, "A
    /// refused pre-vote carries the higher term, and whoever asked adopts it (openraft #1796)".
    case refusalTaughtTerm
    /// A leader of an earlier term is told of the later one; `RaftTests/RegressionTests`, "A
    /// replica with a higher term answers an older leader, which steps down (etcd #8501)".
    case olderLeaderAnswered
    /// A candidate has got neither a majority nor its refusal when its time is over;
    /// `RaftTests/PaperTests`, "Election timeouts are spread over [1 s, 2 s) (Raft 5.2)".
    case electionSplit
    /// Nobody is heard, but this replica may not campaign; `RaftTests/ConfigurationTests`, "A
    /// replica that knows nobody follows, votes and never campaigns".
    case campaignHeldBack
    /// A majority refuses its votes; `RaftTests/PaperTests`, "A candidate that a majority refuses
    /// goes back to waiting (Raft 5.2)".
    case electionLost
    /// Somebody who is no voter asks for pre-votes; `RaftTests/ConfigurationTests`, "Who was voted
    /// out campaigns too, later than voters (thesis 4.2.2; etcd #12359)".
    case nonVoterCampaigned
    /// A leader is elected by both majorities of a joint configuration (Raft 6);
    /// `RaftTests/QuorumTests`, "A joint configuration needs both majorities, for commits and for
    /// votes (Raft 6)".
    case electedWhileJoint
    /// The link to the leader broke for good, and a successor need not wait;
    /// `RaftTests/RegressionTests`, "When the leader's link breaks, the first in rank asks at once,
    /// the next a little later".
    case leaderForgotten
    /// A candidate hears the leader of its term; `RaftTests/PaperTests`, "A candidate that hears
    /// the leader of its term follows it (Raft 5.2)".
    case candidateFoundLeader
    /// A leader is heard again before anybody could replace it; `RaftTests/RegressionTests`, "If
    /// only the link broke, the leader's next heartbeat ends the pre-vote".
    case preCandidateFoundLeader
    /// A leader that no majority answers steps down (thesis 6.2); `RaftTests/PaperTests`, "A leader
    /// that no majority answers steps down after an election timeout (thesis 6.2)".
    case quorumLost
    /// A successor has not taken over within an election timeout; `RaftTests/RegressionTests`, "A
    /// transfer that takes longer than an election timeout is given up (thesis 3.10)".
    case transferExpired
    /// A leader is deposed with open entries; `RaftTests/ReplicationTests`, "A leader that steps
    /// down says that its proposals may be lost".
    case proposalsLost
    /// A leader is deposed while reads wait for its quorum; `RaftTests/ReadIndexTests`, "An answer
    /// in another term does not count (etcd #20418)".
    case readsLost
    /// A replica is told of a commit that its log has lost; `RaftTests/RegressionTests`, "A replica
    /// that is told of a commit beyond its log has lost what it confirmed".
    case becameSuspect
    /// A replica that had lost data has all of it again; `RaftTests/RegressionTests`, "It counts
    /// again when it has a committed entry of a later leader's term on disk".
    case suspicionLifted
    // MARK: Raft: changes of configuration and leader

    /// A leader hands over while the configuration is joint; `RaftTests/ConfigurationTests`, "A new
    /// leader leaves a joint configuration (etcd #12136)".
    case transferWhileJoint
    /// A successor has to get the rest of the log first; `RaftTests/RegressionTests`, "A transfer
    /// waits until the successor has everything (thesis 3.10)".
    case transferWaited
    /// A proposal comes while leadership is being handed over; `RaftTests/RegressionTests`, "A
    /// transfer waits until the successor has everything (thesis 3.10)".
    case transferRefusedProposal
    /// A leader leaves the joint configuration of an earlier one; `RaftTests/ConfigurationTests`,
    /// "A new leader leaves a joint configuration (etcd #12136)".
    case jointLeftBySuccessor
    /// A leader that is no voter has to go on; `RaftTests/ConfigurationTests`, "A leader that is
    /// voted out leads until the voters know, then steps down (Raft 6)".
    case retirementWaited
    /// A leader that was voted out hands over (Raft 6); `RaftTests/ConfigurationTests`, "A leader
    /// that is voted out leads until the voters know, then steps down (Raft 6)".
    case leaderRetired

    // MARK: Raft: replication

    /// A replica begins with entries that it does not know to be committed; `RaftTests/LogTests`,
    /// "A restart goes on where it was: the tail is applied as its commit becomes known".
    case restartedWithUnacked
    /// Entries that conflict with the leader's go (Raft 5.3); `RaftTests/ReplicationTests`, "An
    /// entry that conflicts goes, with all that follow it; what agrees stays (Raft 5.3)".
    case conflictTruncated
    /// An entry is applied before the own disk has it; `RaftTests/ReplicationTests`, "What is
    /// committed is handed out to apply before the own disk has it".
    case appliedBeforeOwnDisk
    /// A configuration goes from the log before it took effect; `RaftTests/ConfigurationTests`, "A
    /// configuration that is replaced in the log before it was committed never takes effect".
    case configurationTruncated
    /// Entries go from the log while they are on their way to the disk; `RaftTests/LogTests`, "A
    /// late confirmation does not cover what replaced the entries (etcd, ABA race)".
    case pendingWriteTruncated
    /// Entries come while a snapshot replaces the log; `RaftTests/SnapshotTests`, "An installed
    /// snapshot replaces the log and the configuration, and is confirmed (Raft 7)".
    case appendDuringInstall
    /// A majority does not commit entries of an earlier term; `RaftTests/ReplicationTests`,
    /// "Entries of earlier terms are not committed by counting (Raft 5.4.2, figure 8)".
    case earlierTermHeldBack
    /// One of the present commits entries of an earlier term; `RaftTests/ReplicationTests`,
    /// "Entries of earlier terms are not committed by counting (Raft 5.4.2, figure 8)".
    case earlierTermCommitted
    /// A leader learns that a member has lost data and does not count; `RaftTests/RegressionTests`,
    /// "A leader does not count what a recovering member confirms, nor its answers to reads".
    case memberRecovering
    /// A member rejects what it confirmed; `RaftTests/RegressionTests`, "A rejection of what was
    /// confirmed is not answered at once".
    case confirmedRejected
    /// A follower may not be sent more before it answers; `RaftTests/FlowControlTests`, "No more
    /// messages are on their way than the window allows; a confirmation opens it".
    case windowFull
    /// A full window is tried with an empty message; `RaftTests/FlowControlTests`, "A full window
    /// whose messages were all lost opens again through heartbeats".
    case fullWindowProbed
    /// A follower needs entries that are not in memory any more; `RaftTests/FlowControlTests`,
    /// "What is not in memory any more is read from disk, and the flow goes on from there".
    case logReadFromDisk
    /// What was read for a follower is not what it needs by now; `RaftTests/FlowControlTests`, "An
    /// answer of the disk that is late, or not what was asked for, reaches nobody".
    case logReadLate
    /// The log that a follower needs was dropped while it was read; `RaftTests/SnapshotTests`, "A
    /// follower that needs what was compacted gets a snapshot, once (Raft 7)".
    case logReadInVain
    /// A pipelined follower refuses: its log is looked for again; `RaftTests/FlowControlTests`,
    /// "While probing, one message at a time".
    case replicateBecameProbe
    /// A leader takes no more before something is committed; `RaftTests/FlowControlTests`, "What is
    /// not committed is bounded; the rest is refused until a commit".
    case proposalsFull
    /// A read waits until a new leader has committed in its term; `RaftTests/ReadIndexTests`, "No
    /// read before the leader has committed in its own term (thesis 6.4; etcd #7331)".
    case readWaitedForFirstCommit
    /// Later heartbeats confirm the reads of an earlier round; `RaftTests/ReadIndexTests`, "If the
    /// heartbeats of a round are lost, any later ones do".
    case readsConfirmedLater

    // MARK: Raft: snapshots

    /// A snapshot did not arrive and is tried again later; `RaftTests/SnapshotTests`, "A failed
    /// stream is tried again when the follower answers, not at full speed".
    case snapshotStreamFailed
    /// A snapshot arrives of what the log has; `RaftTests/SnapshotTests`, "A snapshot of what is in
    /// the log only says how far it is committed (Raft 7)".
    case snapshotNeedless
    /// A snapshot with a joint configuration is installed; `RaftTests/SnapshotTests`, "An installed
    /// snapshot replaces the log and the configuration, and is confirmed (Raft 7)".
    case snapshotOfJoint
    /// A snapshot takes the place of entries that were not committed; `RaftTests/SnapshotTests`,
    /// "An installed snapshot replaces the log and the configuration, and is confirmed (Raft 7)".
    case snapshotReplacedLog

    // MARK: Membership

    /// Another member confirms a suspicion, which shortens it (Lifeguard IV-B);
    /// `MembershipTests/FailureDetectorTests`, "Independent confirmations shorten a suspicion, and
    /// only new ones are told on (Lifeguard IV-B)".
    case suspicionConfirmed
    /// A suspect shows that it lives (SWIM 4.2); `MembershipTests/FailureDetectorTests`, "An
    /// accusation is refuted with a higher incarnation, which is told (SWIM 4.2)".
    case suspectRefuted
    /// A member that was given up shows that it lives; `MembershipTests/ClusterTests`, "Both halves
    /// of a partition give the other up, and all find together again (serf reconnect)".
    case deadRefuted
    /// A member that was given up has begun again; `MembershipTests/FailureDetectorTests`, "A
    /// restart outranks every accusation of the earlier process, at its new address at once".
    case deadRestarted
    /// A member that had left has begun again; `MembershipTests/FailureDetectorTests`, "Dead by its
    /// own word is left, and only a newer life of its own brings it back".
    case leftReturned
    /// A member is heard to listen elsewhere; `MembershipTests/ClusterTests`, "A node restarted on
    /// another address is reached by all within five seconds".
    case addressLearnt
    /// An accusation comes before the address that it is about;
    /// `MembershipTests/FailureDetectorTests`, "An accusation that overtakes the alive it is about
    /// does not hide the new address".
    case accusationOvertook
    /// Somebody does not know what it is accused of and is told (memberlist #311);
    /// `MembershipTests/FailureDetectorTests`, "A stale alive is answered with the accusation, to
    /// its subject, once a second (memberlist #311)".
    case accusationRepeated
    /// A refutation waits, because the last one was a moment ago;
    /// `MembershipTests/FailureDetectorTests`, "Refutations are limited, and the last accusation is
    /// still answered (consul #2430)".
    case refutationDelayed
    /// A node that was removed says something; `MembershipTests/FailureDetectorTests`, "A removed
    /// node is refused for ever".
    case removedRefused
    /// A datagram of a member's earlier process arrives; `MembershipTests/FailureDetectorTests`,
    /// "An outdated process is told of its successor, and nothing that it says is believed".
    case earlierProcessAnswered
    /// All helpers wait too; `MembershipTests/FailureDetectorTests`, "With every helper's nack the
    /// fault is the target's alone, and our health stays (memberlist)".
    case fullyNacked
    /// A target answers through a helper; `MembershipTests/FailureDetectorTests`, "An ack through a
    /// helper, or the peer link's answer, saves the target".
    case savedByHelper
    /// A helper says that it waits for the target too; `MembershipTests/FailureDetectorTests`, "A
    /// helper pings the target, forwards its ack, and says after 160 ms that it waits (Lifeguard
    /// IV-A)".
    case nackCounted
    /// A node finds itself accused in a digest; `MembershipTests/FailureDetectorTests`, "An
    /// accusation found in a digest is refuted at once".
    case accusedInDigest
    /// An exchange tells of a death, which is only suspected;
    /// `MembershipTests/FailureDetectorTests`, "What an exchange says is dead is only suspected, so
    /// that it can refute (memberlist)".
    case deadOnlySuspected

    // MARK: Registry and placement

    /// The registry has changed since a placement was computed; `RegistryTests/RegistryStateTests`,
    /// "A placement computed from an older registry is void".
    case registryProposalVoid
    /// A node asks again for the id that it was given; `RegistryTests/RegistryStateTests`, "A token
    /// admits once, and a repeated request gets the same node id".
    case admittedAgain
    /// A member that was drained leaves; `RegistryTests/ReconcilerTests`, "A draining node gives
    /// everything away first, and leaves when it holds nothing".
    case memberLeft
    /// A node is given a shard that it once had; `RegistryTests/RegistryStateTests`, "A node that
    /// is given a shard again is another replica; one that keeps it stays the same".
    case replicaRenewed
    /// So many members are missing that nothing is changed; `RegistryTests/ReconcilerTests`, "While
    /// more than a third is not alive, nothing is lost and nothing moves (DESIGN 5)".
    case reconcilerFrozen

    // MARK: Node: replicas that move

    /// A swap of replicas waits for the newcomer to catch up; `NodeTests/Cluster/GrowthTests`, "A
    /// move from one node to three ends with the desired configuration, without a joint rest".
    case swapWaited
    /// A newer replica is wanted where an older one votes; `NodeTests/Cluster/GrowthTests`, "The
    /// older replica of a node leaves before a newer one comes".
    case olderReplicaLeft
    /// Newer replicas are wanted of all nodes of a group; `NodeTests/Cluster/GrowthTests`, "Older
    /// replicas stay when newer ones of all their nodes are wanted".
    case olderReplicaStayed
    /// A learner has the log and becomes a voter; `NodeTests/Cluster/GrowthTests`, "A move from one
    /// node to three ends with the desired configuration, without a joint rest".
    case learnerPromoted
    /// A learner is not wanted any more before it was promoted; `NodeTests/Cluster/GrowthTests`, "A
    /// move from one node to three ends with the desired configuration, without a joint rest".
    case strayLearnerRemoved
    /// A replica gives way to a later one of the same node; `NodeTests/Cluster/GrowthTests`, "A
    /// message for a replica that was given up, or for one never handed out, makes none".
    case replicaReplaced
    /// A message comes for a replica that was given up: its tombstone answers;
    /// `NodeTests/Cluster/GrowthTests`, "A message for a replica that was given up, or for one
    /// never handed out, makes none".
    case messageForDestroyed
    /// A replica knows better than to be expelled; `NodeTests/Cluster/GrowthTests`, "Only the
    /// group's word expels a replica, and never one that hears another leader".
    case expulsionIgnored
    /// A replica gives up at its group's word; `NodeTests/Cluster/GrowthTests`, "Only the group's
    /// word expels a replica, and never one that hears another leader".
    case expelled
    /// A node begins with the tombstone of a replica; `NodeTests/Cluster/GrowthTests`, "A message
    /// for a replica that was given up, or for one never handed out, makes none".
    case tombstoneFound
    /// A node says goodbye before it could hand over all that it leads;
    /// `NodeTests/Cluster/GrowthTests`, "A node that leaves hands over what it leads, and then
    /// tells the gossip".
    case leftWithShards
    /// A draining member still holds replicas; `NodeTests/Cluster/GrowthTests`, "A drained node
    /// gives everything away and then says that it has left".
    case drainWaited

    // MARK: Node: replicas on the disk

    /// The log ends at an entry that is not whole; `NodeTests/Replicas/DurabilityTests`, "An entry
    /// whose checksum does not fit ends the log, and what is behind it is erased".
    case damagedTailCut
    /// The log is shorter than what was synced: the replica is suspect;
    /// `NodeTests/Replicas/DurabilityTests`, "A log that is shorter than its watermark makes the
    /// replica suspect until it is rebuilt".
    case watermarkAccused
    /// A replica begins as suspect as it ended; `NodeTests/Replicas/DurabilityTests`, "A log that
    /// is shorter than its watermark makes the replica suspect until it is rebuilt".
    case restartedSuspect
    /// Entries that were synced are truncated; `NodeTests/Replicas/DurabilityTests`, "Truncating
    /// what was synced moves the watermark back: it accuses nobody of it".
    case watermarkMovedBack
    /// A log stays long for a follower that is behind; `NodeTests/Replicas/SnapshotTests`, "A
    /// replica that is too far behind gets the whole state and then the log".
    case compactionWaited
    /// So many snapshots are sent that the next has to wait; `NodeTests/Replicas/SnapshotTests`, "A
    /// node sends and receives only so many snapshots at once, and ends with all of them".
    case snapshotsOutFull
    /// A piece of a snapshot was not confirmed in time; `NodeTests/Replicas/SnapshotTests`, "A
    /// replica that is too far behind gets the whole state and then the log".
    case snapshotPieceRepeated
    /// A snapshot that is sent ends with its leader's term, or by itself;
    /// `NodeTests/Replicas/SnapshotTests`, "A node sends and receives only so many snapshots at
    /// once, and ends with all of them".
    case snapshotGivenUp
    /// A snapshot that arrives stops arriving; `NodeTests/Replicas/SnapshotTests`, "A node sends
    /// and receives only so many snapshots at once, and ends with all of them".
    case incomingGivenUp
    /// A snapshot that arrives is dropped for a newer one; `NodeTests/Replicas/SnapshotTests`, "A
    /// node sends and receives only so many snapshots at once, and ends with all of them".
    case snapshotForNewer
    /// A snapshot is refused that has nothing new; `NodeTests/Replicas/SnapshotTests`, "A piece
    /// with impossible numbers, an old term or another receiver is refused, no trap".
    case snapshotTooOld
    /// So many snapshots arrive that another has to wait; `NodeTests/Replicas/SnapshotTests`, "A
    /// node sends and receives only so many snapshots at once, and ends with all of them".
    case snapshotsInFull
    /// A piece of a snapshot comes twice or too early; `NodeTests/Replicas/SnapshotTests`, "A piece
    /// with impossible numbers, an old term or another receiver is refused, no trap".
    case snapshotPieceDoubled

    // MARK: Node: requests, followed logs, outbox

    /// Hints about a leader are followed no longer for a while; `NodeTests/Routing/RequestTests`,
    /// "A request to a node that does not lead is redirected and answered once".
    case redirectedInCircles
    /// A command is given up, done or not; `NodeTests/Routing/RequestTests`, "Without a quorum a
    /// command fails with `unknown` after 10 s, a query with `unavailable`".
    case outcomeUnknown
    /// An answer comes for a request that has ended; `NodeTests/Routing/RequestTests`, "An answer
    /// to a request of the run before is nobody's".
    case answerOfNobody
    /// A refusal of a former leader is late; `NodeTests/Routing/RequestTests`, "A request to a node
    /// that does not lead is redirected and answered once".
    case notLeaderLate
    /// A published entry was lost on its way; `NodeTests/Routing/FollowingTests`, "A published
    /// entry that gets lost is found by its gap: the head is asked for".
    case publicationGap
    /// Published marks were lost on their way; `NodeTests/Routing/FollowingTests`, "Marks that get
    /// lost are found by their version".
    case marksGap
    /// An owner publishes to a node that does not follow; `NodeTests/Routing/FollowingTests`, "A
    /// follow that the owner remembers and nobody wants any more is ended by the first entry".
    case followForgotten
    /// A deposed owner tells a head that is older than what is known;
    /// `NodeTests/Routing/FollowingTests`, "After a change of the owner the logs are followed at
    /// the new one, and nothing is missed".
    case headOfDeposed
    /// A head tells of entries that were published to nobody here;
    /// `NodeTests/Routing/FollowingTests`, "An owner whose own link to the follower broke tells the
    /// heads when it is open again".
    case headsFoundNews
    /// Hints about an owner are followed no longer for a while; `NodeTests/Routing/FollowingTests`,
    /// "Nodes that know no better do not send a follower in circles".
    case followedInCircles
    /// An effect found no shard to take it and is tried again; `NodeTests/Routing/OutboxTests`, "An
    /// effect that has to be tried again is not overtaken for ever by those behind it".
    case effectDelayed
    /// An effect is answered to a node that leads its shard no longer;
    /// `NodeTests/Routing/OutboxTests`, "An effect is delivered at least once and has its effect
    /// once, whenever the node crashes".
    case effectAnsweredLate
    /// An effect is answered that was answered before; `NodeTests/Routing/OutboxTests`, "An effect
    /// is delivered at least once and has its effect once, whenever the node crashes".
    case effectAnsweredTwice
    /// An effect is done, but its group cannot be told now; `NodeTests/Routing/OutboxTests`, "An
    /// effect is delivered at least once and has its effect once, whenever the node crashes".
    case effectUnsettled

    // MARK: Node: sessions

    /// One difference is asked for several sockets; `NodeTests/Sessions/SessionHubTests`, "After a
    /// change of owner all sockets catch up by one question, and go on without a gap".
    case caughtUpTogether
    /// A difference cannot be had now; `NodeTests/Sessions/SessionHubTests`, "A difference that the
    /// node cannot answer is asked for again, later each time".
    case catchUpRetried
    /// A cursor is too old for a difference: a hole is told; `NodeTests/Sessions/SessionHubTests`,
    /// "A distance that is too long is told, and the log goes on from its head (rule 2)".
    case holeTold
    /// An open socket's session ends; `NodeTests/Sessions/SessionHubTests`, "A revoked session's
    /// sockets are closed with 4401 at once, those of others stay".
    case revokedAtOnce
    /// Entries came while a difference was under way, and follow it;
    /// `NodeTests/Sessions/SessionHubTests`, "What is published while a difference is under way is
    /// neither lost nor doubled".
    case recentReplayed
    /// Entries came while a difference was under way, and were not kept;
    /// `NodeTests/Sessions/SessionHubTests`, "What is published while a difference is under way is
    /// neither lost nor doubled".
    case recentLost
    /// A log went on without the hub; `NodeTests/Sessions/SessionHubTests`, "After a change of
    /// owner all sockets catch up by one question, and go on without a gap".
    case hubJumped
    /// Somebody types in a chat of which the hub has not heard all;
    /// `NodeTests/Sessions/TypingTests`, "A hub that has not heard of all that the owner knew tells
    /// nobody".
    case typingAhead
    /// Somebody types who may not write there; `NodeTests/Presence/PresenceTests`, "Only
    /// who may write is shown as typing".
    case typingRefused
    /// A node that held somebody's sockets is not heard of any more;
    /// `NodeTests/Presence/PresenceTableTests`, "Who is not claimed any more is gone, and was there
    /// when the last claim came".
    case presenceExpired
    /// A slow socket is told that a log went on, instead of how;
    /// `NodeTests/Sessions/SessionHubTests`, "A slow socket loses marks first, then pushes for one
    /// advanced, then the connection (rule 7)".
    case demotedToAdvanced
    /// A slow socket is spared marks; `NodeTests/Sessions/MissedMarksTests`, "They come when
    /// a slow socket that was spared them has drained".
    case marksSpared
    /// A socket that does not read is closed; `NodeTests/Sessions/SessionHubTests`, "A full socket
    /// without progress for 10 s is closed with 4409; one that drains is not".
    case closedSlow
    /// The inbox of a client cannot be found in time; `NodeTests/Sessions/SessionHubTests`, "A node
    /// that cannot find the inbox sends the client elsewhere after 10 s".
    case welcomeLate
    /// The cluster does not say in time who a client is; `NodeTests/Sessions/SessionHubTests`, "A
    /// cluster that does not say in time who a client is costs the socket, not the sign-in".
    case authenticationLate
    /// The shard of a client's account cannot be reached now; `NodeTests/Sessions/SessionHubTests`,
    /// "A cluster that does not say in time who a client is costs the socket, not the sign-in".
    case authenticationUnavailable
    /// A socket says more than it may; `NodeTests/Sessions/SessionHubTests`, "Frames over the rate
    /// are refused in words, and at last the socket is closed with 4429".
    case rateExceeded

    // MARK: Chat and accounts

    /// A command to a chat comes again and gets its first answer; `ChatTests/OnceTests`, "A retry
    /// gets the first result and changes nothing, whatever happened since".
    case commandRepeated
    /// The creation of a chat goes on elsewhere and finds that it was done;
    /// `ChatTests/OwnershipTests`, "The same creation again gets the first result, another one of
    /// the same chat a conflict".
    case creationRepeated
    /// An id is too old to be sure that it is new; `ChatTests/OnceTests`, "An id older than a week
    /// is refused for good, one ahead by more than a day for now".
    case commandTooOld
    /// An id is from a time that is still to come; `ChatTests/OnceTests`, "An id older than a week
    /// is refused for good, one ahead by more than a day for now".
    case commandFromFuture
    /// A ticket is shown that was redeemed; `NodeTests/Procedures/ProcedureTests`, "A resume ticket
    /// is good once".
    case ticketUsedTwice
    /// A name is taken by somebody else; `AccountsTests/ClaimTests`, "A name is claimed by one
    /// owner at most, person or public chat, and what follows goes on".
    case claimContested
    /// A phone asks for another code too soon; `AccountsTests/ClaimTests`, "A phone gets a code
    /// every 30 s at most, and five an hour; the refusal says when".
    case codeTooSoon
    /// A claim goes on elsewhere and finds that it was made; `NodeTests/Procedures/ProcedureTests`,
    /// "A username is taken once, and by retries of the same request again".
    case claimRepeated

    // MARK: Clients

    /// What a client knows to exist does not come by itself; `Vectors/client-core`, "An ack whose
    /// entry does not come asks for the difference".
    case gapAsked
    /// A client goes on behind a gap that is too long; `Vectors/client-core`, "A gap that is too
    /// long leaves a hole and goes on after the head".
    case holeKept
    /// A client's log cannot be had now; `Vectors/client-core`, "A refused log is followed no
    /// longer; a retryable refusal is asked again".
    case logRefusedForNow
    /// A message was on its way when its socket was lost; `Vectors/client-core`, "After a lost
    /// socket the same id is sent again, before what was written later".
    case sendRepeated
    /// No answer to a message comes; `Vectors/client-core`, "No answer for 12 s: the same id is
    /// sent again, and the socket is doubted".
    case ackTimedOut
    /// A message is refused for now and holds its chat; `Vectors/client-core`, "A retryable error
    /// holds the chat and sends the same id again".
    case sendHeld
    /// A client waits before it tries the next node; `Vectors/client-core`, "The wait doubles to 30
    /// s with full jitter, and every node gets its turn".
    case backedOff
    /// What a client shows is refused, and it shows something else; `Vectors/client-core`, "A
    /// refused ticket is dropped, and the cookie at home is tried".
    case credentialDropped
    /// A node asks a client to leave; `Vectors/client-core`, "goaway: leave after the delay and a
    /// share of the spread, to another node at once".
    case sentAway
}
