internal import Accounts
internal import Chat
internal import Determinism
internal import Identity
internal import Registry
internal import Storage
internal import Wire

/// The public rooms that every cluster has. Their ids are fixed when the cluster is made, and
/// whoever leads the registry sees to it that they exist: done twice, by two leaders, or again
/// after a crash at any step, it leaves exactly these.
extension ClusterNode {
    /// Asks for each room that is not known to exist. Every node does, because it is not ready for
    /// clients before the rooms are there; the registry's leader makes those that are missing.
    mutating func checkRooms() throws(StorageError) {
        for room in registry.publicRooms where !roomsKnown.contains(room.chat) {
            guard !roomsAsked.contains(room.chat) else { continue }
            roomsAsked.append(room.chat)
            // A public room is seen by every account, so by any.
            let nobody = AccountID(high: 0, low: 0)
            try ask(
                .query(.summaries([room.chat], for: nobody)), key: ShardKey(room.chat),
                of: room.chat, isQuestion: true)
        }
    }

    mutating func finishRoom(
        _ chat: ChatID, isQuestion: Bool, _ response: ShardResponse
    ) throws(StorageError) {
        let isMaker = replica(of: .registry)?.isLeader == true
        guard isQuestion, case .summaries(let found) = response, isMaker || !found.isEmpty,
            let room = registry.publicRooms.first(where: { $0.chat == chat })
        else {
            // Asked or made: the next round looks again.
            roomsAsked.removeAll { $0 == chat }
            return
        }
        if !found.isEmpty {
            roomsKnown.append(chat)
            roomsAsked.removeAll { $0 == chat }
            return
        }
        // The name is claimed first; the claim carries the creation on, so a crash between them
        // heals.
        let cmid = roomCommandID(of: chat)
        let create = ShardCommand.chat(
            ChatCommand(
                chat: chat, cmid: cmid, actor: nil, time: wall,
                body: .create(kind: .public, name: room.name, fullName: room.fullName)))
        let claim = ClaimCommand(
            key: .name(room.name), cmid: cmid, time: wall,
            body: .claimName(owner: .chat(chat), then: [create.encoded()]))
        try ask(.command(.claim(claim)), key: ShardKey(claim.key), of: chat, isQuestion: false)
    }

    private mutating func ask(
        _ shardRequest: ShardRequest, key: ShardKey, of chat: ChatID, isQuestion: Bool
    ) throws(StorageError) {
        try request(
            key.shard(count: UInt32(registry.shardCount)), shardRequest.encoded(),
            origin: .room(chat, isQuestion: isQuestion))
    }

    /// A version 7 id of this moment whose random part is the room's id.
    private func roomCommandID(of chat: ChatID) -> MessageID {
        var generator = SeededGenerator(seed: chat.high ^ chat.low)
        return MessageID(milliseconds: wall.milliseconds, using: &generator)
    }
}
