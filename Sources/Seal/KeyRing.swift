/// The keys of a cluster: the first one seals, all of them open, so that keys can be replaced
/// without a moment in which nodes do not understand each other.
///
/// The sealed form is key id (1 byte) ‖ nonce (12) ‖ ciphertext ‖ tag (16); the id is
/// authenticated.
package struct KeyRing: Sendable {
    /// One key and the byte that names it.
    package struct Key: Hashable, Sendable {
        package let id: UInt8
        package let bytes: [UInt8]

        package init(id: UInt8, bytes: [UInt8]) {
            self.id = id
            self.bytes = bytes
        }
    }

    /// The most keys that a ring holds.
    package static let keyCountMax = 8
    /// The bytes by which the sealed form is longer.
    package static let overheadByteCount =
        1 + AuthenticatedCipher.nonceByteCount + AuthenticatedCipher.tagByteCount

    private let ciphers: [(id: UInt8, cipher: AuthenticatedCipher)]

    /// A ring of one to eight keys of 32 bytes with different ids.
    package init(_ keys: [Key]) throws(SealError) {
        guard (1...KeyRing.keyCountMax).contains(keys.count),
            Set(keys.map(\.id)).count == keys.count
        else { throw .badParameters }
        var ciphers: [(id: UInt8, cipher: AuthenticatedCipher)] = []
        for key in keys { ciphers.append((key.id, try AuthenticatedCipher(key: key.bytes))) }
        self.ciphers = ciphers
    }

    /// The ids of the keys, the sealing one first.
    package var ids: [UInt8] { ciphers.map(\.id) }

    /// Seals with the first key and a fresh random nonce.
    package func seal(
        _ plaintext: [UInt8], associatedData: [UInt8] = []
    ) throws(SealError) -> [UInt8] {
        let (id, cipher) = ciphers[0]
        let nonce = SystemGenerator.bytes(count: AuthenticatedCipher.nonceByteCount)
        let sealed = try cipher.seal(
            plaintext, nonce: nonce, associatedData: [id] + associatedData)
        return [id] + nonce + sealed
    }

    /// Opens what any key of the ring sealed.
    package func open(_ sealed: [UInt8], associatedData: [UInt8] = []) throws(SealError) -> [UInt8]
    {
        guard sealed.count >= KeyRing.overheadByteCount else { throw .notAuthentic }
        let id = sealed[0]
        guard let entry = ciphers.first(where: { $0.id == id }) else { throw .unknownKey(id: id) }
        let nonceEnd = 1 + AuthenticatedCipher.nonceByteCount
        return try entry.cipher.open(
            Array(sealed[nonceEnd...]), nonce: Array(sealed[1..<nonceEnd]),
            associatedData: [id] + associatedData)
    }
}
