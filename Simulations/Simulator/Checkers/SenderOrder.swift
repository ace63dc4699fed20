package import Identity

/// The messages of one client are in a chat in the order in which they were written.
///
/// That ends with the client: what it still had to send when its session ended is given up, and may
/// yet arrive, behind what the next client of the same person wrote.
package struct SenderOrder {
    private struct Sender: Hashable {
        let client: Int
        /// How many clients this person had before.
        let ended: Int
        let chat: ChatID
    }

    private struct Place {
        let sender: Sender
        /// How many messages of this sender were written before.
        let rank: Int
    }

    /// What did not hold.
    package private(set) var violations: [Violation] = []
    private var ended: [Int: Int] = [:]
    private var places: [MessageID: Place] = [:]
    private var counts: [Sender: Int] = [:]
    /// The acknowledgement of the highest rank.
    private var newest: [Sender: (rank: Int, seq: SequenceNumber)] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// The client writes the message, after all that it has written into the chat.
    package mutating func writes(_ cmid: MessageID, in chat: ChatID, by client: Int) {
        let sender = Sender(client: client, ended: ended[client, default: 0], chat: chat)
        let rank = counts[sender, default: 0]
        counts[sender] = rank + 1
        places[cmid] = Place(sender: sender, rank: rank)
    }

    /// The client has ended, and another goes on in its place.
    package mutating func ends(_ client: Int) {
        ended[client, default: 0] += 1
    }

    /// The message was acknowledged at `seq`.
    package mutating func acked(_ cmid: MessageID, at seq: SequenceNumber) {
        guard let place = places[cmid] else { return }
        let sender = place.sender
        guard let earlier = newest[sender] else {
            newest[sender] = (place.rank, seq)
            return
        }
        if place.rank > earlier.rank, seq <= earlier.seq {
            report("client \(sender.client) was acknowledged \(seq) after \(earlier.seq)", sender)
        }
        if place.rank >= earlier.rank { newest[sender] = (place.rank, seq) }
    }

    /// A replica holds exactly these messages of `chat`, in this order; linear.
    package mutating func holds(_ messages: [MessageID], of chat: ChatID, on replica: String) {
        var last: [Sender: Int] = [:]
        for cmid in messages {
            guard let place = places[cmid], place.sender.chat == chat else { continue }
            if let before = last[place.sender], before >= place.rank {
                report(
                    "\(replica) has the message \(place.rank) of client \(place.sender.client) "
                        + "after its \(before)", place.sender)
            }
            last[place.sender] = place.rank
        }
    }

    private mutating func report(_ words: String, _ sender: Sender) {
        violations.append(
            Violation(property: "sender order", words: "\(words) in \(sender.chat)"))
    }
}
