internal import Records
internal import Storage

/// A password as it is kept: what scrypt (RFC 7914) makes of it, and with what. Made and compared
/// outside; accounts only keep it.
package struct PasswordHash: Hashable, Sendable {
    /// The format that is written, and the only one that is read.
    private static let version: UInt32 = 1

    /// Drawn at random for this password; 1 to 64 bytes.
    package let salt: [UInt8]
    /// 1 to 64 bytes.
    package let hash: [UInt8]
    /// N of RFC 7914: its memory and its time grow with it.
    package let cost: UInt32
    /// r of RFC 7914.
    package let blockSize: UInt32
    /// p of RFC 7914.
    package let parallelism: UInt32

    package init(
        salt: [UInt8], hash: [UInt8], cost: UInt32, blockSize: UInt32, parallelism: UInt32
    ) {
        self.salt = salt
        self.hash = hash
        self.cost = cost
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// Whether it may be kept.
    var isValid: Bool { SecretHash.isValid(salt) && SecretHash.isValid(hash) && cost > 0 }

    init(_ record: Records_PasswordHash) {
        self.init(
            salt: Array(record.salt), hash: Array(record.hash), cost: record.cost,
            blockSize: record.blockSize, parallelism: record.parallelism)
    }

    /// The form in a command.
    var record: Records_PasswordHash {
        var record = Records_PasswordHash()
        record.salt = recordField(salt)
        record.hash = recordField(hash)
        record.cost = cost
        record.blockSize = blockSize
        record.parallelism = parallelism
        return record
    }

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_PasswordRecord(recordBytes: bytes),
            record.version == PasswordHash.version
        else { throw .corrupt("a password") }
        self.init(
            salt: Array(record.salt), hash: Array(record.hash), cost: record.cost,
            blockSize: record.blockSize, parallelism: record.parallelism)
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_PasswordRecord()
        record.version = PasswordHash.version
        record.salt = recordField(salt)
        record.hash = recordField(hash)
        record.cost = cost
        record.blockSize = blockSize
        record.parallelism = parallelism
        return record.recordBytes()
    }
}

/// The password of an account as it is kept now.
package struct KeptPassword: Hashable, Sendable {
    /// How often one was set, this one included.
    package let number: UInt64
    /// The password.
    package let hash: PasswordHash

    package init(number: UInt64, hash: PasswordHash) {
        self.number = number
        self.hash = hash
    }
}
