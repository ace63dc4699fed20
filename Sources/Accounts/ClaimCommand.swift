package import Determinism
package import Identity
internal import Storage

/// A value that one owner at most may have; its ``bytes`` say the shard.
package enum ClaimKey: Hashable, Sendable {
    /// A phone number; owned by an account. Its sign-in code lives beside it.
    case phone(PhoneNumber)
    /// A username or the short name of a public chat: one space. ASCII letters count as lowercase.
    case name(String)

    /// `phone:+4915…` or `name:alice`.
    package var text: String {
        switch self {
        case .phone: "phone:\(value)"
        case .name: "name:\(value)"
        }
    }

    /// The number or the folded name.
    package var value: String {
        switch self {
        case .phone(let phone): phone.text
        case .name(let name): ClaimKey.folded(name)
        }
    }

    /// The text as UTF-8.
    package var bytes: [UInt8] { Array(text.utf8) }

    /// Reads ``text``; nil for anything else.
    package init?(text: String) {
        if text.hasPrefix("phone:") {
            guard let phone = PhoneNumber(canonical: String(text.dropFirst(6))) else { return nil }
            self = .phone(phone)
        } else if text.hasPrefix("name:") {
            let name = String(text.dropFirst(5))
            guard !name.isEmpty, name.utf8.count <= AccountLimits.claimBytesMax else { return nil }
            self = .name(name)
        } else {
            return nil
        }
    }

    package static func == (lhs: ClaimKey, rhs: ClaimKey) -> Bool {
        lhs.bytes == rhs.bytes
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    private static func folded(_ name: String) -> String {
        String(
            decoding: name.utf8.map { byte in
                byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte + 32 : byte
            }, as: UTF8.self)
    }
}

/// Who owns a claimed value.
package enum ClaimOwner: Hashable, Sendable {
    /// A person.
    case account(AccountID)
    /// A public chat.
    case chat(ChatID)
}

/// A change at a claimed value; what the log of the value's shard replicates.
package struct ClaimCommand: Hashable, Sendable {
    /// What is to change.
    package enum Body: Hashable, Sendable {
        /// Replaces the phone's sign-in code. The hash is made outside, 64 bytes at most.
        case requestCode(codeHash: [UInt8])
        /// Compares a code; answers the account that owns the phone, which is `proposed` if it had
        /// no owner.
        case verifyCode(codeHash: [UInt8], proposed: AccountID)
        /// Takes the name for the owner if it is free or already the owner's. `then` are encoded
        /// commands that are carried on when it is taken: at most 4 of 32 KiB together.
        case claimName(owner: ClaimOwner, then: [[UInt8]])
        /// The owner no longer needs the name for what it claimed under `claim`; the name is free
        /// when that was the last. Keeps no result under its `cmid`.
        case releaseName(owner: ClaimOwner, claim: MessageID)
        /// Somebody who may invite to the chat invites the phone: whoever signs up with it within
        /// 30 days becomes a member, if that may be then. Answers the account that has the phone
        /// already, or nil; then a message may be sent to it.
        case invite(to: ChatID, by: AccountID)
    }

    /// The value.
    package let key: ClaimKey
    /// The client's id of this command: a retry carries the same one and gets the first result.
    package let cmid: MessageID
    /// The proposer's clock, cut to ``Determinism/WallTime/proposedMax``.
    package let time: WallTime
    /// What is asked.
    package let body: Body

    /// A time beyond `WallTime.proposedMax` is brought back to it.
    package init(key: ClaimKey, cmid: MessageID, time: WallTime, body: Body) {
        self.key = key
        self.cmid = cmid
        self.time = min(time, .proposedMax)
        self.body = body
    }
}
