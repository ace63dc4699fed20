/// Something over a limit: how many lines a file or a function has, how many lines are too long,
/// how many declarations have no comment.
struct Excess: Hashable, Sendable, Comparable, CustomStringConvertible {
    let path: String
    /// `file`, `longLines`, `undocumented` or a function's name.
    let what: String
    let measure: Int

    var description: String { "\(path) \(what) \(measure)" }

    static func < (lhs: Excess, rhs: Excess) -> Bool {
        (lhs.path, lhs.what, lhs.measure) < (rhs.path, rhs.what, rhs.measure)
    }
}

/// The record of what was over a limit when the limits came: it may shrink and never grow.
struct Ratchet: Sendable {
    /// Where the record is, from the root.
    static let path = "Tests/TidyTests/Ratchet.txt"

    let recorded: [Excess]

    /// Reads lines of `path what measure`; `#` begins a comment. A line of another shape is nil.
    init?(text: String) {
        var recorded: [Excess] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            guard parts.count == 3, let measure = Int(parts[2]) else { return nil }
            recorded.append(
                Excess(path: String(parts[0]), what: String(parts[1]), measure: measure))
        }
        self.recorded = recorded
    }

    /// What is longer than recorded, and records that are no longer needed or a tenth above the
    /// truth.
    func offences(of found: [Excess]) -> [String] {
        var offences: [String] = []
        for excess in found {
            let limit = recorded.first { $0.path == excess.path && $0.what == excess.what }?.measure
            guard let limit else {
                offences.append("too long: \(excess)")
                continue
            }
            if excess.measure > limit { offences.append("grew from \(limit): \(excess)") }
            if excess.measure * 11 < limit * 10 {
                offences.append("lower the record to: \(excess)")
            }
        }
        for record in recorded
        where !found.contains(where: { $0.path == record.path && $0.what == record.what }) {
            offences.append("remove the record: \(record)")
        }
        return offences
    }

    /// The record without what is no longer needed, and lowered to what is found; nothing is added.
    func tightened(to found: [Excess]) -> [Excess] {
        found.compactMap { excess in
            recorded.first { $0.path == excess.path && $0.what == excess.what }
                .map { record in
                    Excess(
                        path: excess.path, what: excess.what,
                        measure: min(record.measure, excess.measure))
                }
        }.sorted()
    }
}
