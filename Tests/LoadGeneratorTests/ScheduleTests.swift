import Testing

@testable import LoadGenerator

@Suite("Load generator: the schedule of the open loop")
struct ScheduleTests {
    @Test(
        "Operation i of a rate r is meant for i/r seconds, exactly, for ever",
        arguments: [1, 3, 7, 200, 1_000, 999_983])
    func exact(_ rate: UInt64) {
        let schedule = OpenLoopSchedule(rate: rate)
        #expect(schedule.intended(0) == 0)
        #expect(schedule.intended(rate) == 1_000_000_000)
        #expect(schedule.intended(rate * 86_400) == 86_400_000_000_000)
        for index in stride(from: UInt64(0), to: 3 * rate, by: max(1, Int(rate) / 50)) {
            #expect(schedule.intended(index) <= schedule.intended(index + 1))
            let exact = Double(index) * 1e9 / Double(rate)
            #expect(abs(Double(schedule.intended(index)) - exact) < 1.5)
        }
    }

    @Test("A stall takes nothing away: everything that was due is given out, with its own time")
    func stall() throws {
        var schedule = OpenLoopSchedule(rate: 100)
        var given: [UInt64] = []
        while let operation = schedule.take(at: 95_000_000) { given.append(operation.intended) }
        #expect(given == (0...9).map { $0 * 10_000_000 })
        let early = schedule.take(at: 99_999_999)
        #expect(early == nil)
        #expect(schedule.next == 100_000_000)
        let due = schedule.take(at: 100_000_000)
        let next = try #require(due)
        #expect(next.index == 10)
    }
}
