import Determinism
import Identity
import Testing

@Suite("Identifiers")
struct IdentifierTests {
    @Test("The text form and the binary form are read back as what was written")
    func roundTrips() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            let account = AccountID(using: &generator)
            #expect(account.text.utf8.count == 32)
            #expect(AccountID(text: account.text) == account)
            #expect(account.bytes.count == AccountID.byteCount)
            #expect(AccountID(bytes: account.bytes) == account)
            #expect("\(account)" == account.text)
        }
    }

    @Test("The text form is 32 lowercase hexadecimal digits, high half first")
    func textForm() {
        let chat = ChatID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
        #expect(chat.text == "0123456789abcdeffedcba9876543210")
        #expect(chat.bytes.prefix(3) == [0x01, 0x23, 0x45])
    }

    @Test(
        "Anything else is not an identifier",
        arguments: [
            "", "0", "0123456789abcdeffedcba987654321", "0123456789abcdeffedcba98765432100",
            "0123456789ABCDEFFEDCBA9876543210", "0123456789abcdeffedcba987654321g",
            "0123456789abcdef-fedcba987654321", " 123456789abcdeffedcba9876543210",
            "０123456789abcdeffedcba98765",
        ])
    func refusals(text: String) {
        #expect(ClusterID(text: text) == nil)
    }

    @Test("A binary form of another length is not an identifier", arguments: [0, 15, 17])
    func wrongLengths(count: Int) {
        #expect(SessionID(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test("Identifiers are ordered like their texts and their bytes")
    func order() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<200 {
            let first = ChatID(using: &generator)
            let second = ChatID(using: &generator)
            #expect((first < second) == (first.text < second.text))
            #expect((first < second) == first.bytes.lexicographicallyPrecedes(second.bytes))
        }
    }

    @Test("A message id is a UUIDv7: time, version and variant in their places (RFC 9562 5.7)")
    func messageID() throws {
        var generator = SeededGenerator(seed: 3)
        let id = MessageID(milliseconds: 0x0192_3456_789A, using: &generator)
        #expect(id.milliseconds == 0x0192_3456_789A)
        #expect(id.high >> 12 & 0xF == 7)
        #expect(id.low >> 62 == 0b10)
        let text = Array(id.text)
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(text[$0]) }
        let dashed = groups.joined(separator: "-")
        #expect(MessageID(clientText: dashed) == id)
        #expect(MessageID(clientText: dashed.uppercased()) == id)
        #expect(MessageID(clientText: id.text) == id)
    }

    @Test("A client's id of another version, or with dashes too many, is refused")
    func badMessageID() {
        #expect(MessageID(clientText: "019234567 89a7000800000000000000a") == nil)
        #expect(MessageID(clientText: "01923456789a40008000000000000000") == nil)
        #expect(MessageID(clientText: "0192-3456789a70008000000000000000") == nil)
        #expect(MessageID(clientText: "") == nil)
    }

    @Test(
        "Numbers that count follow each other, and replicas are ordered by node, then incarnation")
    func numbers() {
        #expect(SequenceNumber.zero.next == SequenceNumber(1))
        #expect(Ordinal.zero.next < Ordinal(2))
        #expect(NodeID(2).description == "n2")
        #expect(ShardID(7).description == "s7")
        #expect(ShardID.registry.description == "registry")
        #expect(ShardID(1_000_000) < ShardID.registry)
        #expect(ReplicaID(node: NodeID(1), incarnation: 9) < ReplicaID(node: NodeID(2)))
        #expect(ReplicaID(node: NodeID(1)).description == "n1")
        #expect(ReplicaID(node: NodeID(1), incarnation: 2).description == "n1#2")
    }
}
