internal import Determinism
internal import Identity
internal import Storage

/// One command on its way through the rules of claims and codes.
struct ClaimChange {
    /// The state with the changes so far.
    var claims: ClaimState<StateTransaction>
    /// What is asked.
    let command: ClaimCommand

    init(_ command: ClaimCommand, on state: StateTransaction) {
        claims = ClaimState(state)
        self.command = command
    }

    /// Does what the command says.
    mutating func make() throws(StorageError) -> AccountOutcome {
        switch (command.key, command.body) {
        case (.phone, .requestCode(let codeHash)): try requestCode(codeHash)
        case (.phone, .verifyCode(let codeHash, let proposed)):
            try verify(codeHash, proposed)
        case (.name, .claimName(let owner, let then)): try claim(for: owner, then)
        case (.name, .releaseName(let owner, let claim)): try release(owner, claim)
        case (.phone, .invite(let chat, let inviter)): try invite(to: chat, by: inviter)
        case (.phone, .claimName), (.phone, .releaseName), (.name, .requestCode),
            (.name, .verifyCode), (.name, .invite):
            ClaimChange.refused(.badRequest)
        }
    }

    // MARK: - Codes

    private mutating func requestCode(_ codeHash: [UInt8]) throws(StorageError) -> AccountOutcome {
        guard SecretHash.isValid(codeHash) else { return ClaimChange.refused(.badRequest) }
        var code = try claims.code(of: command.key)
        let now = command.time
        // Times from far ahead are those of a clock that was wrong.
        code.requested.removeAll {
            $0 + AccountLimits.codeWindow <= now || now + AccountLimits.codeWindow < $0
        }
        // Those from a little ahead count from now on, and not for longer than any other.
        if let last = code.requested.last, last > now {
            code.requested = code.requested.map { min($0, now) }
            try claims.put(code, as: command.key)
        }
        if let last = code.requested.last, last + AccountLimits.codeResendInterval > now {
            Mark.codeTooSoon.hit()
            return ClaimChange.refused(
                .tooMany(retryAfter: (last + AccountLimits.codeResendInterval) - now))
        }
        if code.requested.count >= AccountLimits.codesMax, let first = code.requested.first {
            return ClaimChange.refused(
                .tooMany(retryAfter: (first + AccountLimits.codeWindow) - now))
        }
        code.requested.append(now)
        code.codeHash = codeHash
        code.expires = now + AccountLimits.codeLifetime
        code.tries = 0
        code.isUsed = false
        try claims.put(code, as: command.key)
        return ClaimChange.accepted(nil, at: code.expires)
    }

    private mutating func verify(
        _ codeHash: [UInt8], _ proposed: AccountID
    ) throws(StorageError) -> AccountOutcome {
        var code = try claims.code(of: command.key)
        guard !code.codeHash.isEmpty, command.time < code.expires else {
            return ClaimChange.refused(.codeExpired)
        }
        guard !code.isUsed else { return ClaimChange.refused(.codeUsed) }
        guard code.tries < AccountLimits.codeTriesMax else {
            return ClaimChange.refused(.codeTooManyTries)
        }
        guard SecretHash.areEqual(code.codeHash, codeHash) else {
            code.tries += 1
            try claims.put(code, as: command.key)
            return ClaimChange.refused(.codeWrong)
        }
        code.isUsed = true
        try claims.put(code, as: command.key)
        let account: AccountID
        var effects: [AccountEffect] = []
        switch try claims.owner(of: command.key) {
        case .account(let owner): account = owner
        case .chat: throw .corrupt("a phone number of a chat")
        case nil:
            account = proposed
            try claims.put(
                StoredClaim(owner: .account(proposed), claims: []), as: command.key)
            effects = try acceptInvitations(for: proposed)
        }
        return AccountOutcome(
            result: .accepted(AccountReceipt(account: account, time: command.time)),
            effects: effects)
    }

    // MARK: - Names

    private mutating func claim(
        for owner: ClaimOwner, _ then: [[UInt8]]
    ) throws(StorageError) -> AccountOutcome {
        let name = command.key.value
        guard then.count <= AccountLimits.carriedMax,
            then.reduce(0, { $0 + $1.count }) <= AccountLimits.carriedBytesMax
        else { return ClaimChange.refused(.badRequest) }
        switch owner {
        case .account:
            guard Username.isValid(name) else { return ClaimChange.refused(.badUsername) }
        case .chat:
            guard
                VisibleText.isName(name, scalarsMax: AccountLimits.claimedNameScalarsMax)
            else { return ClaimChange.refused(.badName) }
        }
        var claim =
            try claims.claim(of: command.key) ?? StoredClaim(owner: owner, claims: [])
        guard claim.owner == owner else {
            Mark.claimContested.hit()
            return ClaimChange.refused(.nameTaken)
        }
        guard claim.claims.count < AccountLimits.claimsMax else {
            return ClaimChange.refused(.tooMany(retryAfter: nil))
        }
        if !claim.claims.contains(command.cmid) {
            claim.claims.append(command.cmid)
            claim.claims.sort()
        }
        try claims.put(claim, as: command.key)
        var effects: [AccountEffect] = []
        for (counter, bytes) in then.enumerated() {
            effects.append(
                AccountEffect(cmid: command.cmid.derived(counter), body: .carried(bytes)))
        }
        let account: AccountID? = if case .account(let account) = owner { account } else { nil }
        return AccountOutcome(
            result: .accepted(AccountReceipt(account: account, time: command.time)),
            effects: effects)
    }

    private mutating func release(
        _ owner: ClaimOwner, _ released: MessageID
    ) throws(StorageError) -> AccountOutcome {
        guard var claim = try claims.claim(of: command.key), claim.owner == owner,
            claim.claims.contains(released)
        else { return ClaimChange.accepted(nil, at: command.time) }
        claim.claims.removeAll { $0 == released }
        try claims.put(claim.claims.isEmpty ? nil : claim, as: command.key)
        return ClaimChange.accepted(nil, at: command.time)
    }

    // MARK: - Pieces

    static func refused(_ rejection: AccountRejection) -> AccountOutcome {
        AccountOutcome(result: .rejected(rejection))
    }

    static func accepted(_ account: AccountID?, at time: WallTime) -> AccountOutcome {
        AccountOutcome(result: .accepted(AccountReceipt(account: account, time: time)))
    }
}
