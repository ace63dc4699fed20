import ArgumentParser

/// The flags of a node, all optional: what is not given comes from the environment, the file, the last
/// run or the defaults, in this order.
struct NodeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A YAML file of settings, named like the flags.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Where the node keeps its data. (default: ./chaticket-data)", valueName: "directory"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            """
            This machine's IP address for other nodes. (default: the one by which the seed of the \
            join token, or the world, is reached)
            """, valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp("TCP port for other nodes. (default: 7400)", valueName: "port"))
    var peerPort: String?

    @Option(help: ArgumentHelp("UDP port for gossip. (default: 7400)", valueName: "port"))
    var gossipPort: String?

    @Option(
        help: ArgumentHelp(
            """
            The address to serve browsers on. (default: 127.0.0.1). Beyond loopback it needs \
            --tls-certificate and --tls-key, or --trusted-proxy.
            """, valueName: "address"))
    var clientHost: String?

    @Option(help: ArgumentHelp("TCP port for browsers. (default: 8080)", valueName: "port"))
    var clientPort: String?

    @Option(
        help: ArgumentHelp(
            """
            What browsers open to reach this node. (default: made of --client-host and \
            --client-port)
            """, valueName: "url"))
    var clientURL: String?

    @Option(
        help: ArgumentHelp(
            "A public address in front of the nodes, like https://chat.example.com; repeatable.",
            valueName: "origin"))
    var publicOrigin: [String] = []

    @Option(
        help: ArgumentHelp(
            "The certificate chain for browsers, PEM; read again on SIGHUP.", valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The private key of --tls-certificate, PEM.", valueName: "file"))
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "The address of a proxy whose X-Forwarded-… headers are believed; repeatable.",
            valueName: "address"))
    var trustedProxy: [String] = []

    @Option(
        help: ArgumentHelp(
            "Replicas of one shard go to different zones. (default: none)", valueName: "name"))
    var zone: String?

    @Option(
        help: ArgumentHelp(
            "Capacity relative to other nodes. (default: 100)", valueName: "number"))
    var weight: String?

    @Option(
        help: ArgumentHelp(
            "How many event loops serve browsers. (default: one for two processors)",
            valueName: "number"))
    var loops: String?

    @Option(
        help: ArgumentHelp(
            """
            Development only: sign-in codes are appended to this file, besides the log.
            """, valueName: "file"))
    var codeFile: String?

    @Option(
        help: ArgumentHelp(
            """
            A file of mode 0600 with 64 hexadecimal digits: the key of encryption at rest. \
            Without it a new store is not encrypted.
            """, valueName: "file"))
    var encryptionKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "trace, debug, info, notice, warning or error. (default: info)", valueName: "level"))
    var logLevel: String?

    /// What was given, by the names of the settings.
    var given: [(key: SettingKey, value: SettingValue)] {
        var given: [(SettingKey, SettingValue)] = []
        let texts: [(SettingKey, String?)] = [
            (.data, data), (.host, host), (.peerPort, peerPort), (.gossipPort, gossipPort),
            (.clientHost, clientHost), (.clientPort, clientPort), (.clientURL, clientURL),
            (.tlsCertificate, tlsCertificate), (.tlsKey, tlsKey), (.zone, zone), (.weight, weight),
            (.loops, loops), (.codeFile, codeFile), (.encryptionKeyFile, encryptionKeyFile),
            (.logLevel, logLevel),
        ]
        for (key, text) in texts {
            if let text { given.append((key, .text(text))) }
        }
        if !publicOrigin.isEmpty { given.append((.publicOrigin, .list(publicOrigin))) }
        if !trustedProxy.isEmpty { given.append((.trustedProxy, .list(trustedProxy))) }
        return given
    }
}
