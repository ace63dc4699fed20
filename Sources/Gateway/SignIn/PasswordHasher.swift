internal import Accounts
internal import NIOPosix
internal import Node
internal import Seal

/// Makes and compares the hashes of passwords, beside the event loops: scrypt (RFC 7914) with 32 MiB
/// and about a tenth of a second of a core for each, one at a time, so that a flood of sign-ins
/// cannot take a node's cores or memory.
actor PasswordHasher {
    /// How many wait for their turn; more are refused at once.
    private static let waitingMax = 32
    private static let cost: UInt32 = 1 << 15
    private static let blockSize: UInt32 = 8
    private static let parallelism: UInt32 = 1
    private static let saltByteCount = 16
    /// What an unknown name's password is compared with: it takes the same time, and none is right.
    private static let nobodys = PasswordHash(
        salt: [UInt8](repeating: 0, count: saltByteCount), hash: [0], cost: cost,
        blockSize: blockSize, parallelism: parallelism)

    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// What is kept of a new password. Throws `overloaded` when too many wait.
    func hash(_ password: String) async throws(Failure) -> PasswordHash {
        let salt = SystemGenerator.bytes(count: PasswordHasher.saltByteCount)
        return PasswordHash(
            salt: salt,
            hash: try await scrypt(
                password, salt: salt, PasswordHasher.cost, PasswordHasher.blockSize,
                PasswordHasher.parallelism),
            cost: PasswordHasher.cost, blockSize: PasswordHasher.blockSize,
            parallelism: PasswordHasher.parallelism)
    }

    /// Whether it is the password that is kept; with nil never, after the same time. Throws
    /// `overloaded` when too many wait.
    func isRight(_ password: String, kept: PasswordHash?) async throws(Failure) -> Bool {
        let hash = kept ?? PasswordHasher.nobodys
        let made = try await scrypt(
            password, salt: hash.salt, hash.cost, hash.blockSize, hash.parallelism)
        return Digest.isEqual(made, hash.hash)
    }

    private func scrypt(
        _ password: String, salt: [UInt8], _ cost: UInt32, _ blockSize: UInt32,
        _ parallelism: UInt32
    ) async throws(Failure) -> [UInt8] {
        try await enter()
        defer { leave() }
        do {
            return try await NIOThreadPool.singleton.runIfActive {
                try Digest.scrypt(
                    password: Array(password.utf8), salt: salt, cost: UInt64(cost),
                    blockSize: UInt64(blockSize), parallelism: UInt64(parallelism))
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
