import ClientTransport
import Identity
import Wire

/// What a connection is to be: whose, to which node, and of which chat it is a reader.
struct Seat: Sendable {
    let url: NodeURL
    let token: String
    /// Nil for a connection that follows nothing.
    let room: Room?
    /// Where it sends; it need not follow that chat.
    let target: ChatID?

    /// A chat that a connection follows.
    struct Room: Sendable {
        let chat: ChatID
        /// The chat's number in the checker, and the reader's there.
        let number: Int
        let reader: Int
        let epoch: UInt64
    }
}
