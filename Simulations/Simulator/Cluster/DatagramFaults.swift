internal import Determinism

/// A fault of single datagrams.
enum DatagramFault: Int, Hashable, CaseIterable {
    /// It never arrives.
    case loss
    /// It arrives twice.
    case duplication
    /// It arrives once more, long after it was sent.
    case replay
    /// It arrives after later ones.
    case reorder
    /// Bytes of it are others than were sent.
    case corruption
    /// Its end is missing.
    case truncation
    /// There is more of it than any datagram may have.
    case oversize
    /// It was sealed for another cluster.
    case wrongCluster
    /// It comes from an address that is not its sender's: through a translation of addresses, or
    /// from somebody who has recorded it.
    case forgedSender

    /// The kind under which it is planned and counted.
    var kind: FaultKind {
        switch self {
        case .loss: .loss
        case .duplication: .duplication
        case .replay: .replay
        case .reorder: .reorder
        case .corruption: .corruption
        case .truncation: .truncation
        case .oversize: .oversize
        case .wrongCluster: .wrongCluster
        case .forgedSender: .forgedSender
        }
    }
}

/// How often each fault of datagrams happens, drawn by a generator of its own, and how often it
/// did.
struct DatagramFaults {
    /// The longest that a replayed datagram was kept.
    static let replayAgeMax = Interval.seconds(30)

    private var rates = DatagramFault.allCases.map { _ in UInt64(0) }
    private var generators: [SeededGenerator]
    /// In the order of the cases.
    private(set) var counts = DatagramFault.allCases.map { _ in UInt64(0) }
    /// Whether any rate is above zero.
    private(set) var isActive = false

    /// No faults; the generators are those of `seed`.
    init(seed: UInt64) {
        let root = SeededGenerator(seed: seed)
        generators = DatagramFault.allCases.map {
            root.forked(named: "datagrams \($0.kind.rawValue)")
        }
    }

    /// From now on `fault` happens to so many of a thousand datagrams.
    mutating func set(_ fault: DatagramFault, perMille: UInt64) {
        rates[fault.rawValue] = perMille
        isActive = rates.contains { $0 > 0 }
    }

    /// Whether `fault` happens to the datagram of this moment; counted when it does.
    mutating func strikes(_ fault: DatagramFault) -> Bool {
        guard rates[fault.rawValue] > 0 else { return false }
        guard generators[fault.rawValue].chance(rates[fault.rawValue], in: 1_000) else {
            return false
        }
        counts[fault.rawValue] += 1
        return true
    }

    /// A number below `bound` for something about `fault`.
    mutating func number(_ fault: DatagramFault, below bound: Int) -> Int {
        generators[fault.rawValue].number(below: UInt64(bound))
    }

    /// A time below `width` for something about `fault`.
    mutating func time(_ fault: DatagramFault, below width: Interval) -> Interval {
        Interval.zero.jittered(by: width, using: &generators[fault.rawValue])
    }

    /// The bytes of a datagram after what the `fault` does to them; they are others than before.
    mutating func damage(_ bytes: [UInt8], by fault: DatagramFault, bytesMax: Int) -> [UInt8] {
        guard !bytes.isEmpty else { return [0] }
        var damaged = bytes
        switch fault {
        case .truncation:
            damaged.removeLast(1 + number(fault, below: bytes.count))
        case .oversize:
            let count = bytesMax + 1 + number(fault, below: bytesMax)
            while damaged.count < count { damaged.append(UInt8(number(fault, below: 256))) }
        default:
            for _ in 0...number(fault, below: 3) {
                // Each byte is changed at most once, so that it cannot change back.
                let position = number(fault, below: bytes.count)
                damaged[position] = bytes[position] ^ UInt8(1 + number(fault, below: 255))
            }
        }
        return damaged
    }
}
