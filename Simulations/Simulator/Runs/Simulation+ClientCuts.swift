internal import Determinism
internal import Node

/// Clients and nodes that are cut off from each other, while nodes reach each other.
///
/// Nobody is told of such a cut: what is sent over a socket waits until the cut heals or somebody's
/// patience ends; requests and their answers are lost, and the patience of whoever asked ends.
extension Simulation {
    /// Whether nothing gets over the socket now.
    func isCutOff(_ socket: ClientSocket) -> Bool {
        switch socket.holder {
        case .person(let person): cluster.network.isCutOff(person: person, from: socket.node)
        case .vandal: cluster.network.isCutOff(person: nil, from: socket.node)
        }
    }

    /// Whether nothing gets from whoever wants the operation to the node of this try.
    func isCutOff(_ operation: ClientOperation) -> Bool {
        cluster.network.isCutOff(person: operation.person, from: operation.node)
    }

    /// Sends something of a client to the node of its socket, in order.
    func send(_ arrival: ClientArrival, over id: SocketID) {
        guard let socket = sockets[id] else { return }
        if isCutOff(socket) {
            sockets[id]?.heldForNode.append(arrival)
            heldSockets.append(id)
            return
        }
        let at = max(socket.toNodeAt, cluster.now + latency())
        sockets[id]?.toNodeAt = at
        cluster.queue.schedule(.arrival(socket.node, arrival), at: at)
    }

    /// Tells the client of a socket that it has opened or closed, after all that was sent before.
    func tell(_ event: WorldEvent, over id: SocketID) {
        guard let socket = sockets[id] else { return }
        if isCutOff(socket) {
            sockets[id]?.heldForClient.append(event)
            heldSockets.append(id)
            return
        }
        let at = max(socket.toClientAt, cluster.now + latency())
        sockets[id]?.toClientAt = at
        cluster.queue.schedule(.world(event), at: at)
    }

    /// Cuts have healed: what waited on sockets that are whole again goes on.
    func clientsHealed() {
        let held = heldSockets
        heldSockets = []
        for id in held {
            guard let socket = sockets[id] else { continue }
            guard !isCutOff(socket) else {
                heldSockets.append(id)
                continue
            }
            sockets[id]?.heldForNode = []
            sockets[id]?.heldForClient = []
            for arrival in socket.heldForNode { send(arrival, over: id) }
            // It opened before any frame came, and closed after the last.
            for event in socket.heldForClient where event.isOpening { tell(event, over: id) }
            if !socket.isStalled { deliverWaiting(on: id) }
            for event in socket.heldForClient where !event.isOpening { tell(event, over: id) }
        }
    }
}

extension WorldEvent {
    /// Whether it says that a socket has opened.
    fileprivate var isOpening: Bool {
        if case .opened = self { true } else { false }
    }
}
