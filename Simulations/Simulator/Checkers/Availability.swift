/// Whoever asks is answered: always, where no more is broken than the cluster tolerates, and in
/// more than half of the cases in any other run.
package struct Availability {
    /// What clients are owed in a run.
    package enum Promise: Hashable, Sendable {
        /// Nothing is broken: not even a try fails.
        case everyTry
        /// Everything succeeds in the end, as far as a person has patience.
        case everything
        /// The faults may starve some of the work, but not most of it.
        case half
    }

    /// So few operations say nothing about a share.
    private static let countMin: UInt64 = 50

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    /// What this run owes.
    package let promise: Promise

    /// Nothing was asked yet.
    package init(promise: Promise) {
        self.promise = promise
    }

    /// A try had no answer, or one that tells to try again; in words.
    package mutating func triedInVain(_ words: @autoclosure () -> String) {
        guard promise == .everyTry else { return }
        report("nothing is broken, and a try failed: \(words())")
    }

    /// Somebody's patience was over, or what they asked was refused without reason; in words.
    package mutating func failed(_ words: @autoclosure () -> String) {
        guard promise != .half else { return }
        report("the cluster tolerates what is broken, and an operation failed: \(words())")
    }

    /// So many operations of the run succeeded and failed, for these reasons.
    package mutating func judge(succeeded: UInt64, failed: UInt64, because reasons: [String]) {
        guard succeeded + failed >= Self.countMin, succeeded * 2 < succeeded + failed else {
            return
        }
        report(
            "\(failed) of \(succeeded + failed) operations failed: "
                + reasons.joined(separator: ", "))
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "availability", words: words))
    }
}
