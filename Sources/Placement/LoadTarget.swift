/// How a total is shared out by weight among those who can hold only so much.
///
/// All amounts are in units of 1/1,024 of a replica.
enum LoadTarget {
    /// One whole replica.
    static let unit: UInt64 = 1_024

    /// Shares `total` by weight; who would get more than its limit gets the limit, and the rest is
    /// shared among the others. O(n^2).
    static func shares(of total: UInt64, weights: [UInt64], limits: [UInt64]) -> [UInt64] {
        precondition(weights.count == limits.count, "one limit for each weight")
        var shares = limits
        var open = Array(weights.indices)
        var rest = total
        while true {
            let weight = open.reduce(0) { $0 + weights[$1] }
            guard weight > 0 else { return shares }
            let full = open.filter { rest * weights[$0] / weight >= limits[$0] }
            guard !full.isEmpty else {
                for place in open { shares[place] = rest * weights[place] / weight }
                return shares
            }
            for place in full { rest -= min(rest, limits[place]) }
            open.removeAll { full.contains($0) }
        }
    }

    /// The bound of CLUSTER.md's placement table: 5 % above the share, rounded up to whole
    /// replicas.
    static func ceiling(_ share: UInt64) -> Int {
        Int((share * 105 + 100 * unit - 1) / (100 * unit))
    }

    /// 5 % below the share, rounded down to whole replicas.
    static func floor(_ share: UInt64) -> Int {
        Int(share * 95 / (100 * unit))
    }
}
