internal import Determinism
internal import Identity

/// A cut that comes and goes.
struct Flap {
    let paths: [SimulatedNetwork.Path]
    /// What there is of it now; nil while everything gets through.
    var cut: LastingFault.ID?
    var changesLeft: Int
}

/// Nodes that are cut off one after another, and return one after another (FoundationDB's swizzle).
struct Swizzle {
    /// Whom it still cuts off, the next one last.
    var toCut: [NodeID]
    /// The cuts, in the order in which they will heal, the next one last.
    var cuts: [LastingFault.ID] = []
    /// The longest time between two steps.
    let pauseMax: Interval
}

/// Faults that keep nodes, or clients and nodes, from each other.
extension FaultInjector {
    private typealias Path = SimulatedNetwork.Path

    /// A cut of many paths at once.
    mutating func partition(_ kind: FaultKind, on cluster: SimulatedCluster) {
        let paths = paths(of: kind, on: cluster)
        guard !paths.isEmpty else { return }
        count(kind)
        let cut = cluster.begin(.cut(paths))
        let time = draw(kind, from: .milliseconds(100), upTo: .seconds(8))
        cluster.schedule(.faultEnds(.heal(cut)), after: time)
    }

    private mutating func paths(of kind: FaultKind, on cluster: SimulatedCluster) -> [Path] {
        let ids = members(of: cluster).compactMap(\.id)
        guard ids.count > 1, let victim = pick(kind, ids) else { return [] }
        switch kind {
        case .split:
            return between(ids.filter { _ in number(kind, below: 2) == 0 }, and: ids)
        case .splitBySize:
            let count = 1 + Int(number(kind, below: UInt64(ids.count - 1)))
            return between(some(count, of: ids, for: kind), and: ids)
        case .splitOneWay:
            let count = 1 + Int(number(kind, below: UInt64(ids.count - 1)))
            let side = some(count, of: ids, for: kind)
            return between(side, and: ids).filter { side.contains($0.from) }
        case .bridge:
            guard ids.count > 2 else { return [] }
            let ends = ids.filter { $0 != victim }
            let count = 1 + Int(number(kind, below: UInt64(ends.count - 1)))
            return between(some(count, of: ends, for: kind), and: ends)
        case .oneWay:
            guard let other = pick(kind, ids.filter { $0 != victim }) else { return [] }
            let isDeaf = number(kind, below: 2) == 0
            let isTotal = number(kind, below: 2) == 0
            return ids.filter { $0 != victim && (isTotal || $0 == other) }.map {
                isDeaf ? Path(from: $0, to: victim) : Path(from: victim, to: $0)
            }
        default: return between([victim], and: ids)
        }
    }

    /// The paths between those of `side` and all others of `ids`, in both directions.
    private func between(_ side: [NodeID], and ids: [NodeID]) -> [Path] {
        let rest = ids.filter { !side.contains($0) }
        return side.flatMap { left in
            rest.flatMap { [Path(from: left, to: $0), Path(from: $0, to: left)] }
        }
    }

    /// So many of the nodes, in an order that is drawn.
    private mutating func some(
        _ count: Int, of ids: [NodeID], for kind: FaultKind
    ) -> [NodeID] {
        var rest = ids
        return (0..<count).map { _ in
            rest.remove(at: Int(number(kind, below: UInt64(rest.count))))
        }
    }

    // MARK: Cuts that change

    /// A path, a node or a side is cut off for moments.
    mutating func flap(on cluster: SimulatedCluster) {
        let ids = members(of: cluster).compactMap(\.id)
        guard ids.count > 1, let victim = pick(.flapping, ids) else { return }
        count(.flapping)
        let paths: [Path]
        switch number(.flapping, below: 3) {
        case 0:
            let others = ids.filter { $0 != victim }
            paths = between([victim], and: [victim] + some(1, of: others, for: .flapping))
        case 1: paths = between([victim], and: ids)
        default:
            let count = 1 + Int(number(.flapping, below: UInt64(ids.count - 1)))
            paths = between(some(count, of: ids, for: .flapping), and: ids)
        }
        let changes = 2 * (2 + Int(number(.flapping, below: 12)))
        flaps.append(Flap(paths: paths, cut: nil, changesLeft: changes))
        flapAgain(flaps.count - 1, on: cluster)
    }

    /// Cuts what is whole, heals what is cut; the last change heals.
    mutating func flapAgain(_ number: Int, on cluster: SimulatedCluster) {
        guard flaps[number].changesLeft > 0 else { return }
        flaps[number].changesLeft -= 1
        if let cut = flaps[number].cut {
            cluster.heal(cut)
            flaps[number].cut = nil
        } else {
            flaps[number].cut = cluster.begin(.cut(flaps[number].paths))
        }
        let pause = draw(.flapping, from: .milliseconds(10), upTo: .milliseconds(700))
        cluster.schedule(.faultEnds(.flap(number)), after: pause)
    }

    /// Some of the nodes, perhaps all, are cut off and return in another order.
    mutating func swizzle(on cluster: SimulatedCluster) {
        let ids = members(of: cluster).compactMap(\.id)
        guard ids.count > 1 else { return }
        count(.swizzle)
        let size = 1 + Int(number(.swizzle, below: UInt64(ids.count)))
        let pauseMax = draw(.swizzle, from: .milliseconds(100), upTo: .seconds(2))
        swizzles.append(
            Swizzle(toCut: some(size, of: ids, for: .swizzle), pauseMax: pauseMax))
        swizzleOn(swizzles.count - 1, on: cluster)
    }

    /// Cuts the next node off, or lets the next one return.
    mutating func swizzleOn(_ number: Int, on cluster: SimulatedCluster) {
        if let victim = swizzles[number].toCut.popLast() {
            let ids = members(of: cluster).compactMap(\.id)
            let cut = cluster.begin(.cut(between([victim], and: ids)))
            let position = self.number(.swizzle, below: UInt64(swizzles[number].cuts.count + 1))
            swizzles[number].cuts.insert(cut, at: Int(position))
        } else if let cut = swizzles[number].cuts.popLast() {
            cluster.heal(cut)
        } else {
            return
        }
        let pause = draw(.swizzle, from: .milliseconds(10), upTo: swizzles[number].pauseMax)
        cluster.schedule(.faultEnds(.swizzle(number)), after: pause)
    }

    // MARK: Messages and clients

    /// Messages of one kind do not get through to or from a node.
    mutating func filter(on cluster: SimulatedCluster) {
        let ids = members(of: cluster).compactMap(\.id)
        guard ids.count > 1, let victim = pick(.messageFilter, ids),
            let kind = pick(.messageFilter, MessageFilter.Kind.allCases)
        else { return }
        count(.messageFilter)
        let fault = cluster.begin(
            .filter(
                MessageFilter(
                    kind: kind, node: victim, isFromNode: number(.messageFilter, below: 2) == 0,
                    breaksStream: number(.messageFilter, below: 2) == 0)))
        let time = draw(.messageFilter, from: .milliseconds(500), upTo: .seconds(10))
        cluster.schedule(.faultEnds(.heal(fault)), after: time)
    }

    /// Clients, or some of them, do not reach a node that other nodes reach.
    mutating func cutClients(on cluster: SimulatedCluster) {
        guard let victim = pick(.clientCut, members(of: cluster)) else { return }
        count(.clientCut)
        let isOfSome = number(.clientCut, below: 2) == 0
        let people = (0..<cluster.settings.personCount).filter { _ in
            number(.clientCut, below: 2) == 0
        }
        let fault = cluster.begin(
            .clientCut(ClientCut(machine: victim.name, people: isOfSome ? people : nil)))
        let time = draw(.clientCut, from: .milliseconds(500), upTo: .seconds(12))
        cluster.schedule(.faultEnds(.heal(fault)), after: time)
    }
}
