import Determinism
import Identity
import Testing

@testable import Raft

@Suite("Snapshots and compaction")
struct SnapshotTests {
    private func metadata(_ index: UInt64, _ term: UInt64, voters: [UInt64] = [1, 2, 3]) throws
        -> SnapshotMetadata
    {
        SnapshotMetadata(
            index: LogIndex(index), term: Term(term),
            configuration: try Configuration(voters: voters.map(Desk.id)))
    }

    private func receive(
        _ desk: inout Desk, _ metadata: SnapshotMetadata, term: UInt64
    ) -> SnapshotDecision {
        defer { desk.settle() }
        return desk.replica.receiveSnapshot(
            metadata, from: Desk.id(2), term: Term(term), at: desk.now, using: &desk.generator)
    }

    /// A leader whose log starts after the no-op at 11, and follower 3 behind that.
    private func compactedLeader() throws -> Desk {
        var desk = try Desk()
        desk.lead(with: [2])
        desk.replica.compacted(through: LogIndex(11), term: Term(6))
        desk.hear(
            .appendRejected(
                previousIndex: LogIndex(10), hintIndex: .zero, hintTerm: .zero,
                isRecovering: false), from: 3, term: 6)
        return desk
    }

    @Test("A follower that needs what was compacted gets a snapshot, once (Raft 7)")
    func asksForSnapshot() throws {
        var desk = try compactedLeader()
        #expect(desk.snapshotsToSend == [Desk.id(3)])
        desk.sent = []
        try desk.replica.propose([1])
        desk.settle()
        desk.pass(.milliseconds(300))
        #expect(desk.snapshotsToSend.count == 1)
        #expect(desk.appends(to: 3).isEmpty, "nothing is sent that it cannot use")
    }

    @Test("After the snapshot the log goes on from where it starts")
    func goesOnAfterSnapshot() throws {
        var desk = try compactedLeader()
        desk.replica.snapshotSent(to: Desk.id(3), success: true)
        desk.settle()
        #expect(desk.appends(to: 3).last?.previous == LogIndex(11))
        desk.confirm(LogIndex(11), from: 3)
        #expect(desk.replica.progress.last?.state == .replicate)
    }

    @Test("A confirmation during the stream ends the wait: any snapshot will do")
    func confirmationEndsWait() throws {
        var desk = try compactedLeader()
        desk.confirm(LogIndex(11), from: 3)
        #expect(desk.replica.progress.last?.state == .replicate)
    }

    @Test("A failed stream is tried again when the follower answers, not at full speed")
    func retriesSnapshot() throws {
        var desk = try compactedLeader()
        desk.replica.snapshotSent(to: Desk.id(3), success: false)
        desk.settle()
        #expect(desk.snapshotsToSend.count == 1)
        desk.answerHeartbeat(0, from: 3)
        #expect(desk.snapshotsToSend.count == 2)
    }

    @Test("A snapshot of what is committed already is thrown away, and told so (Raft 7)")
    func ignoresOldSnapshot() throws {
        var desk = try Desk(terms: [5, 5], commit: 12)
        #expect(receive(&desk, try metadata(12, 5), term: 6) == .ignore)
        #expect(desk.sent.last?.body == .appendReply(match: LogIndex(12), isRecovering: false))
    }

    @Test("A snapshot of what was applied long ago is thrown away, though its term is forgotten")
    func ignoresForgottenTerm() throws {
        var settings = RaftSettings()
        settings.cacheEntriesMax = 0
        var desk = try Desk(terms: [5, 5, 5], commit: 13, settings: settings)
        #expect(receive(&desk, try metadata(11, 5), term: 6) == .ignore)
    }

    @Test("A snapshot of what is in the log only says how far it is committed (Raft 7)")
    func keepsMatchingLog() throws {
        var desk = try Desk(terms: [5, 6, 6])
        #expect(receive(&desk, try metadata(12, 6), term: 6) == .ignore)
        #expect(desk.replica.commitIndex == LogIndex(12))
        #expect(desk.replica.lastIndex == LogIndex(13))
    }

    @Test("A snapshot from an older leader is thrown away, and the leader told (Raft 5.1)")
    func ignoresOldLeader() throws {
        var desk = try Desk(term: 9)
        #expect(receive(&desk, try metadata(20, 6), term: 6) == .ignore)
        #expect(desk.sent.last?.term == Term(9))
    }

    @Test("An installed snapshot replaces the log and the configuration, and is confirmed (Raft 7)")
    func installs() throws {
        var desk = try Desk(terms: [6, 6])
        let metadata = try metadata(20, 7, voters: [1, 2, 4])
        #expect(receive(&desk, metadata, term: 7) == .install)
        // What comes meanwhile would be lost with the log.
        desk.sent = []
        desk.hearAppend(after: (12, 6), [Desk.entry(13, 7)], term: 7)
        #expect(desk.replica.lastIndex == LogIndex(12))
        #expect(desk.sent.isEmpty)
        desk.hearHeartbeat(commit: 12, term: 7)
        #expect(desk.replica.commitIndex == LogIndex(10))
        desk.pass(.seconds(5))
        #expect(desk.replica.role == .follower, "it does not campaign with half a state")
        desk.hearHeartbeat(term: 7)
        desk.replica.snapshotInstalled(metadata)
        desk.settle()
        #expect(desk.replica.lastIndex == LogIndex(20))
        #expect(desk.replica.firstIndex == LogIndex(21))
        #expect(desk.replica.appliedIndex == LogIndex(20))
        #expect(desk.replica.configuration == metadata.configuration)
        #expect(desk.sent.last?.body == .appendReply(match: LogIndex(20), isRecovering: false))
        desk.hearAppend(after: (20, 7), [Desk.entry(21, 7)], commit: 21, term: 7)
        #expect(desk.committed.map(\.index) == [LogIndex(21)])
    }

    @Test("While one snapshot is installed, another is thrown away")
    func oneAtATime() throws {
        var desk = try Desk()
        #expect(receive(&desk, try metadata(20, 7), term: 7) == .install)
        #expect(receive(&desk, try metadata(25, 7), term: 7) == .ignore)
        desk.replica.snapshotInstalled(try metadata(20, 7))
        #expect(desk.replica.lastIndex == LogIndex(20))
    }

    @Test("A late refusal does not disturb a stream that is under way")
    func refusalDuringStream() throws {
        var desk = try compactedLeader()
        desk.hear(
            .appendRejected(
                previousIndex: LogIndex(11), hintIndex: .zero, hintTerm: .zero,
                isRecovering: false), from: 3, term: 6)
        #expect(desk.replica.progress.last?.state == .snapshot)
        #expect(desk.snapshotsToSend.count == 1)
    }

    @Test("An abandoned snapshot leaves everything as it was")
    func abandons() throws {
        var desk = try Desk(terms: [6, 6])
        #expect(receive(&desk, try metadata(20, 7), term: 7) == .install)
        desk.replica.snapshotAbandoned()
        desk.hearAppend(after: (12, 6), [Desk.entry(13, 7)], term: 7)
        #expect(desk.terms == [6, 6, 7])
    }

    @Test("Compaction twice, or of the past, changes nothing")
    func compactsOnce() throws {
        var desk = try Desk(terms: [5, 5, 5], commit: 13)
        desk.replica.compacted(through: LogIndex(12), term: Term(5))
        desk.replica.compacted(through: LogIndex(11), term: Term(5))
        #expect(desk.replica.firstIndex == LogIndex(13))
        desk.replica.checkInvariants()
    }
}
