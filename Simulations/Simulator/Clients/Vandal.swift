internal import Determinism
internal import Identity
internal import Node
internal import Wire

/// Somebody who breaks the protocol on a socket of their own, in one way.
struct Vandal {
    /// How, and with that what the hub must do.
    enum Prank: CaseIterable {
        case garbage
        case notAnObject
        case noKind
        case pingFirst
        case badToken
        case silence
        case tooBig
        case secondHello
        case unknownKind
        case numberAsKind
        case badMessageID
        case unknownChat
        case longText
        case flood
    }

    /// What came of it.
    enum Outcome: Hashable {
        case closed(UInt16)
        case error(String)
    }

    let prank: Prank
    let socket: SocketID
    /// Whose bearer it uses.
    let person: Int
    let session: SimulatedSession
    let token: String
    var hasBegun = false
    var outcome: Outcome?
}

extension Vandal.Prank {
    /// Whether the hub must welcome the socket before.
    var comesAfterWelcome: Bool {
        switch self {
        case .garbage, .notAnObject, .noKind, .pingFirst, .badToken, .silence: false
        default: true
        }
    }

    /// What the hub must do.
    var expected: Vandal.Outcome {
        switch self {
        case .garbage, .notAnObject, .noKind, .secondHello, .numberAsKind:
            .closed(CloseCode.malformed.rawValue)
        case .pingFirst, .badToken, .silence: .closed(CloseCode.unauthenticated.rawValue)
        case .tooBig: .closed(CloseCode.tooBig.rawValue)
        case .flood: .closed(CloseCode.tooMany.rawValue)
        case .unknownKind, .badMessageID: .error(FailureCode.badRequest.rawValue)
        case .unknownChat: .error(FailureCode.notFound.rawValue)
        case .longText: .error(FailureCode.badText.rawValue)
        }
    }

    /// Frames over the rate that a hub stands, and more.
    private static let floodCount = 400

    /// The frames, in order.
    func frames(
        room: ChatID, cmid: MessageID, using generator: inout SeededGenerator
    ) -> [[UInt8]] {
        func text(_ words: String) -> [[UInt8]] { [Array(words.utf8)] }
        switch self {
        case .garbage: return [(0..<40).map { _ in UInt8(generator.number(below: 256)) }]
        case .notAnObject: return text("[]")
        case .noKind: return text("{\"n\":1}")
        case .pingFirst: return [ClientFrame.ping.jsonBytes]
        case .badToken: return [ClientFrame.hello(Hello(token: "nobody")).jsonBytes]
        case .silence: return []
        case .tooBig:
            return text(
                "{\"kind\":\"ping\",\"x\":\"" + String(repeating: "x", count: 65_536) + "\"}")
        case .secondHello: return [ClientFrame.hello(Hello()).jsonBytes]
        case .unknownKind: return text("{\"kind\":\"please\"}")
        case .numberAsKind: return text("{\"kind\":7}")
        case .badMessageID:
            return text(
                "{\"kind\":\"send\",\"cmid\":\"7\",\"chat\":\"\(room.text)\",\"text\":\"x\"}")
        case .unknownChat:
            return [ClientFrame.open(ChatID(using: &generator), .nothing).jsonBytes]
        case .longText:
            let text = cmid.text + String(repeating: "x", count: SessionLimits.textCharactersMax)
            return [ClientFrame.send(cmid, room, text: text).jsonBytes]
        case .flood:
            return Array(repeating: ClientFrame.ping.jsonBytes, count: Self.floodCount)
        }
    }
}
