import ClientSession
import ClientTransport
import Identity
import NIOCore
import Wire

/// The people of a demo, each with a client that is driven by the client core: it keeps the order,
/// sends again what had no answer, goes slower when a node asks for it, and to another node when
/// one dies. Its executor is their loop.
actor DemoStage {
    private let connector: ClientConnector
    private let state: DemoStageState

    private static let pollPause = Duration.milliseconds(20)
    private static let liveTries = 1_500

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        connector.loop.executor.asUnownedSerialExecutor()
    }

    init(_ connector: ClientConnector) {
        self.connector = connector
        state = DemoStageState(connector)
    }

    /// Brings the accounts in, each at a node of its own by turns, and waits until all may send.
    func enter(_ accounts: [Account], urls: [NodeURL]) async throws {
        state.enter(accounts, urls)
        for _ in 0..<DemoStage.liveTries where state.liveCount < accounts.count {
            try await Task.sleep(for: DemoStage.pollPause)
        }
        guard state.liveCount == accounts.count else {
            throw LoadFailure.notLive(count: state.liveCount, of: accounts.count)
        }
    }

    /// Says something, or changes what was said; where the entry stands. Throws
    /// ``LoadFailure/notTaken(_:)`` when the cluster does not take it.
    func say(_ message: OutgoingMessage, as person: Int) async throws -> LogPosition {
        try await state.say(message, as: person).get()
    }

    /// Somebody has read a chat up to the ordinal `n`.
    func read(_ chat: ChatID, to n: Ordinal, as person: Int) {
        state.read(chat, to: n, as: person)
    }

    /// Goes and comes again: with a new connection everything that was not taken is told anew.
    func enterAgain(_ person: Int) { state.enterAgain(person) }

    /// Everybody goes.
    func leave() { state.leave() }
}

/// The clients of a demo. Confined to their loop.
private final class DemoStageState: ClientDriverDelegate {
    private let connector: ClientConnector
    private var drivers: [ClientDriver] = []
    private var waiting: [MessageID: EventLoopPromise<LogPosition>] = [:]

    /// Longer than a cluster needs to choose another leader, several times.
    private static let takenTimeout = TimeAmount.seconds(60)

    init(_ connector: ClientConnector) { self.connector = connector }

    var liveCount: Int { drivers.count { $0.isLive } }

    func enter(_ accounts: [Account], _ urls: [NodeURL]) {
        for (number, account) in accounts.enumerated() {
            let driver = ClientDriver(connector, delegate: self)
            drivers.append(driver)
            driver.submit(
                .start(
                    ClientStart(
                        home: urls[number % urls.count].description,
                        nodes: urls.map(\.description), bearer: account.token)))
        }
    }

    func say(_ message: OutgoingMessage, as person: Int) -> EventLoopFuture<LogPosition> {
        let promise = connector.loop.makePromise(of: LogPosition.self)
        waiting[message.cmid] = promise
        connector.loop.assumeIsolated().scheduleTask(in: DemoStageState.takenTimeout) {
            self.waiting.removeValue(forKey: message.cmid)?.fail(
                LoadFailure.notTaken(message.text))
        }
        drivers[person].submit(.send(message))
        return promise.futureResult
    }

    func read(_ chat: ChatID, to n: Ordinal, as person: Int) {
        drivers[person].submit(.read(chat, n))
    }

    func enterAgain(_ person: Int) {
        drivers[person].submit(.offline)
        drivers[person].submit(.online)
    }

    func leave() {
        for driver in drivers { driver.halt() }
        drivers = []
    }

    func driver(_ driver: ClientDriver, told effect: ClientEffect) {
        guard case .acked(let cmid, _, let place, _) = effect else { return }
        waiting.removeValue(forKey: cmid)?.succeed(place)
    }
}
