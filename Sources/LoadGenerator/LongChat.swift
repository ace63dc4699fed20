import Identity
import Wire

/// A chat of a great many messages, for scenarios that read: filled once and used again.
struct LongChat {
    let chat: ChatBook.Chat

    private static let fillers = 150
    private static let fillOutstanding = 128

    /// The chat of `cluster` that has at least `messages` entries; fills it first if it has fewer,
    /// which goes into `report`.
    init(
        of messages: UInt64, in cluster: LoadedCluster, among accounts: [Account],
        _ report: inout Report
    ) async throws {
        chat = try await cluster.chats(
            1, memberCount: 30, purpose: "history\(messages)", among: accounts)[0]
        report.set("messages", "\(messages)")
        guard chat.cursor.seq.rawValue < messages else { return }
        let missing = messages - chat.cursor.seq.rawValue
        Progress.tell("filling the chat with \(missing) messages")
        let urls = cluster.urls
        let members = chat.members
        let target = chat.id
        let loadRun = cluster.run()
        try await loadRun.connect(
            (0..<LongChat.fillers).map { number in
                Seat(
                    url: urls[number % urls.count], token: members[number % members.count].token,
                    room: nil, target: target)
            })
        let start = Moment.now
        try await loadRun.fill(missing, outstanding: LongChat.fillOutstanding)
        report.add(
            "fill_per_s", "messages while filling, one chat", Double(missing) * 1e9,
            per: Double(Moment.now - start), "/s")
        await loadRun.close()
        report.take(await loadRun.judge())
    }
}
