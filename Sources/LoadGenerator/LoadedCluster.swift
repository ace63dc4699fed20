import ClientTransport
import Wire

/// The cluster that a run loads, and the way to it.
struct LoadedCluster {
    /// As its file names it.
    var file: ClusterFile
    /// On the loop that all of the run lives on.
    let connector: ClientConnector
    /// The nodes to connect to.
    let urls: [NodeURL]

    /// The cluster that the options name. Throws ``LoadFailure`` when there is none, or no such
    /// node.
    init(_ options: RunOptions) throws {
        file = try options.cluster()
        connector = try options.connector(for: file)
        urls = try options.urls(of: file)
    }

    /// `count` accounts that are signed in; made on the first run.
    func accounts(_ count: Int = 30) async throws -> [Account] {
        try await AccountBook(cluster: file, connector: connector).accounts(count)
    }

    /// `count` chats of `memberCount` of the accounts each; made on the first run.
    func chats(
        _ count: Int, kind: ClientChatKind = .private, memberCount: Int, purpose: String,
        among accounts: [Account]
    ) async throws -> [ChatBook.Chat] {
        try await ChatBook(
            cluster: file, connector: connector, kind: kind, memberCount: memberCount,
            purpose: purpose
        ).chats(count, among: accounts)
    }

    /// A run that has no connections yet.
    func run(_ settings: LoadEngine.Settings = LoadEngine.Settings()) -> LoadRun {
        LoadRun(connector, settings, pids: file.pids)
    }

    /// Opens connections that follow the chats and send there, as many to each as `readerCount`
    /// says of its place, spread over the nodes.
    func open(
        _ chats: [ChatBook.Chat], in run: LoadRun, readerCount: (Int) -> Int
    ) async throws {
        var seats: [Seat] = []
        for (index, chat) in chats.enumerated() where readerCount(index) > 0 {
            let readers = readerCount(index)
            let number = await run.addChat(readerCount: readers, base: chat.cursor.seq)
            for reader in 0..<readers {
                let room = Seat.Room(
                    chat: chat.id, number: number, reader: reader, epoch: chat.cursor.epoch)
                seats.append(
                    Seat(
                        url: urls[seats.count % urls.count],
                        token: chat.members[reader % chat.members.count].token, room: room,
                        target: chat.id))
            }
        }
        Progress.tell("opening \(seats.count) connections")
        try await run.connect(seats)
    }
}
