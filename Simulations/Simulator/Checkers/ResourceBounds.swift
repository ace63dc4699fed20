package import Node

/// What grows has a limit, and stays within it (DESIGN, invariant 6).
package struct ResourceBounds {
    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// How often something was looked at.
    package private(set) var comparedCount: UInt64 = 0

    /// Nothing has happened yet.
    package init() {}

    /// `whom` has so much of something now.
    package mutating func has(_ occupancy: Occupancy, _ whom: @autoclosure () -> String) {
        comparedCount += 1
        guard occupancy.count > occupancy.limit else { return }
        violations.append(
            Violation(
                property: "resource bounds",
                words: "\(whom()) has \(occupancy.count) \(occupancy.name), and at most "
                    + "\(occupancy.limit) are allowed"))
    }
}
