import ArgumentParser
import Foundation
import NodeHost
import PeerTransport

/// `chaticket cluster certificate`: a certificate for browsers from the cluster's own authority.
struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Make a certificate for --tls-certificate from the cluster's own authority.",
        discussion: """
            Good for trying out and for machines whose browsers trust the authority, which is written \
            beside it as authority.pem. In public, use a certificate that browsers know.
            """)

    @Option(help: ArgumentHelp("The data directory of a node.", valueName: "directory"))
    var data = "chaticket-data"

    @Option(
        help: ArgumentHelp(
            "A name or address that browsers open; repeatable.", valueName: "name"))
    var name: [String]

    @Option(
        help: ArgumentHelp(
            "Where server.pem, server.key and authority.pem are written.", valueName: "directory"))
    var out = "."

    func run() async throws {
        try await reportingFailures {
            _ = umask(0o077)
            guard let credentials = try NodeDirectory(path: data).credentials() else {
                throw CommandFailure(
                    .store, "The data directory \(data) belongs to no cluster; name a node's.")
            }
            let (certificate, key) = try credentials.authority.issueServerCertificate(
                hosts: name, now: SystemClock.wall)
            try write(key, to: "server.key", mode: 0o600)
            try write(certificate, to: "server.pem", mode: 0o644)
            try write(credentials.authorityPEM, to: "authority.pem", mode: 0o644)
            Terminal.note("Wrote server.pem, server.key and authority.pem to \(out).")
        }
    }

    private func write(_ text: String, to name: String, mode: Int) throws {
        let path = "\(out)/\(name)"
        let new = path + ".new"
        guard
            FileManager.default.createFile(
                atPath: new, contents: Data(text.utf8), attributes: [.posixPermissions: mode]),
            rename(new, path) == 0
        else { throw CommandFailure(.configuration, "The file \(path) cannot be written.") }
    }
}
