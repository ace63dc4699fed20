import Determinism
import Testing

@testable import Simulator

@Suite("Options, regressions and shrinking")
struct ReplayTests {
    private func options(_ pairs: [(SimulationOptions.Key, String)]) throws -> SimulationOptions {
        var options = SimulationOptions()
        for (key, value) in pairs { try options.set(key, to: value) }
        return options
    }

    @Test("What is insisted on wins over what the seed draws, and nothing else changes")
    func overrides() throws {
        let drawn = SimulationOptions().settings(seed: 5)
        let settings = try options([
            (.nodes, "\(drawn.nodeCount)"), (.shards, "16"), (.people, "9"),
            (.safetyTime, "1500ms"),
            (.thinkTime, "2s"), (.fault, "crash=3s"), (.without, "loss"),
        ]).settings(seed: 5)
        #expect(settings.shardCount == 16)
        #expect(settings.personCount == 9)
        #expect(settings.safetyTime == .milliseconds(1_500))
        #expect(settings.workload.thinkTime == .seconds(2))
        #expect(settings.faults.mean(of: .crash) == .seconds(3))
        #expect(settings.faults.perMille(of: .loss) == 0)
        var expected = drawn.faults
        expected.include(.crash, every: .seconds(3))
        expected.leaveOut(.loss)
        #expect(settings.faults == expected)
        #expect(settings.network == drawn.network)
        #expect(settings.perturbationSeed == drawn.perturbationSeed)
    }

    @Test("Options are written as they are read")
    func written() throws {
        let pairs: [(SimulationOptions.Key, String)] = [
            (.nodes, "3"), (.shards, "4"), (.people, "2"), (.safetyTime, "20s"),
            (.thinkTime, "250ms"), (.without, "pause"), (.without, "perturbations"),
            (.fault, "crash=4s"), (.canary, "ackBeforeSync"),
        ]
        let first = try options(pairs)
        #expect(first.written.map(\.key) == pairs.map(\.0))
        #expect(first.written.map(\.value) == pairs.map(\.1))
        #expect(try options(first.written.map { ($0.key, $0.value) }) == first)
    }

    @Test(
        "A value that cannot be is refused",
        arguments: [
            (SimulationOptions.Key.nodes, "0"), (.nodes, "10"), (.nodes, "three"), (.shards, "3"),
            (.shards, "128"), (.people, "0"), (.safetyTime, "20"), (.safetyTime, "0s"),
            (.safetyTime, "-1s"), (.safetyTime, "18446744073709551615s"), (.thinkTime, "s"),
            (.without, "rain"), (.fault, "crash"), (.fault, "rain=1s"), (.fault, "crash=1"),
            (.canary, "tit"),
        ])
    func refused(key: SimulationOptions.Key, value: String) {
        #expect(throws: OptionError.self) { try options([(key, value)]) }
    }

    @Test("Every disturbance that a seed has can be left out, alone")
    func leavingOut() throws {
        for seed in UInt64(1)...40 {
            let active = SimulationOptions().settings(seed: seed).activeDisturbances
            for name in active {
                let rest = try options([(.without, name)]).settings(seed: seed)
                #expect(rest.activeDisturbances == active.filter { $0 != name })
            }
        }
    }

    // MARK: Regressions

    @Test("A regression's file is lines of key and value")
    func regression() throws {
        let text = """
            # Found while nobody looked.
            story  A node that came back forgot its vote.

            seeds 3..7
            nodes 5
            without pause
            without loss
            """
        let regression = try Regression(name: "vote", text: text)
        #expect(regression.story == "A node that came back forgot its vote.")
        #expect(regression.seeds == 3...7)
        #expect(regression.options.nodes == 5)
        #expect(regression.options.without == ["pause", "loss"])
        #expect(try Regression(name: "one", text: "seeds 9\nstory b").seeds == 9...9)
    }

    @Test(
        "A file that says too little, too much or nonsense is none",
        arguments: [
            ("story a", RegressionError.missing("seeds")), ("seeds 1", .missing("story")),
            ("story a\nstory b\nseeds 1", .badLine(2)), ("story\nseeds 1", .badLine(1)),
            ("story a\nseeds 2..1", .badLine(2)), ("story a\nseeds 1..101", .badLine(2)),
            ("story a\nseeds 1\nseed 2", .badLine(3)),
            ("story a\nseeds 1\nwithout rain", .badOption(3, .unknownFault("rain"))),
        ])
    func badRegression(text: String, error: RegressionError) {
        #expect(throws: error) { try Regression(name: "bad", text: text) }
    }

    // MARK: Shrinking

    @Test("What a failure does not need is dropped, what it needs stays")
    func shrinking() throws {
        let seed = try #require(
            (UInt64(1)...200).first {
                let settings = SimulationOptions().settings(seed: $0)
                return settings.activeDisturbances.contains("crash")
                    && settings.activeDisturbances.contains("pause")
                    && settings.activeDisturbances.count > 4 && settings.nodeCount >= 3
                    && settings.personCount > 3 && settings.shardCount > 2
            })
        // Fails only with crashes and pauses, for 7 s at least, with 3 people, 2 shards, 3 nodes.
        func broken(_ options: SimulationOptions) -> String? {
            let settings = options.settings(seed: seed)
            let active = settings.activeDisturbances
            let fails =
                active.contains("crash") && active.contains("pause")
                && settings.safetyTime >= .seconds(7) && settings.personCount >= 3
                && settings.shardCount >= 2 && settings.nodeCount >= 3
            return fails ? "durability" : settings.nodeCount == 1 ? "bootstrap" : nil
        }
        var told = 0
        var shrinker = Shrinker(
            seed: seed, options: SimulationOptions(), property: "durability", run: broken,
            told: { _ in told += 1 })
        shrinker.shrink()
        let least = shrinker.options.settings(seed: seed)
        #expect(least.activeDisturbances == ["crash", "pause"])
        #expect(least.safetyTime >= .seconds(7) && least.safetyTime < .milliseconds(7_300))
        #expect(least.personCount == 3)
        #expect(least.shardCount == 2)
        #expect(least.nodeCount == 3)
        #expect(told > 0 && shrinker.runCount <= 300)
        #expect(broken(shrinker.options) == "durability")
    }
}
