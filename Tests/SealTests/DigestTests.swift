import Seal
import Testing

@Suite("Digest")
struct DigestTests {
    @Test("SHA-256 of the empty string and of abc (FIPS 180-4)")
    func sha256() {
        #expect(
            Hexadecimal.text(Digest.sha256([]))
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            Hexadecimal.text(Digest.sha256(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("HMAC-SHA256 has the values of RFC 4231 (cases 1 and 2)")
    func hmac() {
        #expect(
            Hexadecimal.text(
                Digest.hmac(
                    key: [UInt8](repeating: 0x0B, count: 20), message: Array("Hi There".utf8)))
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            Hexadecimal.text(
                Digest.hmac(
                    key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test("HKDF without salt and info has the value of RFC 5869 (case 3)")
    func hkdf() {
        let key = Digest.derivedKey(
            from: [UInt8](repeating: 0x0B, count: 22), info: "", byteCount: 42)
        #expect(
            Hexadecimal.text(key)
                == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                + "9d201395faa4b61a96c8")
    }

    @Test("Keys derived for different purposes or with different salts differ")
    func purposes() {
        let key = [UInt8](repeating: 1, count: 32)
        let gossip = Digest.derivedKey(from: key, info: "gossip")
        #expect(gossip != Digest.derivedKey(from: key, info: "store"))
        #expect(gossip != Digest.derivedKey(from: key, salt: [1], info: "gossip"))
    }

    @Test("scrypt has the values of RFC 7914 section 12")
    func scrypt() throws {
        #expect(
            try Hexadecimal.text(
                Digest.scrypt(password: [], salt: [], cost: 16, blockSize: 1, parallelism: 1))
                == "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442")
        #expect(
            try Hexadecimal.text(
                Digest.scrypt(
                    password: Array("password".utf8), salt: Array("NaCl".utf8), cost: 1_024,
                    blockSize: 8, parallelism: 16))
                == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162")
    }

    @Test(
        "scrypt refuses parameters that cost too much or are none",
        arguments: [(3, 8, 1), (1 << 17, 8, 1), (16, 0, 1), (16, 8, 0)]
            as [(UInt64, UInt64, UInt64)])
    func scryptLimits(cost: UInt64, blockSize: UInt64, parallelism: UInt64) {
        #expect(throws: SealError.badParameters) {
            try Digest.scrypt(
                password: [1], salt: [2], cost: cost, blockSize: blockSize, parallelism: parallelism
            )
        }
    }

    @Test("Secrets are equal when all bytes are, and only then")
    func equality() {
        #expect(Digest.isEqual([1, 2, 3], [1, 2, 3]))
        #expect(!Digest.isEqual([1, 2, 3], [1, 2, 4]))
        #expect(!Digest.isEqual([1, 2, 3], [1, 2]))
        #expect(Digest.isEqual([], []))
    }

    @Test("The system's generator does not repeat itself")
    func randomness() {
        var generator = SystemGenerator()
        #expect(Set((0..<100).map { _ in generator.next() }).count == 100)
        #expect(SystemGenerator.bytes(count: 33).count == 33)
        #expect(SystemGenerator.bytes(count: 16) != SystemGenerator.bytes(count: 16))
    }

    @Test("Hexadecimal text is read back in either case, and nothing else is")
    func hexadecimal() {
        #expect(Hexadecimal.text([0x00, 0xAF, 0x19]) == "00af19")
        #expect(Hexadecimal.bytes("00AF19".utf8) == [0x00, 0xAF, 0x19])
        #expect(Hexadecimal.bytes("0".utf8) == nil)
        #expect(Hexadecimal.bytes("0g".utf8) == nil)
    }
}
