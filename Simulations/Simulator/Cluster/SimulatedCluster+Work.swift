internal import Determinism
internal import Identity
internal import Node

/// What nodes and their hubs want done.
extension SimulatedCluster {
    func carryOut(of node: SimulatedNode) {
        while let ready = node.node?.takeReady() {
            trace.note(ready, of: node.name, at: now)
            for datagram in ready.datagrams { send(datagram, from: node) }
            for batch in ready.messages { send(batch, from: node) }
            for peer in ready.peers {
                node.peers[peer.node] = peer
                connect(node, to: peer.node, after: .zero)
            }
            for peer in ready.peersRemoved { node.peers[peer] = nil }
            hand(ready, toDiskOf: node)
            for delivery in ready.deliveries { tell(.delivery(delivery.delivery), toHubOf: node) }
            if let urls = ready.clientURLs { tell(.delivery(.nodes(urls)), toHubOf: node) }
            for response in ready.responses { onResponse(response.id, response.response) }
            for response in ready.operatorResponses {
                onOperatorResponse(response.id, response.response)
            }
            for event in ready.events {
                trace.note(event, of: node.name, at: now)
                onEvent(node, event)
            }
            if let exit = ready.exit {
                onExit(node, exit)
                crash(node)
                return
            }
        }
        scheduleTimer(of: node)
    }

    private func scheduleTimer(of node: SimulatedNode) {
        guard let deadline = node.node?.nextDeadline else { return }
        let at = max(now, node.worldTime(of: deadline))
        if let scheduled = node.timerAt, scheduled <= at { return }
        node.timerAt = at
        queue.schedule(.timer(node.name, run: node.run), at: at)
    }

    // MARK: Disk

    private func hand(_ ready: NodeReady, toDiskOf node: SimulatedNode) {
        guard
            ready.write != nil || !ready.viewsOpened.isEmpty || !ready.reads.isEmpty
                || !ready.viewsClosed.isEmpty
        else { return }
        if let write = ready.write { node.disk.beginWrite(write.batch) }
        var latency = Interval.microseconds(10)
        if let write = ready.write, write.mustSync {
            latency = settings.disk.syncMin.jittered(
                by: settings.disk.syncWidth, using: &diskGenerator)
            if now < node.slowDiskUntil {
                latency = latency.jittered(by: node.slowDiskDelay, using: &diskGenerator)
            }
        }
        let at = max(node.disk.busyUntil, now) + latency
        node.disk.busyUntil = at
        queue.schedule(.written(node.name, run: node.run, ready), at: at)
    }

    func written(_ ready: NodeReady, on node: SimulatedNode) {
        if let write = ready.write {
            node.disk.finishWrite(synced: write.mustSync && !settings.disk.forgetsSyncs)
        }
        for view in ready.viewsOpened { node.disk.openView(view) }
        for read in ready.reads {
            let pairs = node.disk.read(read.range, view: read.view)
            let latency = Interval.microseconds(50).jittered(
                by: .microseconds(200), using: &diskGenerator)
            queue.schedule(
                .read(node.name, run: node.run, token: read.token, pairs), at: now + latency)
        }
        for view in ready.viewsClosed { node.disk.closeView(view) }
        if let write = ready.write { feed(.written(through: write.token), to: node) }
    }

    // MARK: Hubs

    /// Brings something to a node's hub, which lives on another thread: a moment later, in order.
    func tell(_ input: HubInput, toHubOf node: SimulatedNode) {
        queue.schedule(.hub(node.name, run: node.run, input), at: now + Self.hop)
    }

    func advanceHub(of node: SimulatedNode) {
        node.hubTimerAt = nil
        let effects =
            node.hub?.advance(
                to: node.instant(at: now), wall: wall(of: node), using: &node.generator) ?? []
        carryOut(effects, ofHubOf: node)
    }

    func carryOut(_ effects: [HubEffect], ofHubOf node: SimulatedNode) {
        for effect in effects {
            switch effect {
            case .send, .close: onHubEffect(node, effect)
            case .request, .follow, .unfollow:
                queue.schedule(.fromHub(node.name, run: node.run, effect), at: now + Self.hop)
            }
        }
        guard let deadline = node.hub?.nextDeadline else { return }
        let at = max(now, node.worldTime(of: deadline))
        if let scheduled = node.hubTimerAt, scheduled <= at { return }
        node.hubTimerAt = at
        queue.schedule(.hubTimer(node.name, run: node.run), at: at)
    }

    func carryOut(_ effect: HubEffect, toNodeOf node: SimulatedNode) {
        switch effect {
        case .request(let token, let request):
            feed(.client(.hub(SimulatedCluster.hub, token), request), to: node)
        case .follow(let log): feed(.follow(SimulatedCluster.hub, log), to: node)
        case .unfollow(let log): feed(.unfollow(SimulatedCluster.hub, log), to: node)
        case .send, .close: break
        }
    }

    /// Every simulated node has one hub.
    static let hub = HubID(0)
}
