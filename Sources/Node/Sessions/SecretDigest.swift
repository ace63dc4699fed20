/// The cryptography that sessions need, as the shell provides it.
package protocol SecretDigest: Sendable {
    /// A one-way hash of a secret of high entropy, the form in which it is stored: 32 bytes.
    func digest(_ secret: [UInt8]) -> [UInt8]
    /// A code for `message` that only nodes of this cluster can make: 32 bytes.
    func authenticate(_ message: [UInt8]) -> [UInt8]
}

/// Comparing what an attacker may choose.
package enum ConstantTime {
    /// Whether both are equal, in a time that depends on their lengths only.
    package static func areEqual(_ lhs: [UInt8], _ rhs: [UInt8]) -> Bool {
        guard lhs.count == rhs.count else { return false }
        var difference: UInt8 = 0
        for position in lhs.indices { difference |= lhs[position] ^ rhs[position] }
        return difference == 0
    }
}
