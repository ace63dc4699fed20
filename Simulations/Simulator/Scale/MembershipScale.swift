internal import Determinism
internal import Membership

/// What was measured about membership at one number of nodes.
package struct MembershipScale: Hashable, Sendable {
    /// The least, mean and greatest of several times, in milliseconds.
    package struct Times: Hashable, Sendable {
        package let least: UInt64
        package let mean: UInt64
        package let greatest: UInt64

        /// Of at least one time.
        init(_ times: [Interval]) {
            precondition(!times.isEmpty, "something was measured")
            let values = times.map(\.milliseconds)
            least = values.min() ?? 0
            mean = values.reduce(0, +) / UInt64(values.count)
            greatest = values.max() ?? 0
        }
    }

    /// What loss made nodes believe of each other.
    package struct Loss: Hashable, Sendable {
        /// With Lifeguard's health and shortening suspicions, or plain SWIM with the shortest.
        package let hasLifeguard: Bool
        /// With pings over the peer link, or datagrams only.
        package let hasPeerLinks: Bool
        /// Lives that were suspected.
        package let suspicions: UInt64
        /// Lives that somebody took for dead.
        package let deaths: UInt64
        /// How many node-minutes were watched.
        package let nodeMinutes: UInt64
    }

    /// How many nodes.
    package let nodeCount: Int
    /// From the start of all nodes, within a second, until all know all, in milliseconds.
    package let bootTime: UInt64?
    /// From the start of one more node until all know it.
    package let joins: Times
    /// From a crash until the first node suspects it.
    package let firstSuspicions: Times
    /// From a crash until the first node takes it for dead.
    package let firstDeaths: Times
    /// From a crash until all do.
    package let lastDeaths: Times
    /// What a node sends in quiet times, in a second: datagrams in thousandths.
    package let datagrams: UInt64
    /// Bytes of datagrams of a node in a second.
    package let datagramBytes: UInt64
    /// Bytes of full exchanges of a node in a second.
    package let exchangeBytes: UInt64
    /// With a fifth of all packets lost.
    package let losses: [Loss]

    /// SWIM's expected time to the first detection: e / (e - 1) protocol periods (SWIM 3.1), in
    /// milliseconds.
    package var expectedBySWIM: UInt64 {
        MembershipSettings().probeInterval.milliseconds * 1_582 / 1_000
    }

    /// The shortest suspicion for this many nodes, in milliseconds: 4 periods times log10 of the
    /// nodes above ten (memberlist).
    package var shortestSuspicion: UInt64 {
        let settings = MembershipSettings()
        var thousandths: UInt64 = 1_000
        if nodeCount >= 100 { thousandths = nodeCount >= 500 ? 2_699 : 2_000 }
        return settings.probeInterval.milliseconds * settings.suspicionMultiplier * thousandths
            / 1_000
    }
}

extension MembershipScale {
    private static let joinCount = 5
    private static let crashCount = 10
    /// As long as a full exchange of each of 500 nodes takes to come around.
    private static let quietSeconds: UInt64 = 150
    /// Short enough for the largest size, and yet longer than the longest suspicion.
    private static let lossNodeSeconds: UInt64 = 18_000
    private static let lossSecondsMin: UInt64 = 40
    /// The longest time under loss, for the smallest sizes.
    package static let lossSecondsMax: UInt64 = 600
    private static let lossPercent: UInt64 = 20
    /// Whatever takes longer did not happen.
    private static let patience = Interval.seconds(120)

    /// Measures clusters of `nodeCount` nodes, under loss for `lossSecondsMax` at the most; `tell`
    /// hears what is being done.
    package init(
        nodeCount: Int, seed: UInt64, lossSecondsMax: UInt64 = lossSecondsMax,
        tell: (String) -> Void = { _ in }
    ) {
        self.nodeCount = nodeCount
        var cluster = ScaleCluster(seed: seed, settings: MembershipSettings())
        tell("\(nodeCount) nodes: start")
        bootTime = Self.boot(&cluster, nodeCount)?.milliseconds
        cluster.run(for: .seconds(20))
        tell("\(nodeCount) nodes: quiet")
        let before = cluster.traffic
        cluster.run(for: .seconds(Self.quietSeconds))
        let nodeSeconds = UInt64(nodeCount) * Self.quietSeconds
        let after = cluster.traffic
        datagrams = (after.datagrams - before.datagrams) * 1_000 / nodeSeconds
        datagramBytes = (after.datagramBytes - before.datagramBytes) / nodeSeconds
        exchangeBytes = (after.exchangeBytes - before.exchangeBytes) / nodeSeconds
        tell("\(nodeCount) nodes: crashes")
        let crashes = Self.crash(&cluster)
        firstSuspicions = Times(crashes.map(\.suspected))
        firstDeaths = Times(crashes.map(\.dead))
        lastDeaths = Times(crashes.map(\.known))
        tell("\(nodeCount) nodes: joins")
        joins = Times(Self.join(&cluster))
        tell("\(nodeCount) nodes: loss")
        let seconds = min(
            lossSecondsMax, max(Self.lossSecondsMin, Self.lossNodeSeconds / UInt64(nodeCount)))
        losses = [true, false].flatMap { hasLifeguard in
            let calm = Self.calmCluster(nodeCount, seed: seed, hasLifeguard: hasLifeguard)
            return [true, false].map { hasPeerLinks in
                Self.lose(
                    calm, seconds: seconds, hasLifeguard: hasLifeguard, hasPeerLinks: hasPeerLinks)
            }
        }
    }

    /// Starts all within a second.
    private static func boot(_ cluster: inout ScaleCluster, _ nodeCount: Int) -> Interval? {
        let pause = Interval.milliseconds(1_000) / UInt64(nodeCount)
        let start = cluster.now
        for _ in 0..<nodeCount {
            cluster.add()
            cluster.run(for: pause)
        }
        let rest = cluster.time(
            until: { $0.isComplete }, step: .milliseconds(20), limit: Self.patience)
        return rest.map { _ in cluster.now - start }
    }

    private static func join(_ cluster: inout ScaleCluster) -> [Interval] {
        (0..<joinCount).map { _ in
            let place = cluster.count
            cluster.add()
            let time = cluster.time(
                until: { $0.isBelieved(place, .alive) }, step: .milliseconds(5), limit: patience)
            cluster.run(for: .seconds(3))
            return time ?? patience
        }
    }

    private static func crash(
        _ cluster: inout ScaleCluster
    ) -> [(suspected: Interval, dead: Interval, known: Interval)] {
        var generator = cluster.generator(named: "crashes")
        return (0..<crashCount).map { _ in
            // Any but the first, whose address a node that joins knows.
            let place = 1 + Int(generator.next(upperBound: UInt64(cluster.count - 1)))
            cluster.run(for: Interval.zero.jittered(by: .seconds(1), using: &generator))
            let start = cluster.now
            cluster.watched = place
            cluster.sightings = []
            cluster.stop(place)
            let known = cluster.time(
                until: { $0.isBelieved(place, .dead) }, step: .milliseconds(5), limit: patience)
            let suspected = cluster.sightings.first { $0.status == .suspect }?.at
            let dead = cluster.sightings.first { $0.status == .dead }?.at
            cluster.watched = nil
            cluster.restart(place)
            _ = cluster.time(
                until: { $0.isComplete }, step: .milliseconds(50), limit: patience)
            cluster.run(for: .seconds(2))
            return (
                suspected.map { $0 - start } ?? patience, dead.map { $0 - start } ?? patience,
                known ?? patience
            )
        }
    }

    /// A cluster in which all know all, to begin with.
    private static func calmCluster(
        _ nodeCount: Int, seed: UInt64, hasLifeguard: Bool
    ) -> ScaleCluster {
        var settings = MembershipSettings()
        if !hasLifeguard {
            settings.healthScoreLimit = 1
            settings.suspicionMaxFactor = 1
            settings.confirmations = 0
        }
        var cluster = ScaleCluster(seed: seed, settings: settings)
        _ = boot(&cluster, nodeCount)
        cluster.run(for: .seconds(5))
        return cluster
    }

    private static func lose(
        _ calm: ScaleCluster, seconds: UInt64, hasLifeguard: Bool, hasPeerLinks: Bool
    ) -> Loss {
        var cluster = calm
        cluster.lossPercent = lossPercent
        cluster.hasPeerLinks = hasPeerLinks
        let before = cluster.falseVerdicts
        cluster.run(for: .seconds(seconds))
        let after = cluster.falseVerdicts
        return Loss(
            hasLifeguard: hasLifeguard, hasPeerLinks: hasPeerLinks,
            suspicions: after.suspicions - before.suspicions,
            deaths: after.deaths - before.deaths,
            nodeMinutes: UInt64(cluster.count) * seconds / 60)
    }
}
