import ArgumentParser

/// The one binary: runs a node, and operates the cluster.
@main
struct Chaticket: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaticket",
        abstract: "A chat that runs on a cluster of identical nodes.",
        discussion: """
            A first cluster, on one machine:

              chaticket cluster init --data node-1
              chaticket node --data node-1

            init prints a join token. On every other machine it is all that is needed:

              chaticket node --data node-2 --join TOKEN

            \(ExitReason.help)
            """,
        version: Chaticket.versionText,
        subcommands: [NodeCommand.self, ClusterCommand.self])

    /// The version of this program.
    static let versionText = "0.1"
}
