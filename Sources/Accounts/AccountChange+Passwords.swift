internal import Determinism
internal import Identity
internal import Storage

// Passwords, and accounts that begin with one.
extension AccountChange {
    /// Makes the account. Its username has been claimed under this command's id before, and is let
    /// go when this is refused.
    mutating func signUp(_ new: NewAccount) throws(StorageError) -> AccountOutcome {
        // The id is a function of the claim, so nobody else can have made it.
        guard try accounts.account(command.account) == nil, AccountChange.isHash(new.hash),
            SecretHash.isValid(new.session.secretHash), new.session.proof == .password(1)
        else { return try refused(.badRequest) }
        guard VisibleText.isName(new.name, scalarsMax: AccountLimits.nameScalarsMax) else {
            return try refused(.badName)
        }
        guard Username.isValid(new.username) else { return try refused(.badUsername) }
        var stored = StoredAccount(created: command.time)
        stored.name = new.name
        stored.username = new.username
        stored.usernameClaim = command.cmid
        try put(new.hash, &stored)
        let made = append(.profileChanged, &stored)
        let opened = try open(new.session, &stored)
        return try accepted(stored, [made] + opened)
    }

    /// Sets the password, once the one before was given or the phone was verified just now. Who had
    /// one closes all other sessions by it: whoever knew the old one is out.
    mutating func setPassword(_ change: PasswordChange) throws(StorageError) -> AccountOutcome {
        guard var stored = try accounts.account(command.account),
            let session = try accounts.session(change.session, of: command.account)
        else { return try refused(.unauthorised) }
        guard AccountChange.isHash(change.hash) else { return try refused(.badRequest) }
        let isProven =
            if let replaced = change.replaced {
                replaced == stored.passwordNumber
            } else {
                session.isByCode
                    && command.time < session.created + AccountLimits.passwordResetWindow
            }
        guard isProven else { return try refused(.passwordWrong) }
        var published: [PublishedEntry] = []
        if stored.passwordNumber > 0 {
            for other in try accounts.sessions(of: command.account)
            where other.session != change.session {
                published.append(try revoke(other.session, &stored))
            }
        }
        try put(change.hash, &stored)
        published.append(append(.profileChanged, &stored))
        return try accepted(stored, published)
    }

    /// Gives the account a phone number, which was claimed for it before.
    mutating func setPhone(_ phone: PhoneNumber) throws(StorageError) -> AccountOutcome {
        guard var stored = try accounts.account(command.account) else {
            return try refused(.notFound)
        }
        guard stored.phone == nil || stored.phone == phone else { return try refused(.conflict) }
        guard stored.phone == nil else { return accepted(stored) }
        stored.phone = phone
        let published = append(.profileChanged, &stored)
        return try accepted(stored, [published])
    }

    private mutating func put(
        _ hash: String, _ stored: inout StoredAccount
    ) throws(StorageError) {
        stored.passwordNumber += 1
        try accounts.state.put(
            StoredPassword(hash: hash).encoded(), for: Keyspace.password(command.account))
    }

    private static func isHash(_ hash: String) -> Bool {
        (1...AccountLimits.passwordHashBytesMax).contains(hash.utf8.count)
    }
}
