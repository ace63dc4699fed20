/// Which chat: chosen at random by the node that was asked to create it; its hash says the shard.
package struct ChatID: WideID {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
