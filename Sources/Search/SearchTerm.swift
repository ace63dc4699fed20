/// What the index knows a message by: a word, two neighbours in a run of a script without spaces,
/// or a fact such as who sent it.
package enum SearchTerm {
    /// The terms of `text`, sorted and each once: its words whole, its runs as pairs of neighbours
    /// (a run of one character as itself).
    static func terms(of text: FoldedText) -> [[UInt8]] {
        var terms: [[UInt8]] = []
        for word in text.words {
            if isRun(word) {
                terms += pairs(of: word)
            } else {
                terms.append(Array(word))
            }
        }
        return sortedOnce(terms)
    }

    /// The neighbours of a run, in their order; the run itself when it is one character.
    static func pairs(of run: ArraySlice<UInt8>) -> [[UInt8]] {
        // A byte that does not go on with a character begins one.
        let begins = run.indices.filter { run[$0] & 0xC0 != 0x80 } + [run.endIndex]
        guard begins.count > 2 else { return [Array(run)] }
        return (0..<begins.count - 2).map { Array(run[begins[$0]..<begins[$0 + 2]]) }
    }

    /// Whether a word is a run of a script without spaces.
    static func isRun(_ word: ArraySlice<UInt8>) -> Bool {
        guard let lead = word.first, lead >= 0xE0 else { return false }
        return firstScalar(of: word).map(ScalarKind.isOfRun) ?? false
    }

    /// How many characters a word has.
    static func scalarCount(of word: ArraySlice<UInt8>) -> Int {
        word.count { $0 & 0xC0 != 0x80 }
    }

    /// Whether a word is one pictograph.
    static func isPictograph(_ word: ArraySlice<UInt8>) -> Bool {
        guard let lead = word.first, lead >= 0xC2, let value = firstScalar(of: word),
            let scalar = Unicode.Scalar(value)
        else { return false }
        return scalar.properties.generalCategory == .otherSymbol
    }

    private static func firstScalar(of word: ArraySlice<UInt8>) -> UInt32? {
        var decoder = UTF8()
        var bytes = word.makeIterator()
        if case .scalarValue(let scalar) = decoder.decode(&bytes) { return scalar.value }
        return nil
    }

    /// Sorts and leaves out what is there twice.
    static func sortedOnce(_ terms: [[UInt8]]) -> [[UInt8]] {
        var once: [[UInt8]] = []
        for term in terms.sorted(by: { $0.lexicographicallyPrecedes($1) }) where once.last != term {
            once.append(term)
        }
        return once
    }
}

/// Finds bytes in bytes.
enum ByteSearch {
    /// Where `needle`, which is not empty, begins in `bytes` at or after `from`; nil for nowhere.
    /// Costs about one comparison for each byte.
    static func place(of needle: [UInt8], in bytes: [UInt8], from: Int = 0) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            needle.withUnsafeBufferPointer { needle in
                let last = bytes.count - needle.count
                guard from <= last else { return nil }
                let head = needle[0]
                var place = from
                while place <= last {
                    if bytes[place] == head {
                        var length = 1
                        while length < needle.count, bytes[place + length] == needle[length] {
                            length += 1
                        }
                        if length == needle.count { return place }
                    }
                    place += 1
                }
                return nil
            }
        }
    }
}
