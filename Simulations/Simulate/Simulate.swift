internal import ArgumentParser
internal import Determinism
internal import Simulator

@main
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs whole clusters on virtual time, network and disk, each from one seed.",
        discussion: """
            Nodes and clients are those of the product; what is around them is simulated, with \
            faults: crashes, pauses, cuts, losses, slow disks. While it runs and in the end \
            checkers look at everything that was said and stored. The same seed gives the same \
            run, to the last byte.

            Examples:
              simulate --seeds 1..300
              simulate --seed 17 --trace
              simulate --seed 17 --shrink
              simulate --seed 17 --timeline run.html
              simulate --regressions
            """)

    @OptionGroup(title: "What to run")
    var choice: RunChoice

    @OptionGroup(title: "What a run is, instead of what its seed draws")
    var run: RunArguments

    @OptionGroup(title: "How, and what is told")
    var telling: TellingArguments

    func validate() throws {
        guard choice.count == 1 else {
            throw ValidationError(
                "Give one of --seeds A..B, --seed N, --regressions, --canaries, --profile, --scale."
            )
        }
        if telling.shrink || telling.timeline != nil, choice.seed == nil {
            throw ValidationError("--shrink and --timeline need --seed N.")
        }
        if run.canary != nil || choice.canaries, !CanaryBuild.isOne {
            throw ValidationError(CanaryBuild.advice)
        }
        _ = try run.options()
    }

    mutating func run() async throws {
        TrapNotice.install()
        let options = try run.options()
        let hasPassed: Bool
        if choice.regressions {
            hasPassed = try await RegressionRuns(
                folder: choice.regressionFolder, jobs: telling.jobCount
            ).run()
        } else if choice.canaries {
            hasPassed = try await CanaryRuns(
                form: choice.short ? .short : .whole(blockCount: choice.blocks),
                jobs: telling.jobCount
            ).run()
        } else if choice.profile {
            hasPassed = ProfileRun().run()
        } else if choice.scale {
            hasPassed = ScaleRun(seed: choice.scaleSeed, isJSON: telling.json).run()
        } else if let seed = choice.seed, telling.shrink {
            hasPassed = ShrinkRun(seed: seed, options: options).run()
        } else if let seed = choice.seed, let path = telling.timeline {
            hasPassed = try TimelinePage(seed: seed, options: options, path: path).run()
        } else {
            let seeds = choice.seeds?.range ?? (choice.seed ?? 1)...(choice.seed ?? 1)
            hasPassed = await SeedRuns(seeds: seeds, options: options, telling: telling).run()
        }
        if !hasPassed { throw ExitCode(1) }
    }
}

/// Which runs are wanted; exactly one of them.
struct RunChoice: ParsableArguments {
    @Option(help: "The seeds to run, as A..B, both included.")
    var seeds: SeedRange?

    @Option(help: "One seed to run.")
    var seed: UInt64?

    @Flag(help: "Run the stories of the past, each a file of seeds and options.")
    var regressions = false

    @Option(help: "Where the stories are.")
    var regressionFolder = "Simulations/Regressions"

    @Flag(help: "See whether each planted bug is found; needs a build with them.")
    var canaries = false

    @Option(help: "In how many disjoint blocks of 500 seeds each planted bug is to be found.")
    var blocks = 5

    @Flag(help: "With --canaries: only those that a few seeds show.")
    var short = false

    @Flag(help: "Measure the speed: 5 nodes, 64 shards, 200 messages a second.")
    var profile = false

    @Flag(help: "Measure membership and placement with 10, 100 and 500 nodes; --json too.")
    var scale = false

    @Option(help: "The seed of --scale.")
    var scaleSeed: UInt64 = 1

    /// How many of the choices were made.
    var count: Int {
        (seeds == nil ? 0 : 1) + (seed == nil ? 0 : 1) + (regressions ? 1 : 0)
            + (canaries ? 1 : 0) + (profile ? 1 : 0) + (scale ? 1 : 0)
    }

    func validate() throws {
        guard (1...20).contains(blocks) else { throw ValidationError("--blocks is 1 to 20.") }
        guard canaries || !short else { throw ValidationError("--short needs --canaries.") }
    }
}

/// What a person insists on.
struct RunArguments: ParsableArguments {
    @Option(help: "How many nodes a run begins with, 1 to 9.")
    var nodes: String?

    @Option(help: "How many shards: a power of two up to 64.")
    var shards: String?

    @Option(help: "How many replicas a shard has where there are enough nodes: 1, 3 or 5.")
    var replicas: String?

    @Option(help: "How many people chat, 1 to 100.")
    var people: String?

    @Option(help: "How long faults go on, as 20s or 1500ms.")
    var safetyTime: String?

    @Option(help: "How long a person thinks between two actions, on average.")
    var thinkTime: String?

    @Option(help: "A kind of fault to leave out, or perturbations; may be repeated.")
    var without: [String] = []

    @Option(help: "A kind of fault to have, as crash=4s: the mean time between two.")
    var fault: [String] = []

    @Option(help: "The planted bug that lives, in a build that has them.")
    var canary: String?

    /// The same as a value; fails with words for people.
    func options() throws -> SimulationOptions {
        var options = SimulationOptions()
        let given: [(SimulationOptions.Key, [String])] = [
            (.nodes, nodes.list), (.shards, shards.list), (.replicas, replicas.list),
            (.people, people.list),
            (.safetyTime, safetyTime.list), (.thinkTime, thinkTime.list), (.fault, fault),
            (.without, without), (.canary, canary.list),
        ]
        for (key, values) in given {
            for value in values {
                do throws(OptionError) {
                    try options.set(key, to: value)
                } catch {
                    throw ValidationError(error.description)
                }
            }
        }
        return options
    }
}

/// How much is told, and how fast.
struct TellingArguments: ParsableArguments {
    @Option(help: "How many seeds run at the same time; all cores unless given.")
    var jobs: Int?

    @Flag(help: "Print one line of JSON for each seed: seed, hash, verdict.")
    var json = false

    @Flag(help: "Print the settings of each run before it, and each run's line.")
    var verbose = false

    @Flag(help: "Print the last events also when everything holds.")
    var trace = false

    @Flag(help: "Print the table of marks: how often, and in which share of the seeds.")
    var marks = false

    @Flag(help: "Fail when a mark was never hit; so does a run of 10000 seeds.")
    var requireMarks = false

    @Flag(help: "Stop at the first seed that fails.")
    var untilFailure = false

    @Option(help: "Write the run of --seed N as a page for a browser, to this file.")
    var timeline: String?

    @Flag(help: "Look for the least options under which the seed still fails.")
    var shrink = false

    /// How many runs go on at the same time.
    var jobCount: Int { max(1, jobs ?? Terminal.coreCount) }

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs is at least 1.") }
    }
}

/// Seeds as people write them.
struct SeedRange: ExpressibleByArgument {
    let range: ClosedRange<UInt64>

    init?(argument: String) {
        guard let range = ClosedRange(seeds: argument) else { return nil }
        self.range = range
    }
}

extension String? {
    fileprivate var list: [String] { map { [$0] } ?? [] }
}
