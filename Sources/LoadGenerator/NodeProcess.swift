import ClientTransport
import Glibc
import Wire

/// A node that `cluster/up` started on this machine, by its process.
struct NodeProcess: Sendable {
    let node: ClusterFile.Node
    /// The program, and how it was called.
    let program: String
    let arguments: [String]

    /// POSIX_SPAWN_SETSID of spawn.h, which glibc shows only to GNU sources.
    private static let newSession: Int16 = 0x80

    /// Finds the process; throws unless it is a node with this data directory.
    init(_ node: ClusterFile.Node) throws(LoadFailure) {
        self.node = node
        guard let line = SystemFile.bytes("/proc/\(node.pid)/cmdline"), !line.isEmpty else {
            throw .noProcess("node \(node.id) does not run as \(node.pid)")
        }
        let words = line.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
            String(decoding: $0, as: UTF8.self)
        }
        guard let first = words.first, words.contains("node"), words.contains(node.data) else {
            throw .noProcess("process \(node.pid) is not node \(node.id) of this cluster")
        }
        program = first
        arguments = NodeProcess.withoutJoining(Array(words.dropFirst()))
    }

    /// A node that has joined once needs no token again.
    static func withoutJoining(_ arguments: [String]) -> [String] {
        guard let index = arguments.firstIndex(of: "--join") else { return arguments }
        var rest = arguments
        rest.removeSubrange(index...min(index + 1, arguments.count - 1))
        return rest
    }

    /// Sends the process a signal.
    func signal(_ signal: Int32) { kill(node.pid, signal) }

    /// Starts the node anew as it was called, its output at the end of its log; answers the
    /// process.
    func start() throws(LoadFailure) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, node.data + ".log", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Its own session, so that the terminal's signals do not reach it.
        posix_spawnattr_setflags(&attributes, NodeProcess.newSession)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let result = posix_spawn(&pid, program, &actions, &attributes, words, environ)
        guard result == 0 else { throw .noProcess("\(program) could not be started: \(result)") }
        return pid
    }

    /// The node that owns a chat, as this one knows it.
    func owner(of chat: String) throws(LoadFailure) -> UInt64? {
        let answer = try ChildProcess.output(
            program, ["cluster", "locate", "--data", node.data, "--json", chat])
        do {
            let object = try JSONObject(parsing: answer, byteCountMax: 1 << 20)
            return try object.object("location").optionalInteger("owner")
        } catch {
            throw .noOwner("cluster locate says \(String(decoding: answer, as: UTF8.self))")
        }
    }
}
