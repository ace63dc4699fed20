internal import Identity
internal import Storage

/// The claimed values of one shard as typed records over the shard's state, and the sign-in codes
/// that live beside the phone numbers.
///
/// Invariants: 1. a value has one owner at most; 2. a name is stored as long as at least one
/// command holds it, and no longer; 3. invitations wait for phone numbers that nobody has.
struct ClaimState<State: StateReader> {
    /// What is read and, in a transaction, changed.
    var state: State

    init(_ state: State) {
        self.state = state
    }

    /// The claim; nil when the value is free.
    func claim(of key: ClaimKey) throws(StorageError) -> StoredClaim? {
        guard let bytes = try state.value(for: Keyspace.state(.claim, key.bytes)) else {
            return nil
        }
        return try StoredClaim(decoding: bytes)
    }

    /// Who has the value; nil when it is free.
    func owner(of key: ClaimKey) throws(StorageError) -> ClaimOwner? {
        try claim(of: key)?.owner
    }

    /// The code of the phone, or that there was none.
    func code(of key: ClaimKey) throws(StorageError) -> StoredCode {
        guard let bytes = try state.value(for: Keyspace.state(.code, key.bytes)) else {
            return StoredCode()
        }
        return try StoredCode(decoding: bytes)
    }
}

extension ClaimState where State == StateTransaction {
    /// Stores the claim, or that the value is free.
    mutating func put(_ claim: StoredClaim?, as key: ClaimKey) throws(StorageError) {
        let stateKey = Keyspace.state(.claim, key.bytes)
        if let claim {
            try state.put(claim.encoded(), for: stateKey)
        } else {
            try state.remove(stateKey)
        }
    }

    /// Stores the code of a phone.
    mutating func put(_ code: StoredCode, as key: ClaimKey) throws(StorageError) {
        try state.put(code.encoded(), for: Keyspace.state(.code, key.bytes))
    }
}
