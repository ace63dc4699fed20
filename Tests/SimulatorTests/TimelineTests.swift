import Determinism
import Testing

@testable import Simulator

@Suite("Timelines")
struct TimelineTests {
    private func settings() -> SimulationSettings {
        var settings = SimulationSettings(seed: 5, nodeCount: 3)
        settings.shardCount = 2
        settings.personCount = 3
        settings.safetyTime = .seconds(8)
        settings.faults = FaultPlan()
        settings.faults.include(.crash, every: .seconds(2))
        settings.faults.include(.pause, every: .seconds(2))
        settings.faults.include(.isolate, every: .seconds(2))
        return settings
    }

    @Test("Writing a run down changes nothing in it")
    func watchesOnly() {
        let (recorded, _) = Simulation(settings: settings()).runRecorded()
        let plain = Simulation(settings: settings()).run()
        #expect(recorded.equals(plain))
    }

    @Test("A timeline shows the messages, crashes, pauses, cuts, leaders and commits of a run")
    func shows() {
        let (report, timeline) = Simulation(settings: settings()).runRecorded()
        #expect(timeline.lanes.count { $0.isNode } == 4)
        for kind in [Timeline.MessageKind.append, .vote, .heartbeat, .gossip, .client, .publish] {
            #expect(timeline.messages.contains { $0.kind == kind }, "\(kind)")
        }
        for kind in [Timeline.SpanKind.down, .pause, .cut] {
            #expect(timeline.spans.contains { $0.kind == kind }, "\(kind)")
        }
        #expect(timeline.moments.contains { $0.kind == .commit })
        #expect(timeline.phases.map(\.name) == ["boot", "safety", "healing"])
        #expect(timeline.end == report.time)
        for message in timeline.messages {
            #expect(message.sent <= message.arrived)
            #expect(max(message.from, message.to) < timeline.lanes.count)
        }
        // One leader in each term (Raft 5.2): no other lane reigns in the same term of a shard.
        for reign in timeline.reigns {
            #expect(
                !timeline.reigns.contains {
                    $0.shard == reign.shard && $0.term == reign.term && $0.lane != reign.lane
                })
        }
        #expect(!timeline.reigns.isEmpty)
    }

    @Test("Nothing that was said ends the script in which it stands")
    func quoting() {
        #expect(Timeline.quoted("</script>\"\\\n") == "\"\\u003c/script>\\\"\\\\\\u000a\"")
        #expect(Timeline.quoted("ä🙂") == "\"ä🙂\"")
    }
}
