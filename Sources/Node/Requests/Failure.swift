package import Determinism

/// Why something was not done, in the stable words of the client protocol.
package enum FailureCode: String, Hashable, Sendable, CaseIterable {
    // What was asked cannot be read or is over a limit.
    case badRequest
    case badJSON
    case badText
    case badReply
    case badForward
    case badTarget
    case badPhone
    case badName
    case badUsername
    case badPassword
    case badSearch
    case badDate
    case badEmoji
    case tooLarge
    case tooManyStars
    case tooManyReactions
    case tooManyPins
    case tooManyPinnedChats
    case tooManyLinks
    case badTerms
    case methodNotAllowed
    case idempotencyKeyMissing
    // Who asks may not.
    case unauthorised
    case csrf
    case badOrigin
    case forbidden
    case noRight
    case banned
    case badLink
    case notMember
    case notSender
    case directChat
    case tooOld
    // The state of things forbids it.
    case nameTaken
    case notFound
    case conflict
    case messageDeleted
    case cmidExpired
    case cmidInFuture
    case codeWrong
    case codeExpired
    case codeUsed
    case codeTooManyTries
    case passwordWrong
    case phoneTaken
    // Later, or with the same id again.
    case tooMany
    case unknown
    case unavailable
    case overloaded
    case diskFull
    case `internal`

    /// Whether the same request, with the same id, may succeed later.
    package var isRetryable: Bool {
        switch self {
        case .tooMany, .unknown, .unavailable, .overloaded, .diskFull, .internal: true
        default: false
        }
    }

    /// What people read in logs and developers in a response; clients show their own words by code.
    package var message: String {
        switch self {
        case .badRequest: "the request cannot be understood"
        case .badJSON: "the body is not the JSON that is expected here"
        case .badText: "the text is empty, too long or not UTF-8"
        case .badReply: "what the message answers is not an earlier message of the chat"
        case .badForward: "what was to be forwarded is not a message that this account may read"
        case .badTarget: "what is to be changed is not a message of the chat"
        case .badPhone: "the phone number is not E.164, such as +4915112345678"
        case .badName: "the name is empty, too long or has characters that are not allowed"
        case .badUsername: "a username has 5 to 32 of a-z, 0-9 and _, and begins with a letter"
        case .badPassword:
            "a password has 8 to 128 characters, is not the username and not one that all know"
        case .badSearch:
            "the search has no words, too many, or an operator with a value that it does not know"
        case .badDate: "a date of before: or after: is a year, a month or a day, such as 2026-05-12"
        case .badEmoji: "what is said of the message is not one emoji"
        case .tooLarge: "that is over the limit"
        case .tooManyStars: "the account has as many stars as it may"
        case .tooManyReactions: "the message has as many reactions as it may"
        case .tooManyPins: "the chat has as many pinned messages as it may"
        case .tooManyLinks: "the chat has as many invite links as it may"
        case .badTerms: "the link would have expired already, or lets nobody in"
        case .tooManyPinnedChats: "the account has as many pinned chats as it may"
        case .methodNotAllowed: "this address does not answer that method"
        case .idempotencyKeyMissing:
            "the header Idempotency-Key with a UUID of version 7 is missing"
        case .unauthorised: "sign in first"
        case .csrf: "the CSRF token is missing or wrong"
        case .badOrigin: "this origin may not use the cluster"
        case .forbidden: "this account may not do that"
        case .noRight: "the account's role in the chat does not let it do that"
        case .banned: "the account is kept out of the chat"
        case .badLink: "this link is no longer valid"
        case .notMember: "only members of the chat may do that"
        case .notSender: "only the one who sent the message may do that"
        case .directChat: "a direct chat has its two members, no name and no owner"
        case .tooOld: "the message was sent too long ago"
        case .nameTaken: "that name is taken"
        case .notFound: "there is no such thing, or it is not yours to see"
        case .conflict: "it has been changed or done meanwhile"
        case .messageDeleted: "the message was deleted"
        case .cmidExpired: "the id of the request is too old to be tried again"
        case .cmidInFuture: "the id of the request is from the future: check the clock"
        case .codeWrong: "the code is wrong"
        case .codeExpired: "the code has expired: ask for another"
        case .codeUsed: "the code has been used: ask for another"
        case .codeTooManyTries: "too many tries: ask for another code"
        case .passwordWrong: "the username or the password is wrong"
        case .phoneTaken: "that phone number belongs to another account"
        case .tooMany: "too many requests: wait"
        case .unknown: "the outcome is not known: try again with the same id"
        case .unavailable: "not enough nodes can be reached right now"
        case .overloaded: "the node is busy: wait"
        case .diskFull: "the node has no disk space left"
        case .internal: "something went wrong inside the node"
        }
    }
}

/// An answer that says why there is none.
package struct Failure: Error, Hashable, Sendable {
    package let code: FailureCode
    /// Whether the same request, with the same id, may succeed later.
    package let isRetryable: Bool
    /// How long to wait before that.
    package let retryAfter: Interval?

    package init(_ code: FailureCode, retryAfter: Interval? = nil) {
        self.code = code
        isRetryable = code.isRetryable
        self.retryAfter = retryAfter
    }
}
