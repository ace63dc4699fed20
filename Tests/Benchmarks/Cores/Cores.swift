import Benchmark
import Glibc

/// The hot paths of the cores, each as one message takes it. All are single-threaded and touch
/// neither disk nor network.
let benchmarks: @Sendable () -> Void = {
    replicationBenchmarks()
    placementBenchmarks()
    codecBenchmarks()
    deliveryBenchmarks()
    chatBenchmarks()
    searchBenchmarks()
}

/// What a person writes: 128 bytes, as the load generator sends them.
let sampleText = String(
    repeating: "A message of the usual length, which is 32 bytes; ", count: 3
).prefix(128).description

/// CPU time of this process for an operation. The library's own is in steps of 10 ms.
private let cpuNanoseconds = BenchmarkMetric.custom(
    "CPU (ns)", polarity: .prefersSmaller, useScalingFactor: true)

/// Measures `operations`, which is given what `prepare` made and does as many as it is told. The
/// name is one of a file, too, and has no spaces.
///
/// Instructions are those of the processor's counters and 0 where the machine has none; CPU time is
/// a little more of a busy machine, and of a shared one it varies by itself.
func measure<State>(
    _ name: String, scale: BenchmarkScalingFactor = .kilo, prepare: @escaping () -> State,
    operations: @escaping (inout State, Int) -> Void
) {
    let configuration = Benchmark.Configuration(
        metrics: [.instructions, cpuNanoseconds],
        warmupIterations: 3,
        scalingFactor: scale,
        maxDuration: .seconds(3),
        maxIterations: 200,
        thresholds: [
            .instructions: BenchmarkThresholds(relative: [.p90: 10]),
            cpuNanoseconds: BenchmarkThresholds(relative: [.p90: 60]),
        ])
    Benchmark(name, configuration: configuration) { benchmark in
        var state = prepare()
        benchmark.startMeasurement()
        let start = processNanoseconds()
        operations(&state, benchmark.scaledIterations.count)
        let end = processNanoseconds()
        benchmark.stopMeasurement()
        benchmark.measurement(cpuNanoseconds, Int(end - start))
    }
}

/// User and system time of this process.
private func processNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// The value of what cannot fail here.
func must<Value>(_ body: () throws -> Value) -> Value {
    do {
        return try body()
    } catch {
        preconditionFailure("a benchmark's own input was refused: \(error)")
    }
}
