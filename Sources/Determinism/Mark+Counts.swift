internal import CProbes

extension Mark {
    /// Counts that the path was taken.
    package func hit() { chaticket_mark(rawValue) }

    /// How often each mark was hit on this thread since ``reset()``, in the order of the cases.
    package static var counts: [UInt32] { allCases.map { chaticket_mark_count($0.rawValue) } }

    /// Forgets the counts of this thread.
    package static func reset() { chaticket_marks_reset() }
}
