internal import Accounts
internal import Chat
internal import Determinism
internal import Identity
internal import Records
package import Storage
internal import Wire

extension ShardCommand {
    /// The payload of a Raft log entry; equal commands have equal bytes.
    package func encoded() -> [UInt8] {
        var record = Records_ShardEntry()
        switch self {
        case .chat(let command): record.chat = recordField(command.encoded())
        case .account(let command): record.account = recordField(command.encoded())
        case .claim(let command): record.claim = recordField(command.encoded())
        case .outboxDone(let sequences):
            var done = Records_OutboxDone()
            done.sequences = sequences
            record.outboxDone = done
        }
        return record.recordBytes()
    }

    /// Reads the form of ``encoded()``; `corrupt` for anything else.
    package init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ShardEntry(recordBytes: bytes), let payload = record.payload
        else {
            throw .corrupt("a command of a shard")
        }
        switch payload {
        case .chat(let bytes): self = .chat(try ChatCommand(decoding: Array(bytes)))
        case .account(let bytes): self = .account(try AccountCommand(decoding: Array(bytes)))
        case .claim(let bytes): self = .claim(try ClaimCommand(decoding: Array(bytes)))
        case .outboxDone(let done): self = .outboxDone(done.sequences)
        }
    }
}

extension ShardRequest {
    /// The form in which nodes forward requests.
    package func encoded() -> [UInt8] {
        var record = Records_ShardRequest()
        switch self {
        case .command(let command): record.command = recordField(command.encoded())
        case .query(let query): record.query = query.record
        }
        return record.recordBytes()
    }

    /// Reads the form of ``encoded()``; `corrupt` for anything else.
    package init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ShardRequest(recordBytes: bytes), let request = record.request
        else { throw .corrupt("a request to a shard") }
        switch request {
        case .command(let bytes): self = .command(try ShardCommand(decoding: Array(bytes)))
        case .query(let query): self = .query(try ShardQuery(query))
        }
    }
}

extension ShardQuery {
    fileprivate var record: Records_ShardQuery {
        var record = Records_ShardQuery()
        switch self {
        case .summaries(let chats, let account):
            var query = Records_SummariesQuery()
            query.chats = chats.map { recordField($0.bytes) }
            query.account = recordField(account.bytes)
            record.summaries = query
        case .members(let chat, let account):
            var query = Records_ChatAccountQuery()
            query.chat = recordField(chat.bytes)
            query.account = recordField(account.bytes)
            record.members = query
        case .history(let chat, let account, let before, let after, let limit):
            var query = Records_HistoryQuery()
            query.chat = recordField(chat.bytes)
            query.account = recordField(account.bytes)
            query.before = before?.rawValue ?? 0
            query.hasAfter_p = after != nil
            query.after = after?.rawValue ?? 0
            query.limit = UInt32(clamping: limit)
            record.history = query
        case .difference(let log, let account, let cursor):
            record.difference = ShardQuery.difference(log, account, cursor)
        case .account(let account): record.account = recordField(account.bytes)
        case .sessions(let account): record.sessions = recordField(account.bytes)
        case .authenticate(let account, let session, let secretHash):
            var query = Records_AuthenticateQuery()
            query.account = recordField(account.bytes)
            query.session = recordField(session.bytes)
            query.secretHash = recordField(secretHash)
            record.authenticate = query
        case .chatList(let account): record.chatList = recordField(account.bytes)
        case .stars(let account): record.stars = recordField(account.bytes)
        case .owner(let key): record.owner = key.text
        case .people(let accounts):
            var query = Records_PeopleQuery()
            query.accounts = accounts.map { recordField($0.bytes) }
            record.people = query
        case .search(let search): record.search = search.record
        case .banned(let chat, let account):
            var query = Records_ChatAccountQuery()
            query.chat = recordField(chat.bytes)
            query.account = recordField(account.bytes)
            record.banned = query
        case .chatSettings(let account, let chat):
            record.chatSettings.account = recordField(account.bytes)
            if let chat { record.chatSettings.chat = recordField(chat.bytes) }
        case .drafts(let account, let chat):
            record.drafts.account = recordField(account.bytes)
            if let chat { record.drafts.chat = recordField(chat.bytes) }
        case .password(let account): record.password = recordField(account.bytes)
        case .links(let chat, let account):
            record.links.chat = recordField(chat.bytes)
            record.links.account = recordField(account.bytes)
        case .invitation(let chat, let secret, let account, let time):
            record.link.chat = recordField(chat.bytes)
            record.link.account = recordField(account.bytes)
            record.link.secret = recordField(secret.bytes)
            record.link.time = time.milliseconds
        }
        return record
    }

    private static func difference(
        _ log: LogID, _ account: AccountID, _ cursor: LogCursor
    ) -> Records_DifferenceQuery {
        var query = Records_DifferenceQuery()
        switch log {
        case .chat(let chat): query.chat = recordField(chat.bytes)
        case .inbox(let account): query.inbox = recordField(account.bytes)
        }
        query.account = recordField(account.bytes)
        query.epoch = cursor.epoch
        query.seq = cursor.seq.rawValue
        query.marksVersion = cursor.marksVersion
        return query
    }

    fileprivate init(_ record: Records_ShardQuery) throws(StorageError) {
        guard let query = record.query else { throw .corrupt("a query without a question") }
        switch query {
        case .summaries(let query):
            var chats: [ChatID] = []
            for chat in query.chats { chats.append(try ChatID(stored: chat)) }
            self = .summaries(chats, for: try AccountID(stored: query.account))
        case .members(let query):
            self = .members(
                try ChatID(stored: query.chat), for: try AccountID(stored: query.account))
        case .banned(let query):
            self = .banned(
                try ChatID(stored: query.chat), for: try AccountID(stored: query.account))
        case .history(let query):
            self = .history(
                try ChatID(stored: query.chat), for: try AccountID(stored: query.account),
                before: query.before == 0 ? nil : SequenceNumber(query.before),
                after: query.hasAfter_p ? SequenceNumber(query.after) : nil,
                limit: Int(query.limit))
        case .difference(let query):
            let log: LogID =
                query.inbox.isEmpty
                ? .chat(try ChatID(stored: query.chat))
                : .inbox(try AccountID(stored: query.inbox))
            self = .difference(
                log, for: try AccountID(stored: query.account),
                from: LogCursor(
                    epoch: query.epoch, seq: SequenceNumber(query.seq),
                    marksVersion: query.marksVersion))
        case .account(let account): self = .account(try AccountID(stored: account))
        case .sessions(let account): self = .sessions(try AccountID(stored: account))
        case .authenticate(let query):
            self = .authenticate(
                try AccountID(stored: query.account), try SessionID(stored: query.session),
                secretHash: Array(query.secretHash))
        case .chatList(let account): self = .chatList(try AccountID(stored: account))
        case .stars(let account): self = .stars(try AccountID(stored: account))
        case .owner(let text):
            guard let key = ClaimKey(text: text) else { throw .corrupt("the key of a claim") }
            self = .owner(key)
        case .people(let query):
            var accounts: [AccountID] = []
            for account in query.accounts { accounts.append(try AccountID(stored: account)) }
            self = .people(accounts)
        case .search(let query): self = .search(try ShardSearch(query))
        case .chatSettings(let query):
            self = .chatSettings(
                try AccountID(stored: query.account),
                of: query.chat.isEmpty ? nil : try ChatID(stored: query.chat))
        case .password(let account): self = .password(try AccountID(stored: account))
        case .drafts(let query):
            self = .drafts(
                try AccountID(stored: query.account),
                of: query.chat.isEmpty ? nil : try ChatID(stored: query.chat))
        case .links(let query):
            self = .links(
                try ChatID(stored: query.chat), for: try AccountID(stored: query.account))
        case .link(let query):
            self = .invitation(
                try ChatID(stored: query.chat), by: try InviteSecret(stored: query.secret),
                for: try AccountID(stored: query.account), at: try WallTime(stored: query.time))
        }
    }
}
