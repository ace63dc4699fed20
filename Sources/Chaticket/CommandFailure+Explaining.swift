import Gateway
import Node
import NodeHost
import PeerTransport
import RocksStore
import Seal
import Storage
import Wire

// Every room's errors, as a person who runs the program meets them. The sentences are the rooms' own.
extension CommandFailure {
    /// What `error` means for whoever started the program.
    init(explaining error: any Error) {
        switch error {
        case let error as CommandFailure: self = error
        case let error as JoinError: self.init(joining: error)
        case let error as JoinTokenError: self.init(token: error)
        case let error as RocksError: self.init(store: error)
        case let error as CertificateError: self.init(credentials: error)
        case let error as SealError: self.init(.configuration, error.description)
        case let error as GatewayError: self.init(gateway: error)
        case let error as PeerTransportError: self.init(transport: error)
        case let error as NodeStartError: self.init(.store, "The node cannot start: \(error).")
        case let error as StorageError: self.init(.store, "The store cannot be read: \(error).")
        case let error as NodeHostError: self.init(.store, "\(error)")
        default: self.init(.internalError, "\(error)")
        }
    }

    private init(joining error: JoinError) {
        switch error {
        case .token(let error): self.init(token: error)
        case .unreachable, .timedOut: self.init(.unreachable, error.description)
        case .authorityMismatch: self.init(.token, error.description)
        case .clockOff: self.init(.clock, error.description)
        case .badAnswer: self.init(.tryAgain, error.description)
        case .refused(let refusal):
            switch refusal.code {
            case .tokenUsed: self.init(.tokenUsed, refusal.reason)
            case .tokenExpired: self.init(.tokenExpired, refusal.reason)
            case .clockOff: self.init(.clock, refusal.reason)
            case .removed: self.init(.removed, refusal.reason)
            case .unavailable, .other: self.init(.tryAgain, refusal.reason)
            default: self.init(.token, refusal.reason)
            }
        }
    }

    private init(token error: JoinTokenError) {
        switch error {
        case .expired: self.init(.tokenExpired, error.description)
        case .malformed, .unsupportedVersion, .wrongChecksum: self.init(.token, error.description)
        }
    }

    private init(store error: RocksError) {
        switch error {
        case .doubtful, .saturated, .full: self.init(.disk, error.description)
        default: self.init(.store, error.description)
        }
    }

    private init(credentials error: CertificateError) {
        switch error {
        case .notValidNow: self.init(.clock, error.description)
        default: self.init(.credentials, error.description)
        }
    }

    private init(gateway error: GatewayError) {
        switch error {
        case .cannotListen: self.init(.address, CommandFailure.sentence(error.description))
        default: self.init(.configuration, CommandFailure.sentence(error.description))
        }
    }

    private init(transport error: PeerTransportError) {
        switch error {
        case .cannotBind, .badAddress: self.init(.address, error.description)
        case .badCredentials: self.init(.credentials, error.description)
        }
    }

    private static func sentence(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst() + "."
    }
}
