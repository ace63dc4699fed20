/// Who may know when an account was last there, and whether it is there now.
///
/// The raw values are part of the stored format; 3 is kept for contacts.
package enum LastSeenRule: UInt32, Hashable, Sendable, CaseIterable {
    case everybody = 1
    case nobody = 2

    /// What a stored number means. None is that of an account that has never chosen; one that this
    /// version does not know hides more than its owner wished, and never less.
    package init(stored number: UInt32) {
        self = number == 0 ? .everybody : LastSeenRule(rawValue: number) ?? .nobody
    }
}
