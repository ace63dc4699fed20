import ClientTransport
import Identity
import NIOCore
import Testing

@testable import LoadGenerator

@Suite("Load generator: files, processes, pages and bare frames")
struct FilesTests {
    private static let cluster = """
        {"nodes": [
          {"id": 1, "pid": 12, "url": "http://127.0.0.1:8080", "gossip": "127.0.0.1:7400", \
        "peer": "127.0.0.1:7400", "data": "/x/node-1"},
          {"id": 2, "pid": 13, "url": "https://[::1]:8080", "gossip": "127.0.0.2:7400", \
        "peer": "127.0.0.2:7400", "data": "/x/node-2"}
        ]}
        """

    @Test("cluster.json as cluster/up writes it")
    func clusterFile() throws {
        let nodes = try ClusterFile.nodes(Array(Self.cluster.utf8))
        #expect(nodes.map(\.id) == [1, 2])
        #expect(nodes.map(\.pid) == [12, 13])
        #expect(nodes[0].url.isLoopback && !nodes[0].url.isTLS)
        #expect(nodes[1].url.isTLS && nodes[1].url.host == "::1")
        #expect(nodes[1].data == "/x/node-2")
        #expect(throws: (any Error).self) {
            try ClusterFile.nodes(Array(Self.cluster.replacing("8080\"", with: "x\"").utf8))
        }
    }

    @Test("An account survives its line")
    func account() throws {
        let account = Account(
            phone: "+4915112345678", token: "to\"ken", id: AccountID(high: 1, low: 2),
            username: "lxyz")
        #expect(Account(line: account.line) == account)
        #expect(Account(line: "{}") == nil)
    }

    @Test("A node is started again without its token")
    func joining() {
        let rest = NodeProcess.withoutJoining(["node", "--join", "T", "--data", "D"])
        #expect(rest == ["node", "--data", "D"])
        #expect(NodeProcess.withoutJoining(["node", "--join"]) == ["node"])
        #expect(NodeProcess.withoutJoining(["node"]) == ["node"])
    }

    private static func page(_ places: ClosedRange<Int>, head: Int) -> [UInt8] {
        let entries = places.map { #"{"seq":\#($0)}"# }.joined(separator: ",")
        return Array(#"{"entries":[\#(entries)],"head":{"seq":\#(head),"n":1}}"#.utf8)
    }

    @Test("A page has to be full and to end where it was asked to")
    func pages() throws {
        #expect(try HistoryPages.wrong(Self.page(51...100, head: 100), before: nil) == nil)
        #expect(try HistoryPages.wrong(Self.page(1...20, head: 20), before: nil) == nil)
        #expect(try HistoryPages.wrong(Self.page(1...50, head: 100), before: 51) == nil)
        #expect(try HistoryPages.wrong(Self.page(52...100, head: 100), before: nil) != nil)
        #expect(try HistoryPages.wrong(Self.page(51...100, head: 101), before: nil) != nil)
        #expect(try HistoryPages.wrong(Self.page(1...50, head: 100), before: 52) != nil)
    }

    @Test("The longest gap counts from the beginning of the watch")
    func gaps() {
        var gaps = AckGaps()
        gaps.acknowledged(at: 5)
        gaps.begin(at: 10)
        gaps.acknowledged(at: 30)
        gaps.acknowledged(at: 35)
        #expect(gaps.longest == 20 && gaps.count == 2 && gaps.last == 35)
        gaps.begin(at: 100)
        #expect(gaps.longest == 0)
    }

    @Test("Bare frames come out as they went in, however they are cut", arguments: 1...40)
    func bareFrames(_ cut: Int) {
        var stream = BaselineFrame.make(.join, byteCount: 5, number: 7)
        var message = BaselineFrame.make(.message, byteCount: 100)
        var delivery = BaselineFrame.make(.delivery, byteCount: 1)
        stream.writeBuffer(&message)
        stream.writeBuffer(&delivery)
        var reader = BaselineBytes()
        var found: [(BaselineFrame.Kind, UInt32)] = []
        while let piece = stream.readSlice(length: min(cut, stream.readableBytes)),
            piece.readableBytes > 0
        {
            reader.read(piece) { found.append(($0, $1)) }
        }
        #expect(found.map(\.0) == [.join, .message, .delivery])
        #expect(found.first?.1 == 7)
    }
}
