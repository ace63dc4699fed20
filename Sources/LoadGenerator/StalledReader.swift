import ClientTransport
import Identity
import NIOCore
import Wire

/// Connections that follow a chat and read nothing any more. Its executor is their loop.
actor StalledReaders {
    private let connector: ClientConnector
    private var readers: [StalledReader] = []

    private static let pollPause = Duration.milliseconds(20)
    private static let stalledTries = 500

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        connector.loop.executor.asUnownedSerialExecutor()
    }

    init(_ connector: ClientConnector) { self.connector = connector }

    /// Opens `count` connections that follow `chat` as its members, and waits until they have
    /// stopped to read.
    func open(_ count: Int, in chat: ChatBook.Chat, urls: [NodeURL]) async throws {
        for number in 0..<count {
            let reader = StalledReader(chat)
            readers.append(reader)
            let opening = connector.openSocket(
                to: urls[number % urls.count],
                bearer: chat.members[number % chat.members.count].token, delegate: reader)
            reader.begin(try await opening.get().value)
        }
        for _ in 0..<StalledReaders.stalledTries where !isStalled {
            try await Task.sleep(for: StalledReaders.pollPause)
        }
        guard isStalled else {
            throw LoadFailure.notLive(count: readers.count(where: \.isStalled), of: count)
        }
    }

    /// Ends the connections.
    func close() { for reader in readers { reader.end() } }

    private var isStalled: Bool { readers.allSatisfy(\.isStalled) }
}

/// One of them. Confined to its loop.
private final class StalledReader: ClientSocketDelegate {
    private let chat: ChatBook.Chat
    private var socket: ClientSocket?
    private(set) var isStalled = false

    init(_ chat: ChatBook.Chat) { self.chat = chat }

    func begin(_ socket: ClientSocket) {
        self.socket = socket
        socket.send(.hello(Hello(open: [Hello.Open(chat: chat.id, cursor: chat.cursor)])))
    }

    func end() {
        socket?.forget()
        socket?.abort()
    }

    /// Nothing more is read once everything that was missed has come.
    func receive(text: UnsafeRawBufferPointer) {
        guard !isStalled, case .live? = try? ServerFrame(decoding: Array(text)) else { return }
        isStalled = true
        socket?.stopReading()
    }

    func socketDidClose(code: UInt16) { socket = nil }
}
