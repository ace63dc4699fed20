import Wire

/// What a run found out, as a table for people and as JSON for programs.
struct Report {
    /// One figure.
    struct Row: Equatable {
        /// The member in JSON; its end says the unit.
        let key: String
        let label: String
        let value: Double
        let unit: String
    }

    let scenario: String
    private(set) var settings: [(key: String, value: String)] = []
    private(set) var rows: [Row] = []
    private(set) var violations: [String] = []
    private(set) var violationCount = 0

    init(_ scenario: String) { self.scenario = scenario }

    // MARK: Filling it

    /// Notes under what the run was made.
    mutating func set(_ key: String, _ value: String) { settings.append((key, value)) }

    /// Adds a figure.
    mutating func add(_ key: String, _ label: String, _ value: Double, _ unit: String) {
        rows.append(Row(key: key, label: label, value: value, unit: unit))
    }

    /// Adds a share of two figures; nothing when there is nothing to divide by.
    mutating func add(
        _ key: String, _ label: String, _ value: Double, per count: Double, _ unit: String
    ) {
        if count > 0 { add(key, label, value / count, unit) }
    }

    /// Adds the percentiles of latencies.
    mutating func add(_ key: String, _ label: String, _ summary: LatencyMeter.Summary) {
        guard summary.count > 0 else { return }
        let values = [
            ("p50", summary.p50), ("p99", summary.p99), ("p99.9", summary.p999),
            ("max", summary.max),
        ]
        for (name, value) in values {
            let member = name == "p99.9" ? "p999" : name
            add("\(key)_\(member)_ms", "\(label) \(name)", Double(value) / 1e6, "ms")
        }
    }

    /// Takes over what the checker found.
    mutating func take(_ checker: ContinuityChecker) {
        violations += checker.violations.map(\.description)
        violationCount += checker.violationCount
    }

    /// Notes something that must not happen.
    mutating func violate(_ text: String) {
        violations.append(text)
        violationCount += 1
    }

    // MARK: Printing it

    /// The table.
    var table: String {
        var lines = [scenario + settings.map { "  \($0.key) \($0.value)" }.joined()]
        let labelWidth = rows.map(\.label.count).max() ?? 0
        let values = rows.map { Report.number($0.value) }
        let valueWidth = values.map(\.count).max() ?? 0
        for (row, value) in zip(rows, values) {
            let label = row.label + spaces(labelWidth - row.label.count)
            lines.append("  \(label)  \(spaces(valueWidth - value.count))\(value) \(row.unit)")
        }
        if violationCount == 0 {
            lines.append("  no violation of order, of completeness or of uniqueness")
        } else {
            lines.append("  \(violationCount) VIOLATIONS, the first of them:")
            lines += violations.prefix(20).map { "    " + $0 }
        }
        return lines.joined(separator: "\n")
    }

    /// One JSON object in one line.
    var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("scenario", scenario)
        writer.key("settings")
        writer.beginObject()
        for setting in settings {
            writer.key(setting.key)
            writer.string(setting.value)
        }
        writer.endObject()
        writer.key("figures")
        writer.beginObject()
        for row in rows {
            writer.key(row.key)
            writer.json(Array(Report.number(row.value).utf8))
        }
        writer.endObject()
        writer.member("violations", UInt64(violationCount))
        writer.key("violationTexts")
        writer.beginArray()
        for text in violations { writer.string(text) }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

    /// A number with three decimals below 100, one below 10,000 and none above; never an exponent.
    static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "0" }
        let decimals = abs(value) < 100 ? 3 : abs(value) < 10_000 ? 1 : 0
        let scale: Int64 = decimals == 3 ? 1_000 : decimals == 1 ? 10 : 1
        let scaled = Int64((abs(value) * Double(scale)).rounded())
        let whole = "\(value < 0 && scaled > 0 ? "-" : "")\(scaled / scale)"
        guard decimals > 0 else { return whole }
        let fraction = "\(scaled % scale)"
        return whole + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}
