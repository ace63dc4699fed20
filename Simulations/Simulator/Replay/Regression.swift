/// A story of the past that must not come again: seeds and options under which something once
/// broke, as kept in `Simulations/Regressions`.
///
/// The file is lines of `key value`; empty lines and lines that begin with `#` say nothing. `story`
/// is one line for people and `seeds` is `N` or `A..B`; both are needed, once. Every other key is
/// one of ``SimulationOptions/Key``.
package struct Regression: Hashable, Sendable {
    /// The most seeds of one file: a regression names its options instead of searching.
    private static let seedsMax: UInt64 = 100

    /// What the file is called, without its ending.
    package let name: String
    /// What once went wrong, in one line.
    package let story: String
    /// Each is a run.
    package let seeds: ClosedRange<UInt64>
    /// What every run insists on.
    package let options: SimulationOptions

    /// Reads the file called `name`.
    package init(name: String, text: String) throws(RegressionError) {
        var story: String?
        var seeds: ClosedRange<UInt64>?
        var options = SimulationOptions()
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let words = line.split(separator: " ", maxSplits: 1)
            guard let key = words.first, !key.hasPrefix("#") else { continue }
            let value = words.count == 2 ? String(words[1].trimmingSpaces) : ""
            switch key {
            case "story" where story == nil && !value.isEmpty: story = value
            case "seeds" where seeds == nil:
                guard let range = Self.seeds(value) else { throw .badLine(index + 1) }
                seeds = range
            default:
                guard let key = SimulationOptions.Key(rawValue: String(key)) else {
                    throw .badLine(index + 1)
                }
                do throws(OptionError) {
                    try options.set(key, to: value)
                } catch {
                    throw .badOption(index + 1, error)
                }
            }
        }
        guard let story else { throw .missing("story") }
        guard let seeds else { throw .missing("seeds") }
        self.name = name
        self.story = story
        self.seeds = seeds
        self.options = options
    }

    private static func seeds(_ text: String) -> ClosedRange<UInt64>? {
        if let seed = UInt64(text) { return seed...seed }
        guard let range = ClosedRange(seeds: text), range.upperBound - range.lowerBound < seedsMax
        else { return nil }
        return range
    }
}

/// Why a file is no regression; lines count from 1.
package enum RegressionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An unknown key, a key too many, or a value that cannot be.
    case badLine(Int)
    case badOption(Int, OptionError)
    /// A key that every file needs.
    case missing(String)

    package var description: String {
        switch self {
        case .badLine(let line): "line \(line) cannot be read"
        case .badOption(let line, let error): "line \(line): \(error)"
        case .missing(let key): "there is no line \(key)"
        }
    }
}

extension ClosedRange<UInt64> {
    /// Seeds as people write them, `A..B`, both included; nil for anything else.
    package init?(seeds text: String) {
        let bytes = Array(text.utf8)
        guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")), dot + 1 < bytes.count,
            bytes[dot + 1] == UInt8(ascii: "."),
            let first = UInt64(String(decoding: bytes[..<dot], as: UTF8.self)),
            let last = UInt64(String(decoding: bytes[(dot + 2)...], as: UTF8.self)), first <= last
        else { return nil }
        self = first...last
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
