internal import Gateway
internal import NIOCore
internal import Node
internal import Synchronization

/// The way from the client listener to the node's loop.
final class NodeBackend: GatewayBackend {
    private let runner: NIOLoopBound<NodeRunner>
    private let eventLoop: any EventLoop
    private let state: Mutex<GatewayFacts>

    init(runner: NodeRunner, eventLoop: any EventLoop, facts: GatewayFacts) {
        self.runner = NIOLoopBound(runner, eventLoop: eventLoop)
        self.eventLoop = eventLoop
        state = Mutex(facts)
    }

    func perform(_ request: ClientRequest) async -> ClientResponse {
        await withCheckedContinuation { continuation in
            eventLoop.execute { [runner] in
                runner.value.perform(request) { continuation.resume(returning: $0) }
            }
        }
    }

    func attach(_ link: HubLink) {
        eventLoop.execute { [runner] in runner.value.attach(link) }
    }

    func receive(_ calls: [HubCall], from link: HubLink) {
        eventLoop.execute { [runner] in runner.value.receive(calls, from: link) }
    }

    func detach(_ link: HubLink) async {
        await withCheckedContinuation { continuation in
            eventLoop.execute { [runner] in
                runner.value.detach(link)
                continuation.resume()
            }
        }
    }

    var facts: GatewayFacts { state.withLock { $0 } }

    /// Changes what the listener knows of the node; from any thread.
    func update(_ change: (inout GatewayFacts) -> Void) {
        state.withLock { change(&$0) }
    }

    func metrics() async -> String {
        let runner = runner
        let text = try? await eventLoop.submit { runner.value.metricsText }.get()
        return text ?? ""
    }
}
