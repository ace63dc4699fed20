import ArgumentParser

/// `chaticket cluster`: what operators do.
struct ClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Make a cluster, let nodes join, see how it is.",
        subcommands: [
            InitCommand.self, TokenCommand.self, StatusCommand.self, LocateCommand.self,
            CertificateCommand.self,
        ])
}

/// How commands find the node on this machine.
struct LocalNodeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The data directory of the node that runs on this machine.", valueName: "directory"))
    var data = "chaticket-data"

    /// The way to the node.
    var client: AdminClient { AdminClient(directory: NodeDirectory(path: data)) }
}

/// How long something is valid, as people write it.
struct Lifetime: ExpressibleByArgument {
    let seconds: UInt64

    init(seconds: UInt64) {
        self.seconds = seconds
    }

    init?(argument: String) {
        let units: [Character: UInt64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }),
            let count = UInt64(argument.dropLast()), count > 0, count <= 366 * 86_400 / unit
        else { return nil }
        seconds = count * unit
    }

    var defaultValueDescription: String {
        seconds % 86_400 == 0
            ? "\(seconds / 86_400)d"
            : seconds % 3_600 == 0 ? "\(seconds / 3_600)h" : "\(seconds)s"
    }
}
