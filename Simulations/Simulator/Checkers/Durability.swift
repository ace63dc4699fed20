package import Identity

/// What was acknowledged stays: every acknowledged message is in the log, at its number, for ever.
package struct Durability {
    private struct Ack {
        let chat: ChatID
        let cmid: MessageID
        let seq: SequenceNumber
    }

    private struct Place: Hashable {
        let chat: ChatID
        let seq: SequenceNumber
    }

    package private(set) var violations: [Violation] = []
    /// In the order in which they came.
    private var acks: [Ack] = []
    private var ackedAt: [Place: MessageID] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// How many messages were acknowledged.
    package var ackCount: Int { acks.count }

    /// The message was acknowledged at `seq`.
    package mutating func acked(_ cmid: MessageID, in chat: ChatID, at seq: SequenceNumber) {
        acks.append(Ack(chat: chat, cmid: cmid, seq: seq))
        ackedAt[Place(chat: chat, seq: seq)] = cmid
    }

    /// Somebody was shown what `chat` has at `seq`: a message, or nil for anything else.
    package mutating func saw(
        _ cmid: MessageID?, at seq: SequenceNumber, of chat: ChatID, by whom: String
    ) {
        guard let acked = ackedAt[Place(chat: chat, seq: seq)], acked != cmid else { return }
        report(
            "\(whom) saw something else at \(seq) of \(chat) than \(acked), which was "
                + "acknowledged there")
    }

    /// A replica holds exactly these messages of `chat`, by number, and at the `nameless` numbers
    /// what has lost its text; linear in the acknowledgements of all chats.
    package mutating func holds(
        _ messages: [SequenceNumber: MessageID], nameless: Set<SequenceNumber> = [],
        of chat: ChatID, on replica: String
    ) {
        for ack in acks
        where ack.chat == chat && messages[ack.seq] != ack.cmid && !nameless.contains(ack.seq) {
            report(
                "\(replica) has not the message \(ack.cmid) that was acknowledged at \(ack.seq) "
                    + "of \(chat)")
        }
    }

    private mutating func report(_ words: String) {
        violations.append(Violation(property: "durability", words: words))
    }
}
