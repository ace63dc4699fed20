import Determinism
import Identity
import Registry
import Storage
import Testing
import Wire

@testable import Node

@Suite("Search index of a replica")
struct SearchIndexTests {
    private func node() throws -> (TestCluster, TestNode) {
        let cluster = TestCluster(
            rooms: [PublicRoom(chat: ChatID(high: 9, low: 9), name: "hall", fullName: "")])
        cluster.settings.indexStep = 8
        try cluster.start(cluster[1])
        try cluster.runUntilLed()
        // The room is made once the registry's leader has seen that it is missing.
        try cluster.run(.seconds(5))
        return (cluster, cluster[1])
    }

    private func ask(
        _ request: ClientRequest, _ cluster: TestCluster, _ node: TestNode
    ) throws -> ClientResponse {
        let id = 5_000 + UInt64(node.responses.count)
        try cluster.feed(.client(.host(id), request), to: node)
        try cluster.run(until: { node.responses.contains { $0.id == id } })
        return try #require(node.responses.first { $0.id == id }?.response)
    }

    private func found(_ text: String, _ cluster: TestCluster, _ node: TestNode) throws -> Int? {
        let room = ChatID(high: 9, low: 9)
        let search = MessageSearch(in: room, text, zone: 0, cursor: nil, limit: 100)
        guard case .found(let found) = try ask(.search(account(1), search), cluster, node) else {
            return nil
        }
        return found.hits.count
    }

    /// Sends a message for each number; answers their places.
    @discardableResult
    private func send(
        _ numbers: Range<UInt64>, _ cluster: TestCluster, _ node: TestNode
    ) throws -> [SequenceNumber] {
        try numbers.map { number in
            let response = try ask(
                .send(
                    account(1), ChatID(high: 9, low: 9), text: "tea \(number)", cmid: cmid(number)),
                cluster, node)
            guard case .receipt(let receipt) = response else {
                Issue.record("not sent: \(response)")
                return .zero
            }
            return receipt.seq
        }
    }

    private func delete(
        _ message: SequenceNumber, _ cluster: TestCluster, _ node: TestNode
    ) throws {
        let response = try ask(
            .deleteMessage(
                account(1), ChatID(high: 9, low: 9), target: message, cmid: cmid(9_000)), cluster,
            node)
        guard case .receipt = response else {
            Issue.record("not deleted: \(response)")
            return
        }
    }

    /// Whether the index names messages with the word.
    private func names(_ word: String, _ node: TestNode) throws -> Bool {
        let pairs = try node.disk.content.pairs(
            KeyRange(.search, from: [], to: [0xFF], countMax: .max))
        let head = Keyspace.searchPrefix(ShardID(0), generation: 0).count + 17
        return pairs.contains { $0.key.dropFirst(head).starts(with: Array(word.utf8) + [0]) }
    }

    private func indexPairs(_ node: TestNode) -> Int { node.disk.content.count(in: .search) }

    @Test("A chat in which nobody has searched has no index, and all is found in it")
    func first() throws {
        let (cluster, node) = try node()
        let messages = try send(1..<30, cluster, node)
        try delete(messages[3], cluster, node)
        try cluster.run(.seconds(1))
        #expect(indexPairs(node) == 0)
        #expect(try found("tea", cluster, node) == 28)
        #expect(try found("17", cluster, node) == 1)
    }

    @Test("After a search the index follows the log in steps, and what it lacks is found, too")
    func follows() throws {
        let (cluster, node) = try node()
        try send(1..<5, cluster, node)
        #expect(try found("tea", cluster, node) == 4)
        try cluster.run(.seconds(1))
        #expect(indexPairs(node) == 0)
        try send(5..<30, cluster, node)
        #expect(try found("tea", cluster, node) == 29)
        try cluster.run(.seconds(1))
        let before = indexPairs(node)
        #expect(before > 20)
        try send(30..<50, cluster, node)
        try cluster.run(.seconds(1))
        #expect(indexPairs(node) > before + 10)
        #expect(try found("tea", cluster, node) == 49)
        #expect(try found("47", cluster, node) == 1)
    }

    @Test("What is deleted while its first piece is made does not stay in the index")
    func deletedMeanwhile() throws {
        let (cluster, node) = try node()
        let messages = try send(1..<20, cluster, node)
        #expect(try found("7", cluster, node) == 1)
        node.heldFindings = []
        try cluster.run(until: { node.heldFindings?.isEmpty == false })
        try delete(messages[6], cluster, node)
        let held = try #require(node.heldFindings)
        node.heldFindings = nil
        for (token, finding) in held { try cluster.feed(.found(token: token, finding), to: node) }
        try cluster.run(.seconds(1))
        let isNamed = try [names("7", node), names("8", node)]
        #expect(isNamed == [false, true])
    }

    @Test("An index that is lost is made again by the next search")
    func rebuilt() throws {
        let (cluster, node) = try node()
        try send(1..<30, cluster, node)
        _ = try found("tea", cluster, node)
        try cluster.run(.seconds(1))
        let before = indexPairs(node)
        #expect(before > 20)
        try cluster.crash(node)
        var batch = WriteBatch()
        batch.deleteRange(from: [0], to: [0xFF], in: .search)
        node.disk.content.apply(batch)
        try cluster.start(node)
        try cluster.runUntilLed()
        #expect(try found("tea", cluster, node) == 29)
        try cluster.run(.seconds(2))
        #expect(indexPairs(node) >= before)
        #expect(try found("tea", cluster, node) == 29)
    }

    @Test("More searches at once than a node carries out are refused")
    func bounded() throws {
        let (cluster, node) = try node()
        cluster[1].node?.step.searchesOut = cluster.settings.searchesMax
        let search = MessageSearch(
            in: ChatID(high: 9, low: 9), "tea", zone: 0, cursor: nil, limit: 10)
        #expect(
            try ask(.search(account(1), search), cluster, node) == .failed(Failure(.overloaded)))
    }

    @Test("Chats wait once, in order, and not more than a bound")
    func queue() {
        let place = { (number: UInt64) in
            Indexing.Place(shard: ShardID(1), chat: ChatID(high: 0, low: number))
        }
        var indexing = Indexing()
        indexing.add([place(1), place(2), place(1), place(3)], countMax: 2)
        #expect(indexing.count == 2)
        let taken = [indexing.take(), indexing.take(), indexing.take()]
        #expect(taken == [place(1), place(2), nil])
    }
}
