import Benchmark
import Chat
import Determinism
import Identity
import Raft
import Wire

func codecBenchmarks() {
    let chat = ChatID(high: 7, low: 7)
    let author = AccountID(high: 1, low: 1)
    let time = WallTime(milliseconds: 1_700_000_000_000)
    var generator = SeededGenerator(seed: 1)
    let cmid = MessageID(milliseconds: time.milliseconds, using: &generator)

    let send = ClientFrame.send(cmid, chat, text: sampleText).jsonBytes
    measure("codec-client-send-read", prepare: { send }) { send, count in
        for _ in 0..<count {
            blackHole(must { try ClientFrame(decoding: send) })
        }
    }
    let entry = ClientEntry(
        seq: SequenceNumber(9_999), n: Ordinal(9_990), time: time, from: author,
        content: .text(sampleText))
    measure("codec-push-written", prepare: { entry }) { entry, count in
        for _ in 0..<count {
            blackHole(ServerFrame.push(.chat(chat), epoch: 1, entry).jsonBytes)
        }
    }
    let command = ChatCommand(
        chat: chat, cmid: cmid, actor: author, time: time, body: .send(text: sampleText))
    let payload = command.encoded()
    measure("codec-command-written-and-read", prepare: { command }) { command, count in
        for _ in 0..<count {
            blackHole(must { try ChatCommand(decoding: command.encoded()) })
        }
    }
    let append = RaftMessage(
        from: ReplicaID(node: NodeID(1)), to: ReplicaID(node: NodeID(2)), shard: ShardID(1),
        term: Term(5),
        body: .append(
            previousIndex: LogIndex(10), previousTerm: Term(5),
            entries: (11...14).map {
                LogEntry(index: LogIndex($0), term: Term(5), kind: .command, payload: payload)
            }, commit: LogIndex(10)))
    measure("codec-peer-frame-written-and-read", prepare: { append }) { append, count in
        for _ in 0..<count {
            let frame = must {
                try PeerFrame(kind: .messages, payload: PeerMessage.raft([append]).encoded())
                    .encoded()
            }
            var decoder = FrameDecoder()
            decoder.append(frame)
            let read = must { try decoder.next() }
            blackHole(read.map { frame in must { try PeerMessage.decodeBatch(frame.payload) } })
        }
    }
}
