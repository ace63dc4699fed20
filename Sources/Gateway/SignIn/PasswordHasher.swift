internal import Determinism
internal import NIOPosix
internal import Node
internal import Seal

/// Makes and compares the hashes of passwords, beside the event loops: scrypt (RFC 7914) with 32
/// MiB and about a tenth of a second of a core for each, one at a time, so that a flood of sign-ins
/// cannot take a node's cores or memory.
actor PasswordHasher {
    /// How many wait for their turn; more are refused at once.
    private static let waitingMax = 32
    /// What an unknown name's password is compared with: it takes the same time, and none is right.
    private static let nobodys = ScryptText(
        salt: [UInt8](repeating: 0, count: ScryptText.saltByteCount), hash: [0])

    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// What is kept of a new password. Throws `overloaded` when too many wait.
    func hash(_ password: String) async throws(Failure) -> String {
        let salt = SystemGenerator.bytes(count: ScryptText.saltByteCount)
        let like = ScryptText(salt: salt, hash: [])
        return ScryptText(salt: salt, hash: try await scrypt(password, like: like)).text
    }

    /// Whether it is the password that is kept; with nil never, after the same time. Throws
    /// `overloaded` when too many wait.
    func isRight(_ password: String, kept: String?) async throws(Failure) -> Bool {
        guard let kept else {
            _ = try await scrypt(password, like: PasswordHasher.nobodys)
            return false
        }
        guard let kept = ScryptText(kept) else { throw Failure(.internal) }
        return Digest.isEqual(try await scrypt(password, like: kept), kept.hash)
    }

    private func scrypt(
        _ password: String, like kept: ScryptText
    ) async throws(Failure) -> [UInt8] {
        try await enter()
        defer { leave() }
        do {
            return try await NIOThreadPool.singleton.runIfActive {
                try Digest.scrypt(
                    password: Array(password.utf8), salt: kept.salt,
                    cost: 1 << UInt64(kept.costLog), blockSize: UInt64(kept.blockSize),
                    parallelism: UInt64(kept.parallelism))
            }
        } catch {
            throw Failure(.internal)
        }
    }

    private func enter() async throws(Failure) {
        guard isBusy else {
            isBusy = true
            return
        }
        guard waiting.count < PasswordHasher.waitingMax else {
            throw Failure(.overloaded, retryAfter: .seconds(1))
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
    }
}
