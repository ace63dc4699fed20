internal import Identity
internal import Registry
internal import Storage

/// The outcome of a registry command as it travels from the registry's leader to whoever asked: one
/// byte for the kind, and what belongs to it.
///
/// Refusals travel as their kind and the words for people: the program decides nothing by them.
enum RegistryAnswer {
    private enum Kind: UInt8 {
        case done = 1
        case unchanged = 2
        case admitted = 3
        case refused = 4
        case failed = 5
    }

    /// The bytes of `outcome`.
    static func encoded(_ outcome: RegistryOutcome) -> [UInt8] {
        switch outcome {
        case .done: [Kind.done.rawValue]
        case .unchanged: [Kind.unchanged.rawValue]
        case .admitted(let node): [Kind.admitted.rawValue] + number(node.rawValue)
        case .refused(let refusal): [Kind.refused.rawValue] + refused(refusal)
        }
    }

    /// Reads the bytes; nil for anything else, an encoded failure included.
    static func decoded(_ bytes: [UInt8]) -> RegistryOutcome? {
        guard let first = bytes.first, let kind = Kind(rawValue: first) else { return nil }
        let rest = Array(bytes.dropFirst())
        switch kind {
        case .done: return .done
        case .unchanged: return .unchanged
        case .admitted: return read(rest).map { .admitted(NodeID($0)) }
        case .refused: return refusal(rest).map { .refused($0) }
        case .failed: return nil
        }
    }

    private static func refused(_ refusal: RegistryRefusal) -> [UInt8] {
        switch refusal {
        case .notInitialised: [1]
        case .alreadyInitialised: [2]
        case .tokenUnknown: [3]
        case .tokenUsed: [4]
        case .tokenExpired: [5]
        case .stale(let current): [6] + number(current.rawValue)
        case .memberUnknown(let node): [7] + number(node.rawValue)
        case .wrongStanding(let node, let standing):
            [8] + number(node.rawValue) + [standing.rawValue]
        case .stillWanted(let node): [9] + number(node.rawValue)
        case .lastMember: [10]
        case .full(let max): [11] + number(UInt64(max))
        case .invalid(let field): [12] + Array(field.utf8)
        }
    }

    private static func refusal(_ bytes: [UInt8]) -> RegistryRefusal? {
        guard let kind = bytes.first else { return nil }
        let rest = Array(bytes.dropFirst())
        switch kind {
        case 1: return .notInitialised
        case 2: return .alreadyInitialised
        case 3: return .tokenUnknown
        case 4: return .tokenUsed
        case 5: return .tokenExpired
        case 6: return read(rest).map { .stale(current: RegistryEpoch($0)) }
        case 7: return read(rest).map { .memberUnknown(NodeID($0)) }
        case 8:
            guard let last = rest.last, let standing = MemberStanding(rawValue: last) else {
                return nil
            }
            return read(Array(rest.dropLast())).map { .wrongStanding(NodeID($0), standing) }
        case 9: return read(rest).map { .stillWanted(NodeID($0)) }
        case 10: return .lastMember
        case 11: return read(rest).map { .full(max: Int(clamping: $0)) }
        case 12: return .invalid(field: String(decoding: rest, as: UTF8.self))
        default: return nil
        }
    }

    private static func number(_ value: UInt64) -> [UInt8] { Keyspace.bytes(value) }

    private static func read(_ bytes: [UInt8]) -> UInt64? { Keyspace.number(bytes) }
}
