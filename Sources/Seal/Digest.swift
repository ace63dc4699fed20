internal import COpenSSL

/// Hashes and what is made of them: SHA-256 (FIPS 180-4), HMAC (RFC 2104), HKDF (RFC 5869), scrypt
/// (RFC 7914).
package enum Digest {
    /// The bytes of a hash.
    package static let byteCount = 32

    /// SHA-256 of `bytes`; linear.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            // SAFETY: SHA256 reads `bytes.count` bytes and writes exactly 32.
            _ = SHA256(bytes, bytes.count, buffer.baseAddress)
            count = byteCount
        }
    }

    /// HMAC-SHA256 of `message` under `key`; linear.
    package static func hmac(key: [UInt8], message: [UInt8]) -> [UInt8] {
        precondition(key.count <= 1 << 20, "a key is short")
        // The library takes a missing key for the one before, so an empty one must not be null.
        let key = key.isEmpty ? [0] : key
        return [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            var length: UInt32 = 0
            // SAFETY: HMAC reads the lengths given and writes 32 bytes for SHA-256. A key of zeros
            // and an empty key are the same key, because keys are padded with zeros.
            let result = HMAC(
                EVP_sha256(), key, Int32(key.count), message, message.count, buffer.baseAddress,
                &length)
            precondition(result != nil && length == 32, "libcrypto has no SHA-256")
            count = byteCount
        }
    }

    /// HKDF-SHA256: `byteCount` bytes (at most 8,160) for the purpose `info`, of the secret `key`.
    package static func derivedKey(
        from key: [UInt8], salt: [UInt8] = [], info: String, byteCount: Int = 32
    ) -> [UInt8] {
        precondition(byteCount <= 255 * Digest.byteCount, "HKDF gives at most 8,160 bytes")
        let extracted = hmac(key: salt, message: key)
        var output: [UInt8] = []
        var block: [UInt8] = []
        var counter: UInt8 = 1
        while output.count < byteCount {
            block = hmac(key: extracted, message: block + Array(info.utf8) + [counter])
            output += block
            counter &+= 1
        }
        return Array(output.prefix(byteCount))
    }

    /// scrypt of `password` into 32 bytes. Costs 128 × `cost` × `blockSize` bytes of memory, at
    /// most 64 MiB, and a time to match: never on an event loop. `cost` is a power of two.
    package static func scrypt(
        password: [UInt8], salt: [UInt8], cost: UInt64 = 1 << 15, blockSize: UInt64 = 8,
        parallelism: UInt64 = 1
    ) throws(SealError) -> [UInt8] {
        guard cost > 1, cost & (cost - 1) == 0, cost <= 1 << 20, (1...32).contains(blockSize),
            (1...16).contains(parallelism), 128 * cost * blockSize <= scryptBytesMax
        else { throw .badParameters }
        var succeeded = false
        let key = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            let password = password.isEmpty ? [0] : password
            // SAFETY: the lengths are those of the arrays; 32 bytes are written. scrypt begins with
            // HMAC of the password, so that an empty one and a zero byte are the same.
            let result = password.withUnsafeBufferPointer { password in
                EVP_PBE_scrypt(
                    UnsafeRawPointer(password.baseAddress)?.assumingMemoryBound(to: CChar.self),
                    password.count, salt, salt.count, cost, blockSize, parallelism,
                    2 * scryptBytesMax, buffer.baseAddress, byteCount)
            }
            succeeded = result == 1
            count = succeeded ? byteCount : 0
        }
        guard succeeded else { throw .libraryFailed }
        return key
    }

    /// Whether two secrets are the same, in a time that depends on their lengths only.
    package static func isEqual(_ lhs: [UInt8], _ rhs: [UInt8]) -> Bool {
        // SAFETY: both have `lhs.count` bytes.
        lhs.count == rhs.count && CRYPTO_memcmp(lhs, rhs, lhs.count) == 0
    }

    private static let scryptBytesMax: UInt64 = 64 << 20
}
