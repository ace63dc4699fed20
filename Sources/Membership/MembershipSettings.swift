package import Determinism

/// The limits and periods of failure detection. The defaults detect a death in about three seconds
/// on a local network.
package struct MembershipSettings: Hashable, Sendable {
    /// The protocol period: one member is probed in each (SWIM 3.1). Stretched by local health.
    package var probeInterval = Interval.milliseconds(500)
    /// How long a direct ping may take before others are asked. Not stretched.
    package var pingTimeout = Interval.milliseconds(200)
    /// How many members are asked to ping in our stead (SWIM's k).
    package var indirectProbes = 3
    /// The share of the ping timeout, in percent, after which a helper sends its nack.
    package var nackPercent: UInt64 = 80
    /// Suspicion lasts at least this many probe intervals (times log10 of the members above ten).
    package var suspicionMultiplier: UInt64 = 4
    /// The longest suspicion, as a multiple of the shortest.
    package var suspicionMaxFactor: UInt64 = 6
    /// How many independent confirmations bring a suspicion down to its minimum.
    package var confirmations = 2
    /// Retransmissions of an update per decimal digit of the number of members.
    package var retransmitMultiplier = 4
    /// How often news is pushed when there is any.
    package var gossipInterval = Interval.milliseconds(200)
    /// To how many members each time.
    package var gossipFanOut = 3
    /// How long the dead are still told, so that they can refute.
    package var gossipToDead = Interval.seconds(30)
    /// How often one random member gets our digest.
    package var digestInterval = Interval.seconds(5)
    /// Above 64 members: how often one random member gets a full exchange; grows with the members.
    package var syncInterval = Interval.seconds(30)
    /// No node starts full exchanges more often than this.
    package var syncIntervalMin = Interval.seconds(1)
    /// How often one dead but registered node, unknown address or seed is tried.
    package var reconnectInterval = Interval.seconds(10)
    /// How often seeds and remembered addresses are tried while nobody is known.
    package var joinInterval = Interval.milliseconds(500)
    /// The health score stays below this (Lifeguard's S).
    package var healthScoreLimit: UInt64 = 8
    /// At most one refutation in this time.
    package var refutationIntervalMin = Interval.milliseconds(200)
    /// At most one accusation of the same member is repeated to it in this time.
    package var reaccusationIntervalMin = Interval.seconds(1)
    /// Changed facts are announced at most this often.
    package var factsIntervalMin = Interval.seconds(1)
    /// Pings that we make for others at a time; the oldest is forgotten.
    package var relaysMax = 128

    package init() {}

    /// Checks every range and relation once, at start. Throws ``MembershipError/badSetting(_:)``.
    package func validate() throws(MembershipError) {
        guard pingTimeout > .zero, pingTimeout + pingTimeout <= probeInterval else {
            throw .badSetting("two ping timeouts must fit into a probe interval")
        }
        guard (1...100).contains(nackPercent) else { throw .badSetting("nackPercent is 1...100") }
        guard (1...16).contains(indirectProbes) else {
            throw .badSetting("indirectProbes is 1...16")
        }
        guard (0...LogarithmTable.confirmationsMax).contains(confirmations) else {
            throw .badSetting("confirmations is 0...\(LogarithmTable.confirmationsMax)")
        }
        guard suspicionMultiplier > 0, suspicionMaxFactor > 0, retransmitMultiplier > 0 else {
            throw .badSetting("multipliers are positive")
        }
        guard (1...16).contains(gossipFanOut), gossipInterval > .zero, joinInterval > .zero,
            digestInterval > .zero, syncInterval > .zero, reconnectInterval > .zero
        else { throw .badSetting("periods and fan-out are positive") }
        guard healthScoreLimit > 0, relaysMax > 0 else {
            throw .badSetting("healthScoreLimit and relaysMax are positive")
        }
    }
}
