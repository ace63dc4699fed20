internal import Determinism
internal import Identity

/// Datagrams between nodes.
extension SimulatedNetwork {
    /// One copy of a datagram under way.
    struct Copy: Hashable {
        /// What becomes of it.
        enum Fate: Hashable {
            case arrives
            /// It arrives, from an address that is not its sender's.
            case arrivesFromElsewhere
            /// The receiver drops it for this.
            case isDamaged(DatagramFault)
        }

        let at: Instant
        let fate: Fate
    }

    /// What becomes of a datagram: all its copies, none when it is lost.
    func copies(
        of path: Path, at now: Instant, using generator: inout SeededGenerator
    ) -> [Copy] {
        let arrival = now + delay(of: path, using: &generator)
        guard datagramFaults.isActive, !isCalm(path) else {
            return [Copy(at: arrival, fate: .arrives)]
        }
        if datagramFaults.strikes(.loss) { return [] }
        for fault in [DatagramFault.corruption, .truncation, .oversize, .wrongCluster]
        where datagramFaults.strikes(fault) {
            return [Copy(at: arrival, fate: .isDamaged(fault))]
        }
        var copies: [Copy] = []
        // A translated address replaces the sender's; a recorded datagram comes besides.
        let isForged = datagramFaults.strikes(.forgedSender)
        if isForged {
            let later = datagramFaults.time(.forgedSender, below: .seconds(2))
            let isBesides = datagramFaults.number(.forgedSender, below: 2) == 0
            copies.append(
                Copy(at: isBesides ? arrival + later : arrival, fate: .arrivesFromElsewhere))
            if !isBesides { return copies }
        }
        var first = arrival
        if datagramFaults.strikes(.reorder) {
            first = first + datagramFaults.time(.reorder, below: width(of: path) * 20)
        }
        copies.append(Copy(at: first, fate: .arrives))
        if datagramFaults.strikes(.duplication) {
            let later = datagramFaults.time(.duplication, below: width(of: path))
            copies.append(Copy(at: arrival + later, fate: .arrives))
        }
        if datagramFaults.strikes(.replay) {
            let age = datagramFaults.time(.replay, below: DatagramFaults.replayAgeMax)
            copies.append(Copy(at: arrival + age, fate: .arrives))
        }
        return copies
    }
}
