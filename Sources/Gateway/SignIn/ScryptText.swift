internal import Seal

/// What scrypt (RFC 7914) makes of a password and with what, as a text:
/// `$scrypt$ln=15,r=8,p=1$SALT$HASH`, the form of the Password Hashing Competition, with
/// hexadecimal digits.
struct ScryptText: Hashable, Sendable {
    /// Bytes of a salt that is drawn here.
    static let saltByteCount = 16

    /// Drawn at random for this password.
    let salt: [UInt8]
    /// What was made of it.
    let hash: [UInt8]
    /// The logarithm to base 2 of N: 2^15 with a block size of 8 takes 32 MiB.
    let costLog: UInt8
    /// r.
    let blockSize: UInt8
    /// p.
    let parallelism: UInt8

    /// With the costs of new passwords.
    init(salt: [UInt8], hash: [UInt8]) {
        self.salt = salt
        self.hash = hash
        costLog = 15
        blockSize = 8
        parallelism = 1
    }

    /// Reads ``text``; nil for anything else, and for costs that no node pays.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let salt = Hexadecimal.bytes(parts[3].utf8), let hash = Hexadecimal.bytes(parts[4].utf8)
        else { return nil }
        let costs = parts[2].split(separator: ",")
        guard costs.count == 3, let costLog = ScryptText.cost("ln", costs[0]),
            let blockSize = ScryptText.cost("r", costs[1]),
            let parallelism = ScryptText.cost("p", costs[2]),
            (1...16).contains(costLog), (1...8).contains(blockSize), (1...4).contains(parallelism)
        else { return nil }
        self.salt = salt
        self.hash = hash
        self.costLog = costLog
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// The text that is kept.
    var text: String {
        "$scrypt$ln=\(costLog),r=\(blockSize),p=\(parallelism)$\(Hexadecimal.text(salt))"
            + "$\(Hexadecimal.text(hash))"
    }

    private static func cost(_ name: String, _ part: Substring) -> UInt8? {
        let words = part.split(separator: "=")
        return words.count == 2 && words[0] == name ? UInt8(words[1]) : nil
    }
}
