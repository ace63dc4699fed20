internal import Determinism
internal import Identity
package import Records
package import Storage

extension ChatSettings {
    /// The format that is written, and the only one that is read.
    private static let version: UInt32 = 1

    /// Reads the stored form; `corrupt` when it is none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard let record = Records_ChatSettingsRecord(recordBytes: bytes),
            record.version == ChatSettings.version
        else { throw .corrupt("the settings of a chat") }
        self.init(
            mutedUntil: try WallTime(stored: record.mutedUntil), pin: SequenceNumber(record.pin),
            archived: record.hasArchived ? Ordinal(record.archived) : nil,
            isUnread: record.isUnread)
    }

    /// The stored form.
    func encoded() -> [UInt8] {
        var record = Records_ChatSettingsRecord()
        record.version = ChatSettings.version
        record.mutedUntil = mutedUntil.milliseconds
        record.pin = pin.rawValue
        if let archived { record.archived = archived.rawValue }
        record.isUnread = isUnread
        return record.recordBytes()
    }
}

extension KeptSettings {
    /// Reads the form that entries and answers have; `corrupt` when it is none.
    package init(_ record: Records_ChatSettings) throws(StorageError) {
        self.init(
            chat: try ChatID(stored: record.chat),
            settings: ChatSettings(
                mutedUntil: try WallTime(stored: record.mutedUntil),
                pin: SequenceNumber(record.pin),
                archived: record.hasArchived ? Ordinal(record.archived) : nil,
                isUnread: record.isUnread))
    }

    /// The form that entries and answers have.
    package var record: Records_ChatSettings {
        var record = Records_ChatSettings()
        record.chat = recordField(chat.bytes)
        record.mutedUntil = settings.mutedUntil.milliseconds
        record.pin = settings.pin.rawValue
        if let archived = settings.archived { record.archived = archived.rawValue }
        record.isUnread = settings.isUnread
        return record
    }
}

extension ChatSettingsChange {
    /// Reads the form that a command has; `corrupt` when it is none.
    init(_ record: Records_SetChat) throws(StorageError) {
        let archive: Archive? =
            record.hasIsArchived
            ? record.isArchived ? .through(Ordinal(record.archived)) : .no : nil
        self.init(
            mutedUntil: record.hasMutedUntil ? try WallTime(stored: record.mutedUntil) : nil,
            isPinned: record.hasIsPinned ? record.isPinned : nil, archive: archive,
            isUnread: record.hasIsUnread ? record.isUnread : nil)
    }

    /// The form that a command about `chat` has.
    func record(of chat: ChatID) -> Records_SetChat {
        var record = Records_SetChat()
        record.chat = recordField(chat.bytes)
        if let mutedUntil { record.mutedUntil = mutedUntil.milliseconds }
        if let isPinned { record.isPinned = isPinned }
        switch archive {
        case .through(let n)?:
            record.isArchived = true
            record.archived = n.rawValue
        case .no?: record.isArchived = false
        case nil: break
        }
        if let isUnread { record.isUnread = isUnread }
        return record
    }
}
