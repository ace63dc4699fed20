internal import ClientSession
internal import Identity
internal import Node
internal import Wire

/// What reaches a node's machine from a client.
enum ClientArrival {
    /// An HTTP request, under a number of the simulation.
    case request(UInt64, ClientRequest)
    /// A WebSocket upgrade.
    case open(SocketID)
    case frame(SocketID, [UInt8])
    case closed(SocketID)

    var byteCount: Int {
        if case .frame(_, let bytes) = self { bytes.count } else { 0 }
    }

    var words: String {
        switch self {
        case .request(let id, let request):
            "request \(id) \(String(describing: request).prefix(160))"
        case .open(let socket): "upgrade \(socket)"
        case .frame(let socket, let bytes):
            "\(socket) says \(String(decoding: bytes.prefix(160), as: UTF8.self))"
        case .closed(let socket): "\(socket) is closed"
        }
    }
}

/// What happens outside of the nodes.
enum WorldEvent {
    /// A person wants to do something.
    case act(Int)
    /// The answer to a try of an operation; nil when the connection broke or nothing came in time.
    case answer(UInt64, ClientResponse?)
    /// A try of an operation has taken too long.
    case timeout(UInt64)
    /// An operation is tried again.
    case retry(UInt64)
    /// A socket is open, as its client sees it.
    case opened(SocketID)
    /// The socket is closed, as its client sees it.
    case closed(SocketID, code: UInt16)
    /// Bytes for the client of a socket.
    case frame(SocketID, [UInt8])
    /// A timer of a person's client, unless it was set anew or cancelled.
    case clientTimer(Int, ClientTimer, number: UInt64)
    /// A slow reader reads again.
    case reads(SocketID)
    /// A tab that was only open for a moment closes.
    case tabCloses(Int)
    /// The next fault of a kind.
    case fault(FaultKind)
    /// A fault ends.
    case faultEnds(FaultEnd)
    /// The process of a machine has ended by itself.
    case processEnded(Int, ProcessEnd)
    /// A change of the cluster that an operator makes goes on.
    case operation(UInt64)

    var byteCount: Int {
        if case .frame(_, let bytes) = self { bytes.count } else { 0 }
    }

    var words: String {
        switch self {
        case .frame(let socket, let bytes):
            "\(socket) hears \(String(decoding: bytes.prefix(200), as: UTF8.self))"
        default: String(String(describing: self).prefix(240))
        }
    }
}
