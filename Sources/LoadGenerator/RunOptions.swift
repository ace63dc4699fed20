import ArgumentParser
import ClientTransport
import Foundation
import Glibc
import NIOCore
import NIOPosix

/// What every scenario needs.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The directory of cluster/up, in which cluster.json lies.", valueName: "dir"))
    var directory = ".chaticket"

    @Option(
        help: ArgumentHelp(
            "The authority to judge https nodes by (default: tls/authority.pem in the directory).",
            valueName: "file"))
    var authority: String?

    @Option(
        help: ArgumentHelp(
            "Connect to this node alone, by its number; may be given again (default: all in turn).",
            valueName: "number"))
    var node: [UInt64] = []

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    /// The cluster as its file names it.
    func cluster() throws -> ClusterFile { try ClusterFile(directory: directory) }

    /// The nodes to connect to.
    func urls(of cluster: ClusterFile) throws -> [NodeURL] {
        let chosen = cluster.nodes.filter { node.isEmpty || node.contains($0.id) }.map(\.url)
        guard !chosen.isEmpty, node.allSatisfy({ id in cluster.nodes.contains { $0.id == id } })
        else { throw LoadFailure.noCluster("there is no node \(node) in \(cluster.path)") }
        return chosen
    }

    /// What opens connections, on the loop that all of the run lives on.
    func connector(for cluster: ClusterFile) throws -> ClientConnector {
        FileLimit.raise()
        let needsTLS = cluster.nodes.contains { $0.url.isTLS }
        let path = authority ?? (needsTLS ? directory + "/tls/authority.pem" : nil)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        return try ClientConnector(loop: group.next(), authorityPath: path)
    }

    /// Notes what every report says.
    func describe(_ cluster: ClusterFile, in report: inout Report) {
        report.set("nodes", "\(cluster.nodes.count)")
        if !node.isEmpty {
            report.set("connectedTo", node.map(String.init).joined(separator: ","))
        }
        report.set("tls", cluster.nodes.contains { $0.url.isTLS } ? "yes" : "no")
        if let load = SystemFile.text("/proc/loadavg") {
            report.set("loadAverage", load.split(separator: " ").prefix(3).joined(separator: "/"))
        }
    }

    /// Prints the report; throws the exit code that it means.
    func finish(_ report: Report) throws {
        print(json ? report.json : report.table)
        if report.violationCount > 0 { throw LoadExit.violation }
    }

    /// Runs a scenario: what keeps it from taking place is said in one line.
    func running(_ scenario: () async throws -> Report) async throws {
        let report: Report
        do {
            report = try await scenario()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            Progress.tell("\(error)")
            throw LoadExit.failure
        }
        try finish(report)
    }
}

/// How long a run measures.
struct TimeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Seconds that are measured.", valueName: "s"))
    var duration: UInt64 = 30

    @Option(help: ArgumentHelp("Seconds before that under the same load.", valueName: "s"))
    var warmup: UInt64 = 5

    func validate() throws {
        guard 1...86_400 ~= duration, warmup <= 3_600 else {
            throw ValidationError("--duration is 1 to 86400, --warmup 0 to 3600.")
        }
    }
}

/// The system's limit of open files, which counts connections.
enum FileLimit {
    /// Raises it as far as this process may.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
