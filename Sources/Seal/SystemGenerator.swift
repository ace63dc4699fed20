internal import COpenSSL

/// Random numbers for secrets, from the library's generator, which the system seeds.
package struct SystemGenerator: RandomNumberGenerator, Sendable {
    package init() {}

    package mutating func next() -> UInt64 {
        SystemGenerator.bytes(count: 8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// `count` random bytes. Traps when the system has no randomness, which leaves nothing to do.
    package static func bytes(count: Int) -> [UInt8] {
        precondition(count >= 0 && count <= 1 << 20, "a secret is short")
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            // SAFETY: the buffer has room for `count` bytes, which RAND_bytes fills or answers 0.
            let result = count == 0 ? 1 : RAND_bytes(buffer.baseAddress, Int32(count))
            precondition(result == 1, "the system has no randomness")
            initialized = count
        }
    }
}
