import Identity
import Testing

@testable import Raft

@Suite("Majorities")
struct QuorumTests {
    private func configuration(_ voters: [UInt64], _ outgoing: [UInt64] = []) throws
        -> Configuration
    {
        try Configuration(
            voters: voters.map(Desk.id), votersOutgoing: outgoing.map(Desk.id))
    }

    @Test(
        "The index that a majority has reached (Raft 5.3)",
        arguments: [
            ([7], 7), ([3, 9], 3), ([1, 5, 9], 5), ([0, 0, 9], 0), ([2, 4, 6, 8], 4),
            ([1, 2, 3, 4, 5], 3),
        ] as [([UInt64], UInt64)])
    func reached(indices: [UInt64], expected: UInt64) throws {
        let voters = (1...UInt64(indices.count)).map { $0 }
        let reached = Quorum.reached(by: try configuration(voters)) { id in
            LogIndex(indices[Int(id.node.rawValue) - 1])
        }
        #expect(reached == LogIndex(expected))
    }

    @Test("A joint configuration needs both majorities, for commits and for votes (Raft 6)")
    func joint() throws {
        let joint = try configuration([1, 2, 3], [3, 4, 5])
        let onlyIncoming: [UInt64] = [1, 2, 3]
        let reached = Quorum.reached(by: joint) { id in
            LogIndex(onlyIncoming.contains(id.node.rawValue) ? 9 : 2)
        }
        #expect(reached == LogIndex(2))
        func verdict(_ granted: [UInt64], _ refused: [UInt64] = []) -> Quorum.Verdict {
            Quorum.verdict(in: joint) { id in
                if granted.contains(id.node.rawValue) { return true }
                return refused.contains(id.node.rawValue) ? false : nil
            }
        }
        #expect(verdict([1, 2, 3]) == .pending)
        #expect(verdict([4, 5]) == .pending)
        #expect(verdict([1, 3, 4]) == .won)
        #expect(verdict([1, 2, 3], [4, 5]) == .lost)
        #expect(verdict([3, 4, 5], [1, 2]) == .lost)
    }

    @Test("Nobody is no majority")
    func empty() {
        let reached: LogIndex? = Quorum.reached(by: .empty) { _ in LogIndex(9) }
        #expect(reached == nil)
        #expect(!Quorum.holds(in: .empty) { _ in true })
    }

    @Test("Two majorities of one set always meet", arguments: 1...9)
    func majoritiesMeet(count: Int) {
        #expect(2 * Quorum.majority(of: count) > count)
        #expect(2 * (Quorum.majority(of: count) - 1) <= count)
    }
}
