import Benchmark
import Determinism
import Identity
import Search
import Storage

/// Messages in memory, of words that are as frequent as in a language (Zipf).
private struct MessagesBench: SearchSource {
    let documents: [SearchDocument]
    let chat = ChatID(high: 7, low: 7)

    var head: SequenceNumber { SequenceNumber(UInt64(documents.count)) }

    init(count: Int) {
        var generator = SeededGenerator(seed: 1)
        documents = (1...UInt64(count)).map { seq in
            let words = (0..<16).map { _ in
                let rank = 2_000 / Int.random(in: 1...2_000, using: &generator)
                return "word\(rank)x\(Int.random(in: 0..<3, using: &generator))"
            }
            return SearchDocument(
                seq: SequenceNumber(seq), time: WallTime(milliseconds: seq),
                from: AccountID(high: 1, low: seq % 7),
                content: .message(
                    words.joined(separator: " "), isReply: false, isEdited: false))
        }
    }

    func documents(
        before: SequenceNumber, countMax: Int
    ) throws(StorageError) -> [SearchDocument] {
        Array(documents[..<(Int(before.rawValue) - 1)].suffix(min(countMax, 50)).reversed())
    }

    func document(at seq: SequenceNumber) throws(StorageError) -> SearchDocument? {
        seq == .zero || seq > head ? nil : documents[Int(seq.rawValue) - 1]
    }
}

func searchBenchmarks() {
    let texts = [
        "English": sampleText,
        "Chinese": String(repeating: "今天天气很好我们去公园散步吧", count: 4),
    ]
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
        measure("search-\(name)-message-folded", prepare: { text }) { text, count in
            for _ in 0..<count { blackHole(FoldedText(text)) }
        }
    }
    let messages = MessagesBench(count: 256)
    let key = SearchIndexKey(messages.chat, of: ShardID(3), generation: 0)
    measure("search-256-messages-indexed", scale: .one, prepare: { messages }) { messages, _ in
        blackHole(
            must {
                try SearchIndexer.piece(
                    of: key, through: messages.head, in: MemoryStore(), from: messages,
                    countMax: 256)
            })
    }
}
