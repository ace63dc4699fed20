import Accounts
import Determinism
import Identity
import Storage
import Testing

/// One shard of accounts and claims on a store in memory, and the ids that tests speak of.
struct AccountsFixture {
    static let start: UInt64 = 1_700_000_000_000
    static let day: UInt64 = 86_400_000

    let shard = ShardID(5)
    var store = MemoryStore()
    var stateHash: UInt64 = 0
    var time = AccountsFixture.start
    var generator = SeededGenerator(seed: 1)

    let ann = AccountID(high: 1, low: 1)
    let ben = AccountID(high: 2, low: 2)
    let room = ChatID(high: 7, low: 7)
    let phone: PhoneNumber

    init() throws {
        phone = try #require(PhoneNumber("+49 151 23456789"))
    }

    /// The shard's state as queries see it.
    var view: ShardStore { ShardStore(shard: shard, generation: 0, base: store) }

    mutating func nextID() -> MessageID { MessageID(milliseconds: time, using: &generator) }

    /// Applies the command as its bytes say it, at the fixture's time.
    @discardableResult
    mutating func apply(
        _ body: AccountCommand.Body, to account: AccountID? = nil, cmid: MessageID? = nil
    ) throws -> AccountOutcome {
        let command = AccountCommand(
            account: account ?? ann, cmid: cmid ?? nextID(), time: WallTime(milliseconds: time),
            body: body)
        var state = StateTransaction(shard: shard, base: store, stateHash: stateHash)
        let outcome = try AccountMachine.apply(
            AccountCommand(decoding: command.encoded()), to: &state)
        stateHash = state.stateHash
        store.apply(state.takeBatch())
        return outcome
    }

    /// Applies the command as its bytes say it, at the fixture's time.
    @discardableResult
    mutating func claim(
        _ body: ClaimCommand.Body, _ key: ClaimKey, cmid: MessageID? = nil
    ) throws -> AccountOutcome {
        let command = ClaimCommand(
            key: key, cmid: cmid ?? nextID(), time: WallTime(milliseconds: time), body: body)
        var state = StateTransaction(shard: shard, base: store, stateHash: stateHash)
        let outcome = try ClaimMachine.apply(ClaimCommand(decoding: command.encoded()), to: &state)
        stateHash = state.stateHash
        store.apply(state.takeBatch())
        return outcome
    }

    /// Opens a session numbered `number` with a secret of that number.
    @discardableResult
    mutating func open(_ number: UInt8, for account: AccountID? = nil) throws -> AccountOutcome {
        try apply(
            .openSession(
                NewSession(
                    proof: .phone(phone), session: AccountsFixture.session(number),
                    secretHash: AccountsFixture.hash(number), device: "device \(number)")),
            to: account)
    }

    static func session(_ number: UInt8) -> SessionID { SessionID(high: 9, low: UInt64(number)) }

    static func hash(_ number: UInt8) -> [UInt8] { Array(repeating: number, count: 32) }

    func sessions(of account: AccountID? = nil) throws -> [SessionID] {
        try AccountQueries.sessions(of: account ?? ann, in: shard, view).map(\.session)
    }

    func facts(of account: AccountID? = nil) throws -> AccountFacts? {
        try AccountQueries.account(account ?? ann, in: shard, view)
    }

    func isAuthentic(_ session: UInt8, _ hash: [UInt8]) throws -> Bool {
        try AccountQueries.authenticate(
            ann, AccountsFixture.session(session), secretHash: hash, in: shard, view) != nil
    }

    func inbox(of account: AccountID? = nil) throws -> [InboxEntry] {
        try AccountQueries.entries(
            from: view.pairs(
                AccountQueries.inboxRange(
                    of: account ?? ann, in: shard, after: .zero, countMax: 10_000)))
    }

    func chatList(of account: AccountID? = nil) throws -> [ChatID] {
        try AccountQueries.chatList(of: account ?? ann, in: shard, view)
    }

    func owner(_ key: ClaimKey) throws -> ClaimOwner? {
        try ClaimQueries.owner(of: key, in: shard, view)
    }

    /// The state hash that a scan finds.
    func scannedHash() throws -> UInt64 {
        let prefix = Keyspace.statePrefix(shard, generation: 0)
        let range = KeyRange(.data, prefix: prefix, countMax: .max, bytesMax: .max)
        return try store.pairs(range).reduce(0) { sum, pair in
            sum
                &+ StateTransaction.hash(
                    key: Array(pair.key.dropFirst(prefix.count)), value: pair.value)
        }
    }
}

extension AccountOutcome {
    /// The receipt of an accepted command.
    var receipt: AccountReceipt? {
        if case .accepted(let receipt) = result { receipt } else { nil }
    }

    /// The reason of a refused one.
    var rejection: AccountRejection? {
        if case .rejected(let rejection) = result { rejection } else { nil }
    }
}
