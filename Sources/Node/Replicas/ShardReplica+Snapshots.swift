internal import Determinism
internal import Identity
internal import Raft
internal import Storage
internal import Wire

/// A snapshot of this leader's state on its way to a replica that is too far behind.
///
/// The state is read page by page from a view that the host holds; one piece is on its way at a
/// time.
struct OutgoingSnapshot {
    let stream: UInt64
    let to: ReplicaID
    let term: Term
    /// What the view holds: read from the view itself, which may be newer than the request for it.
    var record: SnapshotRecord?
    /// What every key of the state begins with in the view.
    var prefix: [UInt8] = []
    /// Where the next page begins.
    var cursor: [UInt8] = []
    /// How many bytes of the stream were confirmed.
    var offset: UInt64 = 0
    /// The piece that is not confirmed yet; nil while its page is read.
    var piece: SnapshotChunk?
    var lastSent: Instant
    var lastProgress: Instant
    /// No link to the receiver is up.
    var isCutOff = false
}

/// A snapshot that arrives, piece by piece, under the next generation of the state.
struct IncomingSnapshot {
    let stream: UInt64
    let from: ReplicaID
    let term: Term
    let record: SnapshotRecord
    let generation: UInt8
    var offset: UInt64 = 0
    var stateHash: UInt64 = 0
    var lastProgress: Instant
    /// All has arrived, and the batch that makes it the state is on its way to the disk.
    var isInstalling = false
}

extension ShardReplica {
    // MARK: Sending

    /// Opens a view of the state as it is now and begins to stream it.
    func startSnapshot(to replica: ReplicaID, step: inout NodeStep) {
        guard !outgoing.contains(where: { $0.to == replica }) else { return }
        guard step.snapshotsOut < settings.snapshotsOutMax, !Perturbation.busySender.fires else {
            Mark.snapshotsOutFull.hit()
            // Asked for again with the next answer to a heartbeat.
            raft.snapshotSent(to: replica, success: false)
            return
        }
        step.snapshotsOut += 1
        let stream = step.nextView
        step.nextView += 1
        step.viewsOpened.append(stream)
        outgoing.append(
            OutgoingSnapshot(
                stream: stream, to: replica, term: raft.term, lastSent: step.now,
                lastProgress: step.now))
        step.reads.append(
            NodeStep.PendingRead(
                purpose: .snapshot(shard, stream: stream), view: stream,
                range: KeyRange(.raft, prefix: Keyspace.applied(shard), countMax: 1)))
        step.events.append(.snapshotStarted(shard: shard, from: id, to: replica))
    }

    /// A page of the state was read for the stream: sends it.
    func sendPage(_ pairs: [KeyValue], of stream: UInt64, step: inout NodeStep) {
        guard let position = outgoing.firstIndex(where: { $0.stream == stream }) else { return }
        var snapshot = outgoing[position]
        guard let record = snapshot.record else {
            begin(snapshot, at: position, with: pairs.first, step: &step)
            return
        }
        let isLast = pairs.isEmpty
        let chunk = SnapshotChunk(
            shard: shard, from: id, to: snapshot.to, term: snapshot.term, id: stream,
            metadata: snapshot.offset == 0 ? record.bytes : [], offset: snapshot.offset,
            bytes: SnapshotPiece.encode(pairs, dropping: snapshot.prefix.count), isLast: isLast)
        if let last = pairs.last { snapshot.cursor = last.key + [0] }
        snapshot.piece = chunk
        snapshot.lastSent = step.now
        outgoing[position] = snapshot
        step.outbound.append(.snapshotChunk(chunk), to: snapshot.to.node)
    }

    /// The view says what it holds: begins with the first page.
    private func begin(
        _ snapshot: OutgoingSnapshot, at position: Int, with pair: KeyValue?, step: inout NodeStep
    ) {
        guard let pair, let applied = try? AppliedRecord(bytes: pair.value) else {
            endSnapshot(at: position, success: false, step: &step)
            return
        }
        outgoing[position].record = SnapshotRecord(
            position: applied.position, configuration: applied.configuration,
            stateHash: applied.stateHash)
        outgoing[position].prefix = Keyspace.statePrefix(shard, generation: applied.generation)
        outgoing[position].cursor = outgoing[position].prefix
        readPage(of: outgoing[position], step: &step)
    }

    /// The receiver of a stream says how far it is.
    func receive(_ ack: SnapshotAck, store: NodeStore, step: inout NodeStep) throws(StorageError) {
        guard let position = outgoing.firstIndex(where: { $0.stream == ack.id }),
            outgoing[position].to == ack.from, ack.to == id
        else { return }
        switch ack.status {
        case .receiving:
            guard let piece = outgoing[position].piece,
                ack.nextOffset == piece.offset + UInt64(piece.bytes.count), !piece.isLast
            else { return }
            outgoing[position].offset = ack.nextOffset
            outgoing[position].piece = nil
            outgoing[position].lastProgress = step.now
            readPage(of: outgoing[position], step: &step)
        case .busy:
            outgoing[position].lastProgress = step.now
        case .installed:
            endSnapshot(at: position, success: true, step: &step)
            try pump(store: store, step: &step)
        case .refused, .damaged:
            endSnapshot(at: position, success: false, step: &step)
            try pump(store: store, step: &step)
        }
    }

    /// Repeats what was not confirmed in time and gives up what makes no progress.
    func advanceSnapshots(at now: Instant, step: inout NodeStep) {
        if let incoming, !incoming.isInstalling,
            now - incoming.lastProgress > settings.snapshotPatience
        {
            Mark.incomingGivenUp.hit()
            dropIncoming(incoming, step: &step)
        }
        for position in outgoing.indices.reversed() {
            let snapshot = outgoing[position]
            // A link that broke may be there again soon. One that is not must not keep others
            // waiting, of which only so many are sent at once.
            let patience =
                snapshot.isCutOff ? settings.snapshotResendInterval : settings.snapshotPatience
            if !isLeader || snapshot.term != raft.term || now - snapshot.lastProgress > patience {
                Mark.snapshotGivenUp.hit()
                endSnapshot(at: position, success: false, step: &step)
            } else if let piece = snapshot.piece,
                now - snapshot.lastSent > settings.snapshotResendInterval
            {
                Mark.snapshotPieceRepeated.hit()
                outgoing[position].lastSent = now
                step.outbound.append(.snapshotChunk(piece), to: snapshot.to.node)
            }
        }
    }

    /// A link to `node` is up, or no longer.
    func noteLink(to node: NodeID, isUp: Bool) {
        for position in outgoing.indices where outgoing[position].to.node == node {
            outgoing[position].isCutOff = !isUp
        }
    }

    private func readPage(of snapshot: OutgoingSnapshot, step: inout NodeStep) {
        step.reads.append(
            NodeStep.PendingRead(
                purpose: .snapshot(shard, stream: snapshot.stream), view: snapshot.stream,
                range: KeyRange(
                    .data, from: snapshot.cursor, to: KeyRange.end(of: snapshot.prefix),
                    countMax: Perturbation.smallPiece.fires ? 1 : settings.snapshotPairsPerPiece,
                    bytesMax: settings.snapshotBytesPerPiece)))
    }

    private func endSnapshot(at position: Int, success: Bool, step: inout NodeStep) {
        let snapshot = outgoing.remove(at: position)
        step.viewsClosed.append(snapshot.stream)
        step.snapshotsOut -= 1
        if isLeader { raft.snapshotSent(to: snapshot.to, success: success) }
        step.events.append(
            .snapshotEnded(shard: shard, from: id, to: snapshot.to, success: success))
    }

    // MARK: Receiving

    /// Takes a piece of a snapshot of this shard's leader.
    func receive(
        _ chunk: SnapshotChunk, store: NodeStore, step: inout NodeStep,
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        guard chunk.to == id, chunk.from != id, chunk.term >= raft.term else {
            return acknowledge(chunk, .refused, at: 0, step: &step)
        }
        if chunk.offset == 0, incoming?.stream != chunk.id || incoming?.from != chunk.from {
            guard try begin(chunk, store: store, step: &step, using: &generator) else { return }
        }
        guard var snapshot = incoming, snapshot.stream == chunk.id, snapshot.from == chunk.from
        else { return acknowledge(chunk, .refused, at: 0, step: &step) }
        guard !snapshot.isInstalling else { return }
        guard chunk.offset == snapshot.offset else {
            Mark.snapshotPieceDoubled.hit()
            return acknowledge(chunk, .receiving, at: snapshot.offset, step: &step)
        }
        guard let pairs = SnapshotPiece.decode(chunk.bytes) else {
            dropIncoming(snapshot, step: &step)
            return acknowledge(chunk, .damaged, at: 0, step: &step)
        }
        let prefix = Keyspace.statePrefix(shard, generation: snapshot.generation)
        for pair in pairs {
            snapshot.stateHash &+= StateTransaction.hash(key: pair.key, value: pair.value)
            if Canary.lostDedupe.lives, pair.key.first == StateKind.commandResult.rawValue {
                continue
            }
            step.batch.put(pair.value, for: prefix + pair.key, in: .data)
        }
        snapshot.offset += UInt64(chunk.bytes.count)
        snapshot.lastProgress = step.now
        incoming = snapshot
        if chunk.isLast {
            try install(snapshot, answering: chunk, store: store, step: &step, using: &generator)
        } else {
            let ack = ack(of: chunk, .receiving, at: snapshot.offset)
            step.waits.append(
                NodeStep.Wait(
                    shard: shard, notice: .snapshotPiece(ack, to: chunk.from.node)))
        }
    }

    /// The batch that made a snapshot the state is durable.
    func installed(
        _ metadata: SnapshotMetadata, store: NodeStore, step: inout NodeStep
    ) throws(StorageError) {
        incoming = nil
        step.snapshotsIn -= 1
        raft.snapshotInstalled(metadata)
        step.events.append(
            .snapshotInstalled(
                shard: shard, replica: id, index: metadata.index, stateHash: applied.stateHash))
        try pump(store: store, step: &step)
    }

    private func begin(
        _ chunk: SnapshotChunk, store: NodeStore, step: inout NodeStep,
        using generator: inout some RandomNumberGenerator
    ) throws(StorageError) -> Bool {
        guard let record = try? SnapshotRecord(bytes: chunk.metadata),
            record.isPossible(in: chunk.term)
        else {
            acknowledge(chunk, .damaged, at: 0, step: &step)
            return false
        }
        if let incoming {
            guard !incoming.isInstalling, chunk.term >= incoming.term else {
                acknowledge(chunk, .busy, at: 0, step: &step)
                return false
            }
            Mark.snapshotForNewer.hit()
            dropIncoming(incoming, step: &step)
        }
        guard record.position.index > applied.position.index || isSuspect else {
            Mark.snapshotTooOld.hit()
            // The leader has to learn what is here: if its log does not reach back to what it knows
            // of, it would send the same snapshot for ever.
            _ = raft.receiveSnapshot(
                record.metadata, from: chunk.from, term: chunk.term, at: step.now,
                using: &generator)
            try pump(store: store, step: &step)
            acknowledge(chunk, .refused, at: 0, step: &step)
            return false
        }
        guard step.snapshotsIn < settings.snapshotsInMax, !Perturbation.busyReceiver.fires else {
            Mark.snapshotsInFull.hit()
            acknowledge(chunk, .busy, at: 0, step: &step)
            return false
        }
        step.snapshotsIn += 1
        let generation = applied.generation &+ 1
        incoming = IncomingSnapshot(
            stream: chunk.id, from: chunk.from, term: chunk.term, record: record,
            generation: generation, lastProgress: step.now)
        eraseState(generation: generation, step: &step)
        return true
    }

    private func install(
        _ snapshot: IncomingSnapshot, answering chunk: SnapshotChunk, store: NodeStore,
        step: inout NodeStep, using generator: inout some RandomNumberGenerator
    ) throws(StorageError) {
        guard snapshot.stateHash == snapshot.record.stateHash else {
            dropIncoming(snapshot, step: &step)
            return acknowledge(chunk, .damaged, at: 0, step: &step)
        }
        let metadata = snapshot.record.metadata
        let decision = raft.receiveSnapshot(
            metadata, from: snapshot.from, term: snapshot.term, at: step.now, using: &generator)
        // Taking the snapshot may have changed the term: that goes to the disk before it.
        try pump(store: store, step: &step)
        guard decision == .install else {
            dropIncoming(snapshot, step: &step)
            return acknowledge(chunk, .refused, at: 0, step: &step)
        }
        incoming?.isInstalling = true
        let earlier = applied.generation
        step.batch.deleteRange(
            from: Keyspace.logEntry(shard, index: 0), to: Keyspace.logEntry(shard, index: .max),
            in: .raft)
        applied = AppliedRecord(
            position: snapshot.record.position, configuration: snapshot.record.configuration,
            stateHash: snapshot.record.stateHash, generation: snapshot.generation)
        origin = snapshot.record.position
        watermark = origin
        tail = []
        logBytes = 0
        hardState.commit = max(hardState.commit, metadata.index)
        step.batch.put(applied.bytes, for: Keyspace.applied(shard), in: .raft)
        writeOrigin(step: &step)
        writeRecord(step: &step)
        eraseState(generation: earlier, step: &step)
        step.mustSync = true
        store.stage(&step)
        // Whoever leads now answers them.
        abandonReads(step: &step)
        // The state may have come with effects of which this replica has applied nothing.
        mayHaveEffects = true
        step.waits.append(
            NodeStep.Wait(
                shard: shard,
                notice: .snapshotInstalled(
                    metadata, ack(of: chunk, .installed, at: snapshot.offset),
                    to: chunk.from.node)))
    }

    private func dropIncoming(_ snapshot: IncomingSnapshot, step: inout NodeStep) {
        eraseState(generation: snapshot.generation, step: &step)
        incoming = nil
        step.snapshotsIn -= 1
    }

    private func eraseState(generation: UInt8, step: inout NodeStep) {
        let prefix = Keyspace.statePrefix(shard, generation: generation)
        step.batch.deleteRange(from: prefix, to: KeyRange.end(of: prefix), in: .data)
        step.batch.deleteRange(from: prefix, to: KeyRange.end(of: prefix), in: .search)
    }

    private func ack(
        of chunk: SnapshotChunk, _ status: SnapshotAck.Status, at offset: UInt64
    ) -> SnapshotAck {
        SnapshotAck(
            shard: shard, from: chunk.to, to: chunk.from, id: chunk.id, nextOffset: offset,
            status: status)
    }

    private func acknowledge(
        _ chunk: SnapshotChunk, _ status: SnapshotAck.Status, at offset: UInt64,
        step: inout NodeStep
    ) {
        step.outbound.append(
            .snapshotAck(ack(of: chunk, status, at: offset)), to: chunk.from.node)
    }
}
