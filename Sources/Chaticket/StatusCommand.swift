import ArgumentParser

/// `chaticket cluster status`: how the cluster is.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract:
            "Show nodes, shards, leaders, lag and epoch, as the node on this machine knows them.",
        discussion: """
            Columns of nodes: STANDING is the registry's decision (joining, up, draining, left, \
            lost), GOSSIP what the nodes see of each other now (alive, suspect, dead, left).

            Lag is known of the shards that the asked node leads: entries that a follower has not \
            confirmed. With --json one object {"version": 1, "status": {node, cluster, epoch, nodes, \
            shards}} is printed; a member without a value is left out, members may be added, and version \
            grows when any changes.

            --check ends with 75 and says why, unless every shard has a leader and every replica \
            that it should have, and all of them answer: then a node may be stopped that the \
            shards can do without.
            """)

    @OptionGroup var local: LocalNodeOptions

    @Flag(help: "List every shard.")
    var shards = false

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Fail unless all replicas are in their places.")
    var check = false

    func run() async throws {
        try await reportingFailures {
            let response = try local.client.ask(AdminRequest(request: .status))
            guard let status = response.status else {
                throw CommandFailure(.internalError, "The node answered something else.")
            }
            if json {
                Terminal.show(String(decoding: AdminMessage.line(response), as: UTF8.self))
            } else {
                Terminal.show(StatusText(status: status, listsShards: shards).text)
            }
            if check, let reason = status.unsettled { throw CommandFailure(.tryAgain, reason) }
        }
    }
}

/// `chaticket cluster locate`: where a chat lives.
struct LocateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "locate",
        abstract: "Show a chat's hash, shard, replicas, owner and epoch.",
        discussion: """
            The id of a chat is in its address in the browser. With --json one object {"version": 1, \
            "location": {chat, hash, shard, epoch, desired, actual, owner}} is printed. ACTUAL and \
            OWNER are what the asked node knows; ask a node of DESIRED for certainty.
            """)

    @OptionGroup var local: LocalNodeOptions

    @Argument(help: ArgumentHelp("The chat's id, 32 hexadecimal digits.", valueName: "chat"))
    var chat: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let response = try local.client.ask(AdminRequest(request: .locate, chat: chat))
            guard let location = response.location else {
                throw CommandFailure(.internalError, "The node answered something else.")
            }
            if json {
                Terminal.show(String(decoding: AdminMessage.line(response), as: UTF8.self))
            } else {
                Terminal.show(StatusText.text(location))
            }
        }
    }
}

/// `chaticket cluster token`: lets one more node join.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make a one-time token with which one more node can join.",
        discussion: """
            The token names the node on this machine as its seed, carries the fingerprint of the \
            cluster's authority, and is good for one node until it expires. The registry keeps only a \
            hash of it.
            """)

    @OptionGroup var local: LocalNodeOptions

    @Option(help: ArgumentHelp("How long it is good: 30m, 1h, 7d.", valueName: "time"))
    var valid = Lifetime(seconds: 3_600)

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let response = try local.client.ask(
                AdminRequest(request: .token, seconds: valid.seconds))
            guard let token = response.token else {
                throw CommandFailure(.internalError, "The node answered something else.")
            }
            if json {
                Terminal.show(String(decoding: AdminMessage.line(response), as: UTF8.self))
            } else {
                Terminal.show(token.token)
            }
        }
    }
}
