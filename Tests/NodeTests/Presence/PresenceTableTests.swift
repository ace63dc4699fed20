import Determinism
import Identity
import Testing
import Wire

@testable import Node

@Suite("Who is there, at the owner")
struct PresenceTableTests {
    private static let wall = WallTime(milliseconds: 1_700_000_000_000)
    private let settings = NodeSettings()
    private let somebody = account(1)

    private func at(_ seconds: UInt64) -> Instant { .start + .seconds(seconds) }
    private func wall(_ seconds: UInt64) -> WallTime { Self.wall + .seconds(seconds) }

    private func claim(
        _ table: inout PresenceTable, _ node: UInt64, at seconds: UInt64, left: WallTime? = nil
    ) -> Bool {
        table.take(
            PresenceClaim(account: somebody, left: left), from: NodeID(node),
            until: at(seconds) + settings.presenceLifetime, wall: wall(seconds), countMax: 10)
    }

    @Test("Somebody is there while one node says so, whatever another says")
    func nodes() {
        var table = PresenceTable()
        #expect(claim(&table, 1, at: 0))
        #expect(!claim(&table, 2, at: 1), "nobody needs to hear that")
        #expect(!claim(&table, 1, at: 2, left: wall(2)))
        #expect(table.isThere(somebody))
        #expect(claim(&table, 2, at: 3, left: wall(3)))
        #expect(!table.isThere(somebody) && table.left(somebody) == wall(3))
    }

    @Test("Who is not claimed any more is gone, and was there when the last claim came")
    func expiry() {
        var table = PresenceTable()
        _ = claim(&table, 1, at: 0)
        _ = claim(&table, 1, at: 15)
        #expect(table.sweep(at: at(54), settings: settings).isEmpty)
        #expect(table.isThere(somebody))
        #expect(table.sweep(at: at(55), settings: settings) == [somebody])
        #expect(!table.isThere(somebody) && table.left(somebody) == wall(15))
    }

    @Test("A departure in the time to come, by a clock that is ahead, is one of now")
    func clocks() {
        var table = PresenceTable()
        _ = claim(&table, 1, at: 0)
        _ = claim(&table, 1, at: 5, left: wall(60))
        #expect(table.left(somebody) == wall(5))
    }

    private func unwritten(_ table: inout PresenceTable, at seconds: UInt64) -> [WallTime] {
        let all = table.takeUnwritten(
            of: nil, at: at(seconds), pause: settings.lastSeenInterval)
        for (account, _) in all { table.wroteLeft(account, at: at(seconds)) }
        return all.map(\.left)
    }

    @Test("When somebody left is written once a minute, and then the latest time")
    func lastSeen() {
        var table = PresenceTable()
        _ = claim(&table, 1, at: 0)
        #expect(unwritten(&table, at: 1).isEmpty, "who is there was not last seen")
        for seconds in [10, 20, 30] as [UInt64] {
            _ = claim(&table, 1, at: seconds)
            _ = claim(&table, 1, at: seconds + 5, left: wall(seconds + 5))
        }
        #expect(unwritten(&table, at: 36) == [wall(35)])
        _ = claim(&table, 1, at: 40)
        _ = claim(&table, 1, at: 50, left: wall(50))
        #expect(unwritten(&table, at: 51).isEmpty)
        #expect(unwritten(&table, at: 95).isEmpty)
        #expect(unwritten(&table, at: 96) == [wall(50)])
        // Lost on its way: it is tried again until the record has it.
        #expect(unwritten(&table, at: 156) == [wall(50)])
        table.isWritten(somebody, lastSeen: wall(50))
        #expect(unwritten(&table, at: 300).isEmpty)
        _ = table.sweep(at: at(300), settings: settings)
        #expect(table.count == 0, "nothing is kept of who is gone")
    }

    @Test("A new owner is sure of who is gone when every node had the time to say who is there")
    func warm() {
        var table = PresenceTable()
        table.watch(somebody, by: NodeID(3), until: at(900), countMax: 10)
        #expect(table.sweep(at: at(100), settings: settings).isEmpty)
        #expect(table.sweep(at: at(119), settings: settings).isEmpty && !table.isWarm)
        #expect(table.sweep(at: at(120), settings: settings) == [somebody], "all are told anew")
        #expect(table.isWarm)
        #expect(table.sweep(at: at(125), settings: settings).isEmpty)
    }

    @Test("Who asked is told for as long as the lease, and there are limits to both")
    func watchers() {
        var table = PresenceTable()
        _ = table.sweep(at: at(0), settings: settings)
        table.watch(somebody, by: NodeID(3), until: at(75), countMax: 1)
        table.watch(somebody, by: NodeID(2), until: at(80), countMax: 1)
        table.watch(account(2), by: NodeID(2), until: at(80), countMax: 1)
        #expect(table.watchers(of: somebody) == [NodeID(3), NodeID(2)])
        #expect(table.watchers(of: account(2)).isEmpty)
        _ = table.sweep(at: at(75), settings: settings)
        #expect(table.watchers(of: somebody) == [NodeID(2)])
        _ = claim(&table, 1, at: 80)
        let isTaken = table.take(
            PresenceClaim(account: account(3), left: nil), from: NodeID(1), until: at(90),
            wall: wall(80), countMax: 1)
        #expect(!isTaken && !table.isThere(account(3)))
    }
}
