internal import Identity
internal import Raft

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

// The parts of messages about followed logs and snapshots, as protobuf carries them.

extension WireLogList {
    init(_ shard: ShardID, _ logs: [LogID]) throws(WireError) {
        try checkLimit("logs", logs.count, max: PeerLimits.logsMax)
        self.init()
        self.shard = shard.rawValue
        self.logs = logs.map { WireLogIdentifier($0) }
    }

    func checkedLogs() throws(WireError) -> [LogID] {
        try checkLimit("logs", logs.count, max: PeerLimits.logsMax)
        return try logs.map(LogID.init(wire:))
    }
}

extension WireHead {
    init(_ head: LogHead) {
        self.init()
        log = WireLogIdentifier(head.log)
        epoch = head.epoch
        seq = head.seq.rawValue
        n = head.n.rawValue
        marksVersion = head.marksVersion
    }
}

extension LogHead {
    init(wire: WireHead) throws(WireError) {
        self.init(
            log: try LogID(wire: wire.log), epoch: wire.epoch, seq: SequenceNumber(wire.seq),
            n: Ordinal(wire.n), marksVersion: wire.marksVersion)
    }
}

extension WireEntry {
    init(_ entry: PublishedEntry) throws(WireError) {
        try checkLimit("entry", entry.bytes.count, max: PeerLimits.entryBytesMax)
        self.init()
        log = WireLogIdentifier(entry.log)
        epoch = entry.epoch
        seq = entry.seq.rawValue
        n = entry.n.rawValue
        payload = Data(entry.bytes)
    }
}

extension PublishedEntry {
    init(wire: WireEntry) throws(WireError) {
        try checkLimit("entry", wire.payload.count, max: PeerLimits.entryBytesMax)
        self.init(
            log: try LogID(wire: wire.log), epoch: wire.epoch, seq: SequenceNumber(wire.seq),
            n: Ordinal(wire.n), bytes: Array(wire.payload))
    }
}

extension WireMark {
    init(_ mark: ReadMark) {
        self.init()
        account = WireWideIdentifier(mark.account)
        n = mark.n.rawValue
    }
}

extension ReadMark {
    init(wire: WireMark) throws(WireError) {
        guard wire.hasAccount else { throw .missing("mark.account") }
        self.init(account: AccountID(wire: wire.account), n: Ordinal(wire.n))
    }
}

extension WireSnapshotChunk {
    init(_ chunk: SnapshotChunk) throws(WireError) {
        try Self.checkSizes(metadata: chunk.metadata.count, bytes: chunk.bytes.count)
        self.init()
        shard = chunk.shard.rawValue
        from = WireReplica(chunk.from)
        to = WireReplica(chunk.to)
        term = chunk.term.rawValue
        id = chunk.id
        metadata = Data(chunk.metadata)
        offset = chunk.offset
        payload = Data(chunk.bytes)
        isLast = chunk.isLast
    }

    static func checkSizes(metadata: Int, bytes: Int) throws(WireError) {
        try checkLimit(
            "snapshot.metadata", metadata, max: PeerLimits.snapshotMetadataBytesMax)
        try checkLimit("snapshot.bytes", bytes, max: PeerLimits.snapshotChunkBytesMax)
    }
}

extension SnapshotChunk {
    init(wire: WireSnapshotChunk) throws(WireError) {
        guard wire.hasFrom, wire.hasTo else { throw .missing("snapshot.from, snapshot.to") }
        try WireSnapshotChunk.checkSizes(metadata: wire.metadata.count, bytes: wire.payload.count)
        guard wire.offset <= UInt64.max - UInt64(wire.payload.count) else {
            throw .unknownValue("snapshot.offset", wire.offset)
        }
        self.init(
            shard: ShardID(wire.shard), from: ReplicaID(wire: wire.from),
            to: ReplicaID(wire: wire.to), term: Term(wire.term), id: wire.id,
            metadata: Array(wire.metadata), offset: wire.offset, bytes: Array(wire.payload),
            isLast: wire.isLast)
    }
}

extension WireSnapshotAck {
    init(_ ack: SnapshotAck) {
        self.init()
        shard = ack.shard.rawValue
        from = WireReplica(ack.from)
        to = WireReplica(ack.to)
        id = ack.id
        nextOffset = ack.nextOffset
        status = UInt32(ack.status.rawValue)
    }
}

extension SnapshotAck {
    init(wire: WireSnapshotAck) throws(WireError) {
        guard wire.hasFrom, wire.hasTo else { throw .missing("snapshot.from, snapshot.to") }
        guard let number = UInt8(exactly: wire.status), let status = Status(rawValue: number) else {
            throw .unknownValue("snapshot.status", UInt64(wire.status))
        }
        self.init(
            shard: ShardID(wire.shard), from: ReplicaID(wire: wire.from),
            to: ReplicaID(wire: wire.to), id: wire.id, nextOffset: wire.nextOffset, status: status)
    }
}
