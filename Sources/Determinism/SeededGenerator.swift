/// A pseudo-random generator whose output is specified: xoshiro256++ 1.0 (Blackman and Vigna,
/// 2019), seeded by SplitMix64 (Steele, Lea and Flood, 2014).
///
/// The same seed gives the same numbers on every machine and in every version of the compiler. Not
/// for secrets.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// A generator for `seed`; any seed is as good as another, zero included.
    package init(seed: UInt64) {
        var mixer = seed
        func mixed() -> UInt64 {
            mixer &+= 0x9E37_79B9_7F4A_7C15
            var word = mixer
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return word ^ word >> 31
        }
        state = (mixed(), mixed(), mixed(), mixed())
    }

    package mutating func next() -> UInt64 {
        func rotated(_ word: UInt64, by count: UInt64) -> UInt64 {
            word << count | word >> (64 - count)
        }
        let result = rotated(state.0 &+ state.3, by: 23) &+ state.0
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotated(state.3, by: 45)
        return result
    }

    /// A generator of its own for the component `name`: a draw added in one place does not change
    /// what any other place draws.
    package func forked(named name: String) -> SeededGenerator {
        SeededGenerator(seed: StableHash.of(Array(name.utf8), seed: state.0 ^ state.2))
    }
}

extension RandomNumberGenerator {
    /// True `numerator` times out of `denominator`.
    package mutating func chance(_ numerator: UInt64, in denominator: UInt64) -> Bool {
        precondition(denominator > 0, "a chance needs a positive denominator")
        return next(upperBound: denominator) < numerator
    }
}
