import Testing

@testable import LoadGenerator

@Suite("Load generator: latencies and their report")
struct LatencyTests {
    @Test("Percentiles of a uniform run are within a thousandth")
    func uniform() {
        var meter = LatencyMeter()
        for microseconds in UInt64(1)...10_000 { meter.record(microseconds * 1_000) }
        let summary = meter.summary
        #expect(summary.count == 10_000)
        #expect(summary.max == 10_000_000)
        for (value, expected) in [
            (summary.p50, 5_000_000.0), (summary.p99, 9_900_000), (summary.p999, 9_990_000),
        ] {
            #expect(abs(Double(value) - expected) < expected / 900)
        }
    }

    @Test("One stall shows in p99.9 and max, not in p50; nothing at all is zero")
    func outlier() {
        var meter = LatencyMeter()
        #expect(meter.summary == LatencyMeter.Summary())
        for _ in 0..<997 { meter.record(1_000_000) }
        for _ in 0..<3 { meter.record(2_000_000_000) }
        #expect(abs(Double(meter.summary.p50) - 1e6) < 2e3)
        #expect(meter.summary.p999 == 2_000_000_000)
        #expect(meter.summary.max == 2_000_000_000)
        meter.reset()
        #expect(meter.summary == LatencyMeter.Summary())
    }

    @Test("Longer than ten minutes counts as ten minutes and keeps its maximum")
    func beyond() {
        var meter = LatencyMeter()
        meter.record(3_600_000_000_000)
        #expect(meter.summary.count == 1)
        #expect(meter.summary.max == 3_600_000_000_000)
    }

    @Test("A stall of one second at 100 a second is seen by the hundred that were meant for it")
    func coordinatedOmission() {
        var schedule = OpenLoopSchedule(rate: 100)
        var meter = LatencyMeter()
        // The server answers at once, but stands still from 1 s to 2 s.
        for moment in stride(from: UInt64(0), through: 3_000_000_000, by: 10_000_000)
        where !(1_000_000_000..<2_000_000_000).contains(moment) {
            while let operation = schedule.take(at: moment) {
                meter.record(moment - operation.intended)
            }
        }
        #expect(meter.summary.count == 301)
        #expect(meter.summary.p99 > 950_000_000)
        #expect(meter.summary.p50 < 1_000_000)
    }

    @Test(
        "Numbers have no exponent and lose nothing that matters",
        arguments: [
            (0.0, "0.000"), (0.1234, "0.123"), (99.9996, "100.000"), (1_234.56, "1234.6"),
            (123_456.7, "123457"), (-1.5, "-1.500"), (.nan, "0"), (.infinity, "0"),
        ])
    func numbers(_ value: Double, _ text: String) { #expect(Report.number(value) == text) }

    @Test("A report says every figure in its table and in its JSON, and violations loudly")
    func report() {
        var report = Report("chats")
        report.set("rate", "200")
        var meter = LatencyMeter()
        meter.record(1_500_000)
        report.add("ack_latency", "ack latency", meter.summary)
        report.add("acks_per_s", "durable acks", 400, per: 2, "/s")
        report.add("nothing", "nothing", 1, per: 0, "/s")
        #expect(report.table.contains("durable acks"))
        #expect(report.table.contains("no violation"))
        #expect(
            report.json
                == #"{"scenario":"chats","settings":{"rate":"200"},"figures":{"#
                + #""ack_latency_p50_ms":1.500,"ack_latency_p99_ms":1.500,"#
                + #""ack_latency_p999_ms":1.500,"ack_latency_max_ms":1.500,"acks_per_s":200.0},"#
                + #""violations":0,"violationTexts":[]}"#)
        report.violate("a message was lost")
        #expect(report.violationCount == 1)
        #expect(report.table.contains("1 VIOLATIONS"))
        #expect(report.table.contains("a message was lost"))
        #expect(report.json.contains(#""violations":1"#))
    }
}
