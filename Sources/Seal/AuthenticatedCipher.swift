internal import COpenSSL

/// AES-256-GCM (NIST SP 800-38D): what is sealed cannot be read, nor changed unnoticed.
///
/// A nonce must never be used twice with one key. The cipher is a value without state of the
/// library, so it may be used on any thread.
package struct AuthenticatedCipher: Sendable {
    /// The bytes of a key.
    package static let keyByteCount = 32
    /// The bytes of a nonce.
    package static let nonceByteCount = 12
    /// The bytes by which the sealed form is longer.
    package static let tagByteCount = 16

    private let key: [UInt8]

    /// A cipher with a key of 32 bytes; throws for any other length.
    package init(key: [UInt8]) throws(SealError) {
        guard key.count == AuthenticatedCipher.keyByteCount else {
            throw .wrongLength(bytes: key.count, expected: AuthenticatedCipher.keyByteCount)
        }
        self.key = key
    }

    /// Seals `plaintext`, with `associatedData` that is not hidden but must be the same at opening.
    /// The result is 16 bytes longer: ciphertext, then tag.
    package func seal(
        _ plaintext: [UInt8], nonce: [UInt8], associatedData: [UInt8] = []
    ) throws(SealError) -> [UInt8] {
        try checkLengths(nonce: nonce, bytes: plaintext.count, associated: associatedData.count)
        var succeeded = false
        let tagByteCount = AuthenticatedCipher.tagByteCount
        let sealed = [UInt8](unsafeUninitializedCapacity: plaintext.count + tagByteCount) {
            buffer, count in
            guard let context = EVP_CIPHER_CTX_new(), let output = buffer.baseAddress else {
                return
            }
            defer { EVP_CIPHER_CTX_free(context) }
            var written: Int32 = 0
            var last: Int32 = 0
            // SAFETY: the buffer has room for the plaintext and the tag; GCM writes as many bytes
            // as it reads; the context is freed on every path.
            guard EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1,
                associatedData.isEmpty
                    || EVP_EncryptUpdate(
                        context, nil, &written, associatedData, Int32(associatedData.count)) == 1,
                plaintext.isEmpty
                    || EVP_EncryptUpdate(
                        context, output, &written, plaintext, Int32(plaintext.count)) == 1,
                EVP_EncryptFinal_ex(context, output + plaintext.count, &last) == 1,
                EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_GET_TAG, Int32(tagByteCount),
                    output + plaintext.count) == 1
            else { return }
            succeeded = true
            count = plaintext.count + tagByteCount
        }
        guard succeeded else { throw .libraryFailed }
        return sealed
    }

    /// Opens what ``seal(_:nonce:associatedData:)`` made; throws `notAuthentic` for anything else.
    package func open(
        _ sealed: [UInt8], nonce: [UInt8], associatedData: [UInt8] = []
    ) throws(SealError) -> [UInt8] {
        let tagByteCount = AuthenticatedCipher.tagByteCount
        guard sealed.count >= tagByteCount else { throw .notAuthentic }
        let length = sealed.count - tagByteCount
        try checkLengths(nonce: nonce, bytes: length, associated: associatedData.count)
        var tag = Array(sealed[length...])
        var succeeded = false
        // One byte more than needed, so that the library never gets a null pointer.
        let plaintext = [UInt8](unsafeUninitializedCapacity: length + 1) { buffer, count in
            guard let context = EVP_CIPHER_CTX_new(), let output = buffer.baseAddress else {
                return
            }
            defer { EVP_CIPHER_CTX_free(context) }
            var written: Int32 = 0
            var last: Int32 = 0
            // SAFETY: as in `seal`; `tag` lives through the call that copies it.
            guard EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1,
                associatedData.isEmpty
                    || EVP_DecryptUpdate(
                        context, nil, &written, associatedData, Int32(associatedData.count)) == 1,
                length == 0
                    || EVP_DecryptUpdate(context, output, &written, sealed, Int32(length)) == 1,
                EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_SET_TAG, Int32(tagByteCount), &tag) == 1,
                EVP_DecryptFinal_ex(context, output + length, &last) == 1
            else { return }
            succeeded = true
            count = length
        }
        guard succeeded else { throw .notAuthentic }
        return plaintext
    }

    private func checkLengths(nonce: [UInt8], bytes: Int, associated: Int) throws(SealError) {
        guard nonce.count == AuthenticatedCipher.nonceByteCount else {
            throw .wrongLength(bytes: nonce.count, expected: AuthenticatedCipher.nonceByteCount)
        }
        let bytesMax = 1 << 30
        guard bytes <= bytesMax, associated <= bytesMax else {
            throw .wrongLength(bytes: max(bytes, associated), expected: bytesMax)
        }
    }
}
