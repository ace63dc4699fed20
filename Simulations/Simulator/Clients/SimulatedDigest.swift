internal import Determinism
internal import Node

/// A digest that is the same in every run. Not for secrets: simulations have none.
struct SimulatedDigest: SecretDigest {
    func digest(_ secret: [UInt8]) -> [UInt8] { hash(secret, key: 1) }

    func authenticate(_ message: [UInt8]) -> [UInt8] { hash(message, key: 2) }

    private func hash(_ bytes: [UInt8], key: UInt64) -> [UInt8] {
        var result: [UInt8] = []
        for lane in UInt64(0)..<4 {
            let word = StableHash.of(bytes, seed: key << 8 | lane)
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                result.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return result
    }
}
