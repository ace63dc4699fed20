import Seal
import Testing

@Suite("AuthenticatedCipher and KeyRing")
struct AuthenticatedCipherTests {
    private struct Vector {
        let key: String
        let nonce: String
        let plaintext: String
        let associatedData: String
        let sealed: String
    }

    private static let zeros = String(repeating: "00", count: 32)
    private static let vectors = [
        Vector(
            key: zeros, nonce: "000000000000000000000000", plaintext: "", associatedData: "",
            sealed: "530f8afbc74536b9a963b4f1c4cb738b"),
        Vector(
            key: zeros, nonce: "000000000000000000000000",
            plaintext: "00000000000000000000000000000000", associatedData: "",
            sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"),
        Vector(
            key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            nonce: "cafebabefacedbaddecaf888",
            plaintext: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            associatedData: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            sealed: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b"),
    ]

    @Test(
        "AES-256-GCM has the values of test cases 13, 14 and 16 of McGrew and Viega",
        arguments: 0..<3)
    func knownVectors(number: Int) throws {
        let vector = Self.vectors[number]
        func bytes(_ text: String) throws -> [UInt8] {
            try #require(Hexadecimal.bytes(text.utf8))
        }
        let cipher = try AuthenticatedCipher(key: bytes(vector.key))
        let nonce = try bytes(vector.nonce)
        let associatedData = try bytes(vector.associatedData)
        let sealed = try cipher.seal(
            bytes(vector.plaintext), nonce: nonce, associatedData: associatedData)
        #expect(Hexadecimal.text(sealed) == vector.sealed)
        let opened = try cipher.open(sealed, nonce: nonce, associatedData: associatedData)
        #expect(Hexadecimal.text(opened) == vector.plaintext)
    }

    @Test("One changed bit anywhere is noticed")
    func changes() throws {
        let cipher = try AuthenticatedCipher(key: [UInt8](repeating: 7, count: 32))
        let nonce = [UInt8](repeating: 1, count: 12)
        let sealed = try cipher.seal(Array("hello".utf8), nonce: nonce, associatedData: [1])
        for place in sealed.indices {
            var changed = sealed
            changed[place] ^= 0x10
            #expect(throws: SealError.notAuthentic) {
                try cipher.open(changed, nonce: nonce, associatedData: [1])
            }
        }
        #expect(throws: SealError.notAuthentic) {
            try cipher.open(sealed, nonce: nonce, associatedData: [2])
        }
        #expect(throws: SealError.notAuthentic) {
            try cipher.open(sealed, nonce: [UInt8](repeating: 2, count: 12), associatedData: [1])
        }
        for count in 0..<sealed.count {
            #expect(throws: SealError.notAuthentic) {
                try cipher.open(Array(sealed.prefix(count)), nonce: nonce, associatedData: [1])
            }
        }
    }

    @Test("Keys and nonces of a wrong length are refused")
    func lengths() throws {
        #expect(throws: SealError.wrongLength(bytes: 16, expected: 32)) {
            try AuthenticatedCipher(key: [UInt8](repeating: 0, count: 16))
        }
        let cipher = try AuthenticatedCipher(key: [UInt8](repeating: 0, count: 32))
        #expect(throws: SealError.wrongLength(bytes: 8, expected: 12)) {
            try cipher.seal([1], nonce: [UInt8](repeating: 0, count: 8))
        }
    }

    @Test("Rotation: the new key seals, the old one still opens, and after its removal does not")
    func rotation() throws {
        let old = KeyRing.Key(id: 1, bytes: [UInt8](repeating: 1, count: 32))
        let new = KeyRing.Key(id: 2, bytes: [UInt8](repeating: 2, count: 32))
        let before = try KeyRing([old])
        let during = try KeyRing([new, old])
        let after = try KeyRing([new])
        let sealedBefore = try before.seal([9, 9], associatedData: [3])
        #expect(try during.open(sealedBefore, associatedData: [3]) == [9, 9])
        let sealedDuring = try during.seal([8], associatedData: [3])
        #expect(sealedDuring[0] == 2)
        #expect(try after.open(sealedDuring, associatedData: [3]) == [8])
        #expect(throws: SealError.unknownKey(id: 1)) {
            try after.open(sealedBefore, associatedData: [3])
        }
        #expect(try during.seal([8]) != during.seal([8]))
        #expect(during.ids == [2, 1])
        #expect(sealedDuring.count == 1 + KeyRing.overheadByteCount)
    }

    @Test("A ring has one to eight keys with different ids")
    func ringLimits() {
        let key = KeyRing.Key(id: 1, bytes: [UInt8](repeating: 1, count: 32))
        #expect(throws: SealError.badParameters) { try KeyRing([]) }
        #expect(throws: SealError.badParameters) { try KeyRing([key, key]) }
    }

    @Test("What is too short for a ring is not authentic", arguments: [0, 1, 28])
    func shortInput(count: Int) throws {
        let ring = try KeyRing([KeyRing.Key(id: 0, bytes: [UInt8](repeating: 1, count: 32))])
        #expect(throws: SealError.notAuthentic) {
            try ring.open([UInt8](repeating: 0, count: count))
        }
    }
}
