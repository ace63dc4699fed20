import Determinism
import Identity
import Testing
import Wire

@testable import Node

@Suite("Who is at the sockets of a node")
struct LocalPresenceTests {
    private let wall = WallTime(milliseconds: 1_700_000_000_000)
    private let somebody = account(1)

    private func at(_ milliseconds: UInt64) -> Instant { .start + .milliseconds(milliseconds) }

    private func note(
        _ presence: inout LocalPresence, _ isActive: Bool, _ hub: UInt32 = 0, at now: UInt64
    ) -> Bool {
        presence.note(
            somebody, isActive: isActive, at: HubID(hub), now: at(now), wall: wall,
            grace: .seconds(3))
    }

    @Test("The owner hears of the first socket, not of others or of those of another hub")
    func first() {
        var presence = LocalPresence()
        #expect(note(&presence, true, at: 0))
        #expect(!note(&presence, true, at: 1))
        #expect(!note(&presence, true, 1, at: 2))
        #expect(presence.claims == [PresenceClaim(account: somebody, left: nil)])
        #expect(!note(&presence, false, 1, at: 3))
        #expect(presence.takeDepartures(at: at(9_000)).isEmpty)
    }

    @Test("Whoever comes back within the grace was never away")
    func grace() {
        var presence = LocalPresence()
        _ = note(&presence, true, at: 0)
        _ = note(&presence, false, at: 1_000)
        #expect(presence.claims.isEmpty, "neither is it there any more")
        #expect(presence.takeDepartures(at: at(3_999)).isEmpty)
        #expect(!note(&presence, true, at: 3_999))
        #expect(presence.takeDepartures(at: at(60_000)).isEmpty)
    }

    @Test("A departure is told once it is one, and repeated for two minutes")
    func departure() {
        var presence = LocalPresence()
        _ = note(&presence, true, at: 0)
        _ = note(&presence, false, at: 1_000)
        let left = PresenceClaim(account: somebody, left: wall)
        #expect(presence.takeDepartures(at: at(4_000)) == [left])
        #expect(presence.takeDepartures(at: at(4_001)).isEmpty)
        #expect(presence.claims == [left])
        #expect(note(&presence, true, at: 50_000), "that is news")
        _ = note(&presence, false, at: 51_000)
        #expect(presence.takeDepartures(at: at(54_000)) == [left])
        #expect(presence.claims == [left])
        _ = presence.takeDepartures(at: at(174_000))
        #expect(presence.claims.isEmpty && presence.count == 0)
    }

    @Test("A hub that ends takes all with it that was there, and whom it watched")
    func hubEnds() {
        var presence = LocalPresence()
        _ = note(&presence, true, at: 0)
        _ = presence.watch([account(2)], for: HubID(0), countMax: 9)
        presence.close(HubID(0), at: at(10), wall: wall)
        #expect(presence.watchedAccounts.isEmpty)
        #expect(presence.takeDepartures(at: at(10)).map(\.account) == [somebody])
    }

    @Test("What is known already is told to a further hub at once, the rest is asked for")
    func watch() {
        var presence = LocalPresence()
        let person = PersonPresence(account: account(2), presence: .online)
        #expect(presence.watch([account(2)], for: HubID(0), countMax: 2).asked == [account(2)])
        #expect(presence.take(person) == [HubID(0)])
        #expect(presence.take(person).isEmpty, "no change")
        let more = presence.watch([account(2), account(3), account(4)], for: HubID(1), countMax: 2)
        #expect(more.known == [person] && more.asked == [account(3)])
        presence.unwatch([account(2)], for: HubID(0))
        #expect(
            presence.take(PersonPresence(account: account(2), presence: .recently)) == [HubID(1)])
    }
}
