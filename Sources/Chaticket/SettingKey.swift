/// The name of a setting: the same in the file, as a flag (`--peer-port`) and in the environment
/// (`CHATICKET_PEER_PORT`).
enum SettingKey: String, CaseIterable {
    case data
    case host
    case peerPort = "peer-port"
    case gossipPort = "gossip-port"
    case clientHost = "client-host"
    case clientPort = "client-port"
    case clientURL = "client-url"
    case publicOrigin = "public-origin"
    case tlsCertificate = "tls-certificate"
    case tlsKey = "tls-key"
    case trustedProxy = "trusted-proxy"
    case zone
    case weight
    case loops
    case codeFile = "code-file"
    case encryptionKeyFile = "encryption-key-file"
    case logLevel = "log-level"
    case join

    /// Its name in the environment.
    var environmentName: String {
        SettingKey.environmentPrefix + rawValue.uppercased().replacing("-", with: "_")
    }

    /// How the names of settings in the environment begin.
    static let environmentPrefix = "CHATICKET_"

    /// Names with the prefix that are no settings: the scripts in `cluster/` and the tests read them.
    static let otherEnvironmentNames: Set<String> = [
        "CHATICKET_BINARY", "CHATICKET_CLUSTER", "CHATICKET_CHROMIUM",
    ]
}

/// What a flag or the last run says about a setting.
enum SettingValue {
    case text(String)
    case list([String])
}
