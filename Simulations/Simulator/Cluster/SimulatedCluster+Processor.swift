internal import Determinism

/// How processes get to run: at once, late, or not at all.
extension SimulatedCluster {
    /// Keeps an event for a process that stands still or is busy; each waits for its turn.
    func queueUp(_ event: Event, at node: SimulatedNode) {
        node.backlog.append(event)
        if !node.isPaused { scheduleTurn(of: node) }
    }

    /// Lets a process work on the oldest event that waits.
    func takeTurn(_ node: SimulatedNode) {
        node.hasTurn = false
        guard !node.isPaused, !node.backlog.isEmpty else { return }
        handle(node.backlog.removeFirst())
        node.busyUntil = now + node.eventCost
        scheduleTurn(of: node)
    }

    /// Lets a process that stood still go on: what arrived meanwhile is there at once.
    func resume(_ node: SimulatedNode) {
        if let begun = node.suspendedAt { node.clock.skip(from: begun, until: now) }
        node.suspendedAt = nil
        node.isPaused = false
        node.staysPaused = false
        guard node.eventCost == .zero else { return scheduleTurn(of: node) }
        let backlog = node.backlog
        node.backlog = []
        node.busyUntil = .start
        for event in backlog { handle(event) }
    }

    /// The processor is as fast as it should be again.
    func endSlowness(of node: SimulatedNode) {
        node.eventCost = .zero
        if !node.isPaused { resume(node) }
    }

    private func scheduleTurn(of node: SimulatedNode) {
        guard !node.hasTurn, !node.backlog.isEmpty else { return }
        node.hasTurn = true
        queue.schedule(.turn(node.name), at: max(now, node.busyUntil))
    }
}
