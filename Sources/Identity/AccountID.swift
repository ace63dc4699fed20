/// Which person's account: chosen at random at the first sign-in; its hash says the shard.
package struct AccountID: WideID {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
