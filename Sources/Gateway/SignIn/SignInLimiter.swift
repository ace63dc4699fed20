package import Determinism
internal import Identity
internal import Node
internal import Synchronization

/// How often codes may be asked for and tried at one node. Limits per phone are the cluster's.
package struct SignInLimits: Hashable, Sendable {
    /// Codes that one address may ask for in a window.
    package var codesPerAddress = 20
    /// Sign-ins that one address may try in a window.
    package var triesPerAddress = 60
    /// The window of both.
    package var addressWindow = Interval.seconds(600)
    /// Codes that all together may ask this node for in a window.
    package var codesTogether = 600
    /// The window of that.
    package var togetherWindow = Interval.seconds(60)

    package init() {}
}

/// Counts requests for codes, and what costs as much, by address and together, and tries of codes
/// and passwords by address, in fixed windows.
///
/// The tables are bounded: who was silent longest is forgotten first. An IPv6 address counts as its
/// /64 network, which one person has to themselves.
final class SignInLimiter: Sendable {
    private struct Window {
        var start: Instant
        var codes = 0
        var tries = 0
    }

    private struct State {
        var addresses: RecencyTable<String, Window>
        var together: Window
        var sent: RecencyTable<MessageID, Bool>
    }

    private let limits: SignInLimits
    private let state: Mutex<State>

    init(_ limits: SignInLimits) {
        self.limits = limits
        state = Mutex(
            State(
                addresses: RecencyTable(countMax: GatewayLimits.rememberedMax),
                together: Window(start: .start),
                sent: RecencyTable(countMax: GatewayLimits.rememberedMax)))
    }

    /// Counts a request for a code, or refuses it with `tooMany` and the time to wait.
    func admitCode(from address: String, at now: Instant) throws(Failure) {
        try admit(from: address, at: now, codes: 1, tries: 0)
    }

    /// Counts a try of a code, or refuses it.
    func admitTry(from address: String, at now: Instant) throws(Failure) {
        try admit(from: address, at: now, codes: 0, tries: 1)
    }

    /// Whether this is the first time that the code of request `cmid` is about to leave from here:
    /// a retry must not send a second message to the phone.
    func claimSending(of cmid: MessageID) -> Bool {
        state.withLock { state in
            guard state.sent.value(of: cmid) == nil else { return false }
            state.sent.set(cmid, true)
            return true
        }
    }

    /// Takes the claim back: the code did not leave.
    func releaseSending(of cmid: MessageID) {
        state.withLock { $0.sent.remove(cmid) }
    }

    private func admit(
        from address: String, at now: Instant, codes: Int, tries: Int
    ) throws(Failure) {
        let network = SignInLimiter.network(of: address)
        let wait = state.withLock { state -> Interval? in
            var window = state.addresses.value(of: network) ?? Window(start: now)
            if now - window.start >= limits.addressWindow { window = Window(start: now) }
            if now - state.together.start >= limits.togetherWindow {
                state.together = Window(start: now)
            }
            if window.codes + codes > limits.codesPerAddress
                || window.tries + tries > limits.triesPerAddress
            {
                return limits.addressWindow - (now - window.start)
            }
            if state.together.codes + codes > limits.codesTogether {
                return limits.togetherWindow - (now - state.together.start)
            }
            window.codes += codes
            window.tries += tries
            state.together.codes += codes
            state.addresses.set(network, window)
            return nil
        }
        if let wait { throw Failure(.tooMany, retryAfter: wait) }
    }

    /// An IPv4 address as it is; the first four groups of an IPv6 address.
    static func network(of address: String) -> String {
        guard address.contains(":") else { return address }
        var groups: [Substring] = []
        let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        let head = (halves.first ?? "").split(separator: ":")
        groups += head
        if halves.count == 2 {
            let tail = halves[1].split(separator: ":")
            let missing = max(0, 8 - head.count - tail.count)
            groups += Array(repeating: "0", count: missing) + tail
        }
        return groups.prefix(4).joined(separator: ":") + "::/64"
    }
}
