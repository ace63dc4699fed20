import ArgumentParser

/// Why a run did not take place.
enum LoadFailure: Error, CustomStringConvertible {
    case noCluster(String)
    case refused(request: String, status: Int, code: String)
    case noCode(phone: String)
    case notLive(count: Int, of: Int)
    case noOwner(String)
    case noProcess(String)
    case notResumed(String)
    case notTaken(String)
    case noScript(String)
    case otherPerson(phone: String)

    var description: String {
        switch self {
        case .noCluster(let why): "no cluster: \(why)"
        case .refused(let request, let status, let code):
            "\(request) was refused: \(status) \(code)"
        case .noCode(let phone): "no sign-in code for \(phone) came in time"
        case .notLive(let count, let total): "only \(count) of \(total) sockets are live in time"
        case .noOwner(let why): "the owner of the chat could not be found: \(why)"
        case .noProcess(let why): "a process could not be started or found: \(why)"
        case .notResumed(let why): "the chat did not go on: \(why)"
        case .notTaken(let what): "the cluster did not take this in time: \(what)"
        case .noScript(let why): "no demo: \(why)"
        case .otherPerson(let phone):
            "\(phone) is the number of somebody else here; a demo is for a new cluster"
        }
    }
}

/// The exit codes beside 0 and those of wrong usage.
enum LoadExit {
    /// Something was lost, doubled, reordered or refused.
    static let violation = ExitCode(1)
    /// The run could not take place.
    static let failure = ExitCode(2)
}
