internal import Determinism
internal import Identity

/// Somebody with a phone number, whatever devices they have.
final class SimulatedAccount {
    let index: Int
    let phone: String
    let username: String
    var id: AccountID?
    /// Chats of its own making that it has not deleted.
    var own: [ChatID] = []
    /// Codes that were asked for: an hour has no more than the cluster gives out.
    var codeCount = 0
    /// One device at a time signs in: a code is good for one.
    var isSigningIn = false
    /// The number of the newest password that its devices know of; 0 for none.
    var password: UInt64 = 0
    /// Its sessions are being closed.
    var isSigningOut = false

    /// Sign-ins of one account in one run, one below what the cluster gives codes for.
    static let codesMax = 4

    init(index: Int) {
        self.index = index
        phone = "+49151\(String(1_000_000 + index))"
        username = "person\(index)"
    }
}

/// One signing in of a device; the tabs of a browser share it.
final class SimulatedSession {
    var id: SessionID?
    let secret: [UInt8]
    /// Somebody has asked to close it: whatever says that it is over is right.
    var isEnding = false
    /// When the cluster's word that it is closed arrived.
    var endedAt: Instant?

    init(of account: SimulatedAccount) {
        account.codeCount += 1
        secret = SimulatedDigest().digest(
            Array("secret \(account.codeCount) of \(account.index)".utf8))
    }
}
