package import Determinism
internal import Foundation
package import Identity
internal import Seal
package import Wire

/// All by which a node proves to the others who it is, and reads what they seal.
///
/// Kept in one file of mode 0600 beside the node's data: certificate, private key, the authority with
/// its private key (see ``CertificateAuthority`` for why), and the keys that seal gossip.
package struct PeerCredentials: Hashable, Sendable {
    /// The cluster that the node belongs to.
    package let cluster: ClusterID
    /// The node.
    package let node: NodeID
    /// The node's certificate (PEM).
    package let certificatePEM: String
    /// The node's private key (PEM): a secret.
    package let privateKeyPEM: String
    /// The authority's certificate (PEM).
    package let authorityPEM: String
    /// The authority's private key (PEM): a secret.
    package let authorityKeyPEM: String
    /// The keys of gossip, the one that seals first.
    package var gossipKeys: [JoinReply.GossipKey]

    package init(
        cluster: ClusterID, node: NodeID, certificatePEM: String, privateKeyPEM: String,
        authorityPEM: String, authorityKeyPEM: String, gossipKeys: [JoinReply.GossipKey]
    ) {
        self.cluster = cluster
        self.node = node
        self.certificatePEM = certificatePEM
        self.privateKeyPEM = privateKeyPEM
        self.authorityPEM = authorityPEM
        self.authorityKeyPEM = authorityKeyPEM
        self.gossipKeys = gossipKeys
    }

    /// Those of the first node of a cluster, and of any node that is made at the authority.
    package static func issue(
        by authority: CertificateAuthority, cluster: ClusterID, node: NodeID,
        gossipKeys: [JoinReply.GossipKey], hosts: [String] = [], key: NodeKey = NodeKey(),
        now: WallTime, validity: Interval = CertificateAuthority.leafValidity
    ) throws(CertificateError) -> PeerCredentials {
        let certificate = try authority.issueNodeCertificate(
            node: node, cluster: cluster, publicKey: key.publicKey, hosts: hosts, now: now,
            validity: validity)
        return PeerCredentials(
            cluster: cluster, node: node, certificatePEM: certificate,
            privateKeyPEM: key.privateKeyPEM, authorityPEM: authority.certificatePEM,
            authorityKeyPEM: authority.privateKeyPEM, gossipKeys: gossipKeys)
    }

    /// Those of the first node of a new cluster: a new authority and a new gossip key with it.
    package static func found(
        cluster: ClusterID, node: NodeID = NodeID(1), hosts: [String] = [], now: WallTime
    ) throws(CertificateError) -> PeerCredentials {
        let key = JoinReply.GossipKey(
            id: 1, bytes: SystemGenerator.bytes(count: JoinReply.keyByteCount))
        return try issue(
            by: try CertificateAuthority.create(cluster: cluster, now: now), cluster: cluster,
            node: node, gossipKeys: [key], hosts: hosts, now: now)
    }

    /// The authority. Throws ``CertificateError`` when the stored one is damaged.
    package var authority: CertificateAuthority {
        get throws(CertificateError) {
            try CertificateAuthority(
                certificatePEM: authorityPEM, privateKeyPEM: authorityKeyPEM)
        }
    }

    /// Throws unless the certificate is this node's, signed by the authority, and valid now.
    package func check(now: WallTime) throws(CertificateError) {
        try PeerCertificate.check(
            certificatePEM: certificatePEM, privateKeyPEM: privateKeyPEM,
            authorityPEM: authorityPEM, node: node, cluster: cluster, now: now)
    }

    /// The same with a fresh certificate, when less than `margin` is left of the present one (or it
    /// has expired); nil when there is no need.
    package func renewed(
        now: WallTime, margin: Interval = .seconds(30 * 86_400), hosts: [String] = []
    ) throws(CertificateError) -> PeerCredentials? {
        let expiry = try PeerCertificate.expiry(pem: certificatePEM)
        guard expiry - now < margin else { return nil }
        return try PeerCredentials.issue(
            by: try authority, cluster: cluster, node: node, gossipKeys: gossipKeys, hosts: hosts,
            key: try NodeKey(privateKeyPEM: privateKeyPEM), now: now)
    }
}

extension PeerCredentials {
    /// The file's name within the node's directory.
    package static let fileName = "credentials.json"
    private static let formatVersion = 1
    private static let fileBytesMax = 256 * 1_024

    /// Writes the file into `directory`, whole or not at all, readable by its owner alone.
    package func save(directory: String) throws(CertificateError) {
        let path = directory + "/" + Self.fileName
        let stored = Stored(
            version: Self.formatVersion, cluster: cluster.text, node: node.rawValue,
            certificate: certificatePEM, privateKey: privateKeyPEM, authority: authorityPEM,
            authorityKey: authorityKeyPEM,
            gossipKeys: gossipKeys.map { Stored.Key(id: $0.id, key: Data($0.bytes)) })
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try SecretFile.write(Array(try encoder.encode(stored)), path: path)
        } catch let error as CertificateError {
            throw error
        } catch {
            throw .file(path: path, reason: "\(error)")
        }
    }

    /// Reads what ``save(directory:)`` wrote; nil when there is no such file. Throws
    /// ``CertificateError/file(path:reason:)``, also for a file that others may read.
    package static func load(directory: String) throws(CertificateError) -> PeerCredentials? {
        let path = directory + "/" + fileName
        guard let bytes = try SecretFile.read(path: path, bytesMax: fileBytesMax) else {
            return nil
        }
        let stored: Stored
        do {
            stored = try JSONDecoder().decode(Stored.self, from: Data(bytes))
        } catch {
            throw .file(path: path, reason: "it is damaged")
        }
        guard stored.version == formatVersion else {
            throw .file(
                path: path, reason: "its version is \(stored.version), not \(formatVersion)")
        }
        guard let cluster = ClusterID(text: stored.cluster) else {
            throw .file(path: path, reason: "it is damaged")
        }
        return PeerCredentials(
            cluster: cluster, node: NodeID(stored.node), certificatePEM: stored.certificate,
            privateKeyPEM: stored.privateKey, authorityPEM: stored.authority,
            authorityKeyPEM: stored.authorityKey,
            gossipKeys: stored.gossipKeys.map {
                JoinReply.GossipKey(id: $0.id, bytes: Array($0.key))
            })
    }

    private struct Stored: Codable {
        struct Key: Codable {
            let id: UInt8
            let key: Data
        }

        let version: Int
        let cluster: String
        let node: UInt64
        let certificate: String
        let privateKey: String
        let authority: String
        let authorityKey: String
        let gossipKeys: [Key]
    }
}
