import ArgumentParser
import Wire

/// `chaticket-load chats`: many small chats.
struct ChatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chats",
        abstract: "Many small chats: acknowledgements, latency, deliveries and what they cost.",
        discussion: """
            Every member of every chat is a connection of its own, spread over the nodes; the \
            chats take turns, and in each its members. Members are accounts, of which each is a \
            member of several chats.
            """)

    @OptionGroup var run: RunOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var load: LoadOptions

    @Option(help: ArgumentHelp("How many chats.", valueName: "n"))
    var chats = 100

    @Option(help: ArgumentHelp("Members of each.", valueName: "n"))
    var members = 3

    func validate() throws {
        guard 1...100_000 ~= chats, 1...100 ~= members else {
            throw ValidationError("--chats is 1 to 100000, --members 1 to 100.")
        }
    }

    func run() async throws {
        try await run.running {
            try await MessageLoad(
                run: run, time: time, load: load, scenario: "chats", kind: .private,
                chatCount: chats, readerCount: members, memberCount: members
            ).report()
        }
    }
}

/// `chaticket-load room`: one big chat.
struct RoomCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "room",
        abstract: "One big room: what it costs to deliver each message to everybody.",
        discussion: """
            --members connections follow one chat and take turns at sending. They share the \
            accounts of --accounts, which are its members; to a node a second connection of an \
            account costs what a first one does.
            """)

    @OptionGroup var run: RunOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var load: LoadOptions

    @Option(help: ArgumentHelp("Connections in the room.", valueName: "n"))
    var members = 1_000

    @Option(
        help: ArgumentHelp(
            "Measure again with so many more connections in the room that read nothing.",
            valueName: "n"))
    var stalled = 0

    @Flag(help: "A public room instead of a private one.")
    var `public` = false

    func validate() throws {
        guard 1...100_000 ~= members else { throw ValidationError("--members is 1 to 100000.") }
        guard 0...1_000 ~= stalled else { throw ValidationError("--stalled is 0 to 1000.") }
        guard (load.accounts ?? 1) <= 1_000 else {
            throw ValidationError("--accounts of a room is at most 1000.")
        }
    }

    func run() async throws {
        try await run.running {
            try await MessageLoad(
                run: run, time: time, load: load, scenario: "room",
                kind: self.public ? .public : .private, chatCount: 1, readerCount: members,
                memberCount: min(members, load.accounts ?? 30), stalledCount: stalled
            ).report()
        }
    }
}
