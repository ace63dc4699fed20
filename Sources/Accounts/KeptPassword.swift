/// The password of an account as it is kept now.
package struct KeptPassword: Hashable, Sendable {
    /// How often one was set, this one included.
    package let number: UInt64
    /// What was made of it, in a form that accounts do not look into; never empty.
    package let hash: String

    package init(number: UInt64, hash: String) {
        self.number = number
        self.hash = hash
    }
}
