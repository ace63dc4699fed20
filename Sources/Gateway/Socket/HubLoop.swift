internal import NIOCore
internal import Node

/// The handle of a hub's loop for other threads: everything is handed over to the loop.
final class HubLoop: Sendable {
    let eventLoop: any EventLoop
    private let box: NIOLoopBoundBox<HubCore>

    init(eventLoop: any EventLoop, backend: any GatewayBackend, secrets: GatewaySecrets) {
        self.eventLoop = eventLoop
        box = NIOLoopBoundBox.makeBoxSendingValue(
            HubCore(eventLoop: eventLoop, backend: backend, secrets: secrets), as: HubCore.self,
            eventLoop: eventLoop)
    }

    /// The hub; traps when it is asked for on another thread.
    var core: HubCore { box.value }

    /// Hands over what the node delivers.
    func deliver(_ deliveries: [HubDelivery]) {
        if eventLoop.inEventLoop {
            core.submit(deliveries)
        } else {
            eventLoop.execute { self.core.submit(deliveries) }
        }
    }

    /// Hands over what the cluster says about a socket.
    func settle(_ id: SocketID, _ result: Result<SessionGrant, Failure>) {
        eventLoop.execute { self.core.settle(id, result) }
    }
}

/// One hub for each event loop of the listener.
struct HubLoops: Sendable {
    private let loops: [HubLoop]
    private let backend: any GatewayBackend

    init(group: any EventLoopGroup, backend: any GatewayBackend, secrets: GatewaySecrets) {
        self.backend = backend
        loops = group.makeIterator().map {
            HubLoop(eventLoop: $0, backend: backend, secrets: secrets)
        }
        precondition(!loops.isEmpty, "a group has loops")
    }

    /// The hub of `eventLoop`, which is one of the group.
    func loop(of eventLoop: any EventLoop) -> HubLoop {
        for loop in loops where loop.eventLoop === eventLoop { return loop }
        preconditionFailure("a connection is on a loop of the listener")
    }

    /// Makes the hubs known to their node.
    func start() async throws {
        for (number, loop) in loops.enumerated() {
            try await loop.eventLoop.submit {
                loop.core.start(HubLink(number: number, loop: loop), loop)
            }.get()
        }
    }

    /// Ends the sockets and takes the hubs from their node.
    func stop() async throws {
        for loop in loops {
            let link = try await loop.eventLoop.submit { loop.core.stop() }.get()
            if let link { await backend.detach(link) }
        }
    }
}
