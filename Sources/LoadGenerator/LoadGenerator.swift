import ArgumentParser

/// `chaticket-load`: what a cluster does under load, over real sockets and in the real protocol.
@main
struct LoadGenerator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaticket-load",
        abstract: "Put load on a cluster that cluster/up started, and measure it.",
        discussion: """
            Start a cluster with `cluster/up --detach`, then for example:

              chaticket-load chats --chats 100 --members 3 --rate 200
              chaticket-load chats --chats 1000 --members 3 --saturate
              chaticket-load room --members 1000 --saturate --node 1 --baseline

            All connections of a run live on one thread of this program, whose own processor time \
            is reported apart. Latency counts from the moment at which a message was meant to be \
            sent, so that a stall is not hidden by clients that wait for it (coordinated \
            omission); with --saturate there is no such moment and it counts from the sending. \
            Everything that is delivered is also checked: in order, nothing twice, every \
            acknowledged message at its place, the same at every reader.

            `chaticket-load demo` measures nothing: it fills a new cluster for a first look.

            Accounts and chats are kept beside cluster.json and used again. Figures are printed \
            as a table, or as one JSON object with --json; progress goes to standard error.

            Exit codes: 0; 1 when something was lost, doubled, reordered or refused; 2 when the \
            run could not take place; 64 for wrong usage.
            """,
        subcommands: [
            ChatsCommand.self, RoomCommand.self, IdleCommand.self, HistoryCommand.self,
            SearchCommand.self, ReconnectCommand.self, FailoverCommand.self,
            RebalanceCommand.self, PressureCommand.self, BaselineServerCommand.self,
            DemoCommand.self,
        ])
}
