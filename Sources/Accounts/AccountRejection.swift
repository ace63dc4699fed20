package import Determinism

/// Why a command of an account or a claim was refused: a value, not an error.
package enum AccountRejection: Hashable, Sendable {
    /// The command does not fit what it is sent to, or a field of it is over its limit.
    case badRequest
    /// The name is empty, too long or has control characters.
    case badName
    /// The username is not 5 to 32 of a-z, 0-9 and _, beginning with a letter.
    case badUsername
    /// Somebody else has the name.
    case nameTaken
    /// The session is not open, or the ticket is used, expired or not its own.
    case unauthorised
    /// There is no such account or session.
    case notFound
    /// There are as many as there may be, and waiting will not help.
    case tooLarge
    /// The account has as many stars as it may.
    case tooManyStars
    /// The account has as many pinned chats as it may.
    case tooManyPinnedChats
    /// The password is another one, or was changed meanwhile; or what stands for it is too old.
    case passwordWrong
    /// The account has another value there already.
    case conflict
    /// A limit is reached; try again after the interval, if it is known.
    case tooMany(retryAfter: Interval?)
    /// The code is wrong.
    case codeWrong
    /// There is no code, or its time is over.
    case codeExpired
    /// The code was used before.
    case codeUsed
    /// The code was tried wrongly too often; ask for another.
    case codeTooManyTries
    /// The command's id is older than results are kept for; it was not and will not be done.
    case cmidExpired
    /// The command's id is from a time that is still to come.
    case cmidInFuture

    /// The stable code of the client protocol.
    package var code: String {
        switch self {
        case .badRequest: "badRequest"
        case .badName: "badName"
        case .badUsername: "badUsername"
        case .nameTaken: "nameTaken"
        case .unauthorised: "unauthorised"
        case .notFound: "notFound"
        case .tooLarge: "tooLarge"
        case .tooManyStars: "tooManyStars"
        case .tooManyPinnedChats: "tooManyPinnedChats"
        case .passwordWrong: "passwordWrong"
        case .conflict: "conflict"
        case .tooMany: "tooMany"
        case .codeWrong: "codeWrong"
        case .codeExpired: "codeExpired"
        case .codeUsed: "codeUsed"
        case .codeTooManyTries: "codeTooManyTries"
        case .cmidExpired: "cmidExpired"
        case .cmidInFuture: "cmidInFuture"
        }
    }

    /// The refusal of a stable code; nil for a code that is none of this room's.
    package init?(code: String, retryAfter: Interval?) {
        let known: [AccountRejection] = [
            .badRequest, .badName, .badUsername, .nameTaken, .unauthorised, .notFound,
            .tooLarge, .tooManyStars, .tooMany(retryAfter: retryAfter), .codeWrong, .codeExpired,
            .codeUsed,
            .codeTooManyTries, .cmidExpired, .cmidInFuture, .tooManyPinnedChats, .passwordWrong,
            .conflict,
        ]
        guard let found = known.first(where: { $0.code == code }) else { return nil }
        self = found
    }

    /// When it is worth trying again, if that is known.
    package var retryAfter: Interval? {
        if case .tooMany(let interval) = self { interval } else { nil }
    }
}
