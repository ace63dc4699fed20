import Determinism
import Foundation
import Identity
import PeerTransport
import Testing
import Wire

@Suite("Certificates of a cluster")
struct CertificateTests {
    @Test("An authority comes back from its PEM files with the same fingerprint")
    func authority() throws {
        let cluster = try TestCluster()
        let authority = cluster.authority
        let again = try CertificateAuthority(
            certificatePEM: authority.certificatePEM, privateKeyPEM: authority.privateKeyPEM)
        #expect(again.fingerprint == authority.fingerprint)
        #expect(again.fingerprint.count == 32)
        let other = try TestCluster().authority
        #expect(other.fingerprint != authority.fingerprint)
        #expect(throws: CertificateError.keyMismatch) {
            _ = try CertificateAuthority(
                certificatePEM: authority.certificatePEM, privateKeyPEM: other.privateKeyPEM)
        }
        #expect(throws: CertificateError.malformed("certificate")) {
            _ = try CertificateAuthority(
                certificatePEM: "nonsense", privateKeyPEM: other.privateKeyPEM)
        }
        #expect(throws: CertificateError.malformed("private key")) {
            _ = try CertificateAuthority(
                certificatePEM: authority.certificatePEM, privateKeyPEM: "nonsense")
        }
    }

    @Test("A node's certificate is checked for signer, name, key and time")
    func checks() throws {
        let cluster = try TestCluster()
        let credentials = try cluster.credentials(3)
        let now = TestCluster.now()
        #expect(throws: Never.self) { try credentials.check(now: now) }
        #expect(throws: CertificateError.notValidNow) {
            try credentials.check(now: now + .seconds(2 * 86_400))
        }
        #expect(throws: CertificateError.notValidNow) {
            try credentials.check(now: WallTime(milliseconds: now.milliseconds - 3 * 86_400_000))
        }
        let other = try TestCluster().credentials(3)
        func mixed(certificate: PeerCredentials, key: PeerCredentials, node: UInt64 = 3)
            -> PeerCredentials
        {
            PeerCredentials(
                cluster: cluster.cluster, node: NodeID(node),
                certificatePEM: certificate.certificatePEM, privateKeyPEM: key.privateKeyPEM,
                authorityPEM: credentials.authorityPEM,
                authorityKeyPEM: credentials.authorityKeyPEM, gossipKeys: cluster.keys)
        }
        #expect(throws: CertificateError.notSigned) {
            try mixed(certificate: other, key: other).check(now: now)
        }
        #expect(throws: CertificateError.keyMismatch) {
            try mixed(certificate: credentials, key: other).check(now: now)
        }
        let name = PeerCertificate.name(of: NodeID(4), in: cluster.cluster)
        #expect(throws: CertificateError.wrongName(expected: name)) {
            try mixed(certificate: credentials, key: credentials, node: 4).check(now: now)
        }
    }

    @Test("Credentials are kept in a file for their owner alone, and come back from it")
    func file() throws {
        let folder = NSTemporaryDirectory() + "credentials-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try PeerCredentials.load(directory: folder) == nil)
        let credentials = try TestCluster().credentials(3)
        try credentials.save(directory: folder)
        try credentials.save(directory: folder)
        #expect(try PeerCredentials.load(directory: folder) == credentials)
        let path = folder + "/" + PeerCredentials.fileName
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: CertificateError.self) { try PeerCredentials.load(directory: folder) }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: path)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: CertificateError.self) { try PeerCredentials.load(directory: folder) }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: path)
    }

    @Test("The first node founds an authority and a key of its own")
    func founding() throws {
        let cluster = ClusterID(high: 1, low: 9)
        let now = TestCluster.now()
        let credentials = try PeerCredentials.found(cluster: cluster, now: now)
        #expect(credentials.node == NodeID(1))
        #expect(throws: Never.self) { try credentials.check(now: now) }
        #expect(credentials.gossipKeys.map(\.bytes.count) == [32])
        let other = try PeerCredentials.found(cluster: cluster, now: now)
        #expect(other.gossipKeys != credentials.gossipKeys)
        #expect(other.authorityPEM != credentials.authorityPEM)
    }

    @Test("A certificate is renewed when its end is near, and only then")
    func renewal() throws {
        let cluster = try TestCluster()
        let now = TestCluster.now()
        let short = try cluster.credentials(3)
        let renewed = try #require(try short.renewed(now: now))
        #expect(throws: Never.self) { try renewed.check(now: now + .seconds(200 * 86_400)) }
        #expect(renewed.privateKeyPEM == short.privateKeyPEM)
        #expect(try renewed.renewed(now: now) == nil)
    }

    @Test("A certificate for clients names the hosts and addresses that it is for")
    func clients() throws {
        let cluster = try TestCluster()
        let issued = try cluster.authority.issueServerCertificate(
            hosts: ["chat.example", "127.0.0.1", "::1"], now: TestCluster.now())
        #expect(issued.certificatePEM.hasPrefix("-----BEGIN CERTIFICATE-----"))
        #expect(issued.privateKeyPEM.contains("PRIVATE KEY-----"))
        #expect(throws: CertificateError.self) {
            try cluster.authority.issueServerCertificate(hosts: [], now: TestCluster.now())
        }
    }
}
