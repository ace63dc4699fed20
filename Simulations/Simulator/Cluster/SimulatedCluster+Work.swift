internal import Determinism
internal import Identity
internal import Node
internal import Storage
internal import Wire

/// What nodes and their hubs want done.
extension SimulatedCluster {
    func carryOut(of node: SimulatedNode) {
        while let ready = node.node?.takeReady() {
            trace.note(ready, of: node.name, at: now)
            guard speak(ready, from: node), !isInterrupted(node) else { return }
            hand(ready, toDiskOf: node)
            guard !isInterrupted(node) else { return }
            for delivery in ready.deliveries { tell(.delivery(delivery.delivery), toHubOf: node) }
            if let urls = ready.clientURLs { tell(.delivery(.nodes(urls)), toHubOf: node) }
            for response in ready.responses { onResponse(response.id, response.response) }
            for response in ready.operatorResponses {
                onOperatorResponse(response.id, response.response)
            }
            for event in ready.events {
                trace.note(event, of: node.name, at: now)
                onEvent(node, event)
                onTold?(node, event)
            }
            if let exit = ready.exit {
                end(node, because: .exit(exit))
                return
            }
        }
        scheduleTimer(of: node)
    }

    /// Sends what may leave at once; false when the process died over it.
    private func speak(_ ready: NodeReady, from node: SimulatedNode) -> Bool {
        for datagram in ready.datagrams {
            if isInterrupted(node) { return false }
            send(datagram, from: node)
        }
        for batch in ready.messages {
            if isInterrupted(node) { return false }
            send(damaged(batch, of: node), from: node)
        }
        for peer in ready.peers {
            node.peers[peer.node] = peer
            connect(node, to: peer.node, after: .zero)
        }
        for peer in ready.peersRemoved { node.peers[peer] = nil }
        return true
    }

    /// Kills the process if its time has come: in the middle of what it was about to do.
    private func isInterrupted(_ node: SimulatedNode) -> Bool {
        guard let left = node.effectsLeft else { return false }
        guard left == 0 else {
            node.effectsLeft = left - 1
            return false
        }
        end(node, because: .interrupted)
        return true
    }

    /// What a node sends, with pieces of snapshots as a bad disk or memory leaves them.
    private func damaged(_ batch: NodeMessages, of node: SimulatedNode) -> NodeMessages {
        guard node.damagedPieces > 0 else { return batch }
        var batch = batch
        batch.messages = batch.messages.map { message in
            guard case .snapshotChunk(let piece) = message, node.damagedPieces > 0,
                !piece.bytes.isEmpty
            else { return message }
            node.damagedPieces -= 1
            damagedPieceCount += 1
            return .snapshotChunk(piece.damaged(using: &diskGenerator))
        }
        return batch
    }

    private func scheduleTimer(of node: SimulatedNode) {
        guard let deadline = node.nextDeadline else { return }
        let at = max(now, node.worldTime(of: deadline))
        if let scheduled = node.timerAt, scheduled <= at { return }
        node.timerAt = at
        queue.schedule(.timer(node.name, run: node.run), at: at)
    }

    // MARK: Disk

    private func hand(_ ready: NodeReady, toDiskOf node: SimulatedNode) {
        guard
            ready.write != nil || !ready.viewsOpened.isEmpty || !ready.reads.isEmpty
                || !ready.questions.isEmpty || !ready.viewsClosed.isEmpty
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
        let at = node.disk.end(
            ofWriteAt: now, taking: latency, isSynced: ready.write?.mustSync == true)
        queue.schedule(.written(node.name, run: node.run, ready), at: at)
    }

    func written(_ ready: NodeReady, on node: SimulatedNode) {
        do throws(SimulatedDisk.WriteFailure) {
            if let write = ready.write {
                try node.disk.finishWrite(synced: write.mustSync && !settings.disk.forgetsSyncs)
            }
        } catch {
            return end(node, because: .disk(error))
        }
        for view in ready.viewsOpened { node.disk.openView(view) }
        for read in ready.reads {
            let pairs: [KeyValue]
            do throws(StorageError) {
                pairs = try node.disk.read(read.range, view: read.view)
            } catch {
                return end(node, because: .exit(.storage(error)))
            }
            var latency = Interval.microseconds(50).jittered(
                by: .microseconds(200), using: &diskGenerator)
            if now < node.slowReadsUntil {
                latency = latency.jittered(by: node.slowReadsDelay, using: &diskGenerator)
            }
            queue.schedule(
                .read(node.name, run: node.run, token: read.token, pairs), at: now + latency)
        }
        guard answer(ready.questions, of: node) else { return }
        for view in ready.viewsClosed { node.disk.closeView(view) }
        if let write = ready.write { feed(.written(through: write.token), to: node) }
    }

    /// Answers questions from what is on the disk now; false when the process died over it.
    private func answer(_ questions: [NodeQuestion], of node: SimulatedNode) -> Bool {
        for asked in questions {
            let finding: StoreFinding
            do throws(StorageError) {
                finding = try asked.question.answer(from: node.disk)
            } catch {
                end(node, because: .exit(.storage(error)))
                return false
            }
            var latency = Interval.microseconds(100).jittered(
                by: .milliseconds(2), using: &diskGenerator)
            if now < node.slowReadsUntil {
                latency = latency.jittered(by: node.slowReadsDelay, using: &diskGenerator)
            }
            queue.schedule(
                .found(node.name, run: node.run, token: asked.token, finding), at: now + latency)
        }
        return true
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
            case .request, .follow, .unfollow, .signal:
                queue.schedule(.fromHub(node.name, run: node.run, effect), at: now + Self.hop)
            }
        }
        guard let deadline = node.nextHubDeadline else { return }
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
        case .signal(let signal): feed(.signal(SimulatedCluster.hub, signal), to: node)
        case .send, .close: break
        }
    }

    /// Every simulated node has one hub.
    static let hub = HubID(0)
}

extension SnapshotChunk {
    /// The piece, cut short or with one bit flipped.
    fileprivate func damaged(using generator: inout SeededGenerator) -> SnapshotChunk {
        var bytes = bytes
        let place = generator.number(below: UInt64(bytes.count))
        if generator.chance(1, in: 2) {
            bytes.removeLast(bytes.count - place)
        } else {
            bytes[place] ^= 1 << UInt8(generator.number(below: 8))
        }
        return SnapshotChunk(
            shard: shard, from: from, to: to, term: term, id: self.id, metadata: metadata,
            offset: offset, bytes: bytes, isLast: isLast)
    }
}
