internal import Identity
internal import Registry

/// A change of the cluster that an operator makes, step by step, each as often as it takes.
struct OperatorTask {
    enum Goal: Hashable {
        /// The machine with this name becomes a node.
        case join(Int)
        /// This member gives its replicas away.
        case drain(NodeID)
        /// This member gives its replicas away and is removed for ever; its machine is erased and,
        /// if it comes back, joins as a new member.
        case remove(NodeID, comesBack: Bool)
        /// This member never comes back: it is given up and, when nothing is wanted of it any more,
        /// removed for ever.
        case retire(NodeID)
        /// Something is written into the registry, to see that it can be done.
        case write
        /// What the registry must refuse.
        case mistake(OperatorMistake)
    }

    let goal: Goal
    let requestID: MessageID
    var request: UInt64 = 0
    var hasToken = false
    /// What the last request asked for.
    var action: RegistryAction?
    var isDone = false

    /// The member that is to hold nothing any more; nil when there is none.
    var leaver: NodeID? {
        switch goal {
        case .drain(let node), .remove(let node, _), .retire(let node): node
        case .join, .write, .mistake: nil
        }
    }
}

/// What an operator does wrong.
enum OperatorMistake: Hashable {
    /// Makes a cluster where there is one.
    case secondInit
    /// Joins a machine with a token that nobody made, or that another has joined with.
    case unknownToken
    case usedToken
    /// Makes a token whose time is over.
    case expiredToken

    /// Whether this is how it must be refused.
    func isRefused(with refusal: RegistryRefusal) -> Bool {
        switch self {
        case .secondInit: refusal == .alreadyInitialised
        case .unknownToken: refusal == .tokenUnknown
        case .usedToken: refusal == .tokenUsed
        case .expiredToken: refusal == .tokenExpired
        }
    }
}
