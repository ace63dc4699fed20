import ArgumentParser
import Foundation

/// Why the program ends other than well: stable codes, so that scripts and service managers can act.
enum ExitReason: Int32, CaseIterable {
    case usage = 64
    case configuration = 65
    case unreachable = 69
    case internalError = 70
    case cloned = 71
    case removed = 72
    case store = 73
    case disk = 74
    case tryAgain = 75
    case token = 76
    case clock = 77
    case initialised = 78
    case credentials = 79
    case tokenUsed = 80
    case tokenExpired = 81
    case address = 82

    /// What it means, for `--help`.
    var meaning: String {
        switch self {
        case .usage: "the command line is not understood"
        case .configuration: "a setting is unknown or has a bad value"
        case .unreachable: "the seed of the join token, or the local node, cannot be reached"
        case .internalError: "a mistake of this program"
        case .cloned: "another process runs as the same node with a newer start: a copied disk"
        case .removed: "the cluster has removed this node for ever"
        case .store: "the data directory is refused: locked, damaged, foreign, newer, no store"
        case .disk: "the disk failed; what it holds is not known"
        case .tryAgain: "the cluster cannot do it now; the same command later may"
        case .token: "the join token is malformed, unknown or another cluster's"
        case .clock: "this machine's clock is far off"
        case .initialised: "the data directory already belongs to a cluster"
        case .credentials: "the node's certificate or keys cannot be used"
        case .tokenUsed: "the join token was used by another node"
        case .tokenExpired: "the join token has expired"
        case .address: "an address or port cannot be listened on"
        }
    }

    /// All codes, for `--help`.
    static var help: String {
        "EXIT CODES\n"
            + ExitReason.allCases.map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n")
    }
}

/// An end of a command that is not a success: a sentence that says what to do, and a code.
struct CommandFailure: Error, CustomStringConvertible {
    let reason: ExitReason
    let description: String

    init(_ reason: ExitReason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}

extension AsyncParsableCommand {
    /// Runs `body`; what it throws becomes one line on stderr and an exit code.
    func reportingFailures(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as ExitCode {
            throw error
        } catch let error as CleanExit {
            throw error
        } catch {
            let failure = CommandFailure(explaining: error)
            Terminal.complain(failure.description)
            throw ExitCode(failure.reason.rawValue)
        }
    }
}

/// What is said to people: results on stdout, everything else on stderr.
enum Terminal {
    /// One line for whoever has to act.
    static func complain(_ text: String) {
        write("chaticket: \(text)\n", to: STDERR_FILENO)
    }

    /// One line about what has been done.
    static func note(_ text: String) {
        write("\(text)\n", to: STDERR_FILENO)
    }

    /// A result.
    static func show(_ text: String) {
        write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            // SAFETY: the buffer has as many bytes as are written.
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
