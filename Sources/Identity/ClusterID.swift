/// Which cluster: chosen once by `cluster init`; nodes of different clusters never talk.
package struct ClusterID: WideID {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
