internal import NIOCore

/// Where the client listener is, what it trusts and what it keeps secret.
package struct GatewaySettings: Sendable {
    /// The address to listen on.
    package var host: String
    /// The port to listen on; 0 takes any free one.
    package var port: Int
    /// The certificate for https and wss; nil serves plain HTTP.
    package var certificate: CertificateFiles?
    /// Addresses of proxies whose `X-Forwarded-For`, `-Proto` and `-Host` are believed.
    package var trustedProxies: [String]
    /// How many event loops serve clients.
    package var loopCount: Int
    /// How many connections may be open; more wait to be accepted.
    package var connectionsMax: Int
    /// A secret of the cluster, the same on every node: CSRF tokens, sign-in codes and session
    /// secrets come from it.
    package var secret: [UInt8]
    /// How long a client may take.
    package var timeouts: GatewayTimeouts
    /// How often one address, and all together, may ask for codes.
    package var signInLimits: SignInLimits

    package init(
        host: String = "127.0.0.1", port: Int = 0, certificate: CertificateFiles? = nil,
        trustedProxies: [String] = [], loopCount: Int = 1, connectionsMax: Int = 20_000,
        secret: [UInt8], timeouts: GatewayTimeouts = GatewayTimeouts(),
        signInLimits: SignInLimits = SignInLimits()
    ) {
        self.host = host
        self.port = port
        self.certificate = certificate
        self.trustedProxies = trustedProxies
        self.loopCount = loopCount
        self.connectionsMax = connectionsMax
        self.secret = secret
        self.timeouts = timeouts
        self.signInLimits = signInLimits
    }

    /// Refuses settings that would serve people badly, with the reason.
    package func validate() throws(GatewayError) {
        precondition(loopCount > 0 && connectionsMax > 0, "a listener serves somebody")
        guard secret.count >= GatewaySettings.secretBytesMin else {
            throw .secretTooShort(bytes: secret.count, bytesMin: GatewaySettings.secretBytesMin)
        }
        for proxy in trustedProxies where (try? SocketAddress(ipAddress: proxy, port: 0)) == nil {
            throw .badTrustedProxy(proxy)
        }
        guard certificate != nil || !trustedProxies.isEmpty || isLoopback else {
            throw .plainListenerBeyondLoopback(host: host)
        }
    }

    /// Whether only this machine can reach the listener.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// How many bytes the cluster's secret has at least.
    package static let secretBytesMin = 32
}

/// Where a certificate chain and its private key are, both in PEM.
package struct CertificateFiles: Hashable, Sendable {
    package let certificatePath: String
    package let privateKeyPath: String

    package init(certificatePath: String, privateKeyPath: String) {
        self.certificatePath = certificatePath
        self.privateKeyPath = privateKeyPath
    }
}
