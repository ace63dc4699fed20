internal import Determinism
internal import Simulator

/// How often each mark was hit, and in how many seeds.
struct MarkTable {
    /// So many marks are to be rare: hit in fewer than a fifth of the seeds.
    static let rareCountMin = 40

    private var seedCount = 0
    private var totals = [UInt64](repeating: 0, count: Mark.allCases.count)
    private var seeds = [Int](repeating: 0, count: Mark.allCases.count)

    mutating func add(_ report: SimulationReport) {
        seedCount += 1
        for (position, count) in report.marks.enumerated() where count > 0 {
            totals[position] += UInt64(count)
            seeds[position] += 1
        }
    }

    /// The names of the marks that no seed hit.
    var missing: [String] {
        zip(Mark.allCases, seeds).filter { $1 == 0 }.map { "\($0.0)" }
    }

    /// How many marks were hit in fewer than a fifth of the seeds, but hit.
    var rareWords: String {
        let rare = seeds.count { $0 > 0 && $0 * 5 < seedCount }
        return
            "\(seeds.count - missing.count) of \(seeds.count) marks were hit, \(rare) of them in "
            + "fewer than a fifth of the seeds (at least \(Self.rareCountMin) are wanted in a long "
            + "run)"
    }

    /// One line for each mark, the rarest first.
    var table: String {
        let rows = Mark.allCases.indices.sorted { (seeds[$0], $0) < (seeds[$1], $1) }
        let lines = rows.map { row in
            let perMille = seedCount == 0 ? 0 : seeds[row] * 1_000 / seedCount
            return (
                "mark \(Mark.allCases[row])",
                "\(totals[row]) times, in \(seeds[row]) seeds "
                    + "(\(perMille / 10).\(perMille % 10) %)"
            )
        }
        return Terminal.table(lines)
    }
}
