internal import Determinism

extension SeededGenerator {
    /// A whole number from zero to below `bound`.
    mutating func number(below bound: UInt64) -> Int { Int(next(upperBound: bound)) }
}
