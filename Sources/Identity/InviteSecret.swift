/// What an invite link lets people in by: 128 random bits, in the fragment of the page's address
/// and so in no server's log.
package struct InviteSecret: WideID {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Whether both are the same, in a time that does not depend on where they differ.
    package static func == (lhs: InviteSecret, rhs: InviteSecret) -> Bool {
        (lhs.high ^ rhs.high) | (lhs.low ^ rhs.low) == 0
    }

    /// Not the secret, which belongs into no log.
    package var description: String { "a secret" }
}
