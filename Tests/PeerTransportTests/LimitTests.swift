import Determinism
import Foundation
import Identity
import Logging
import Membership
import NIOCore
import Synchronization
import Testing
import Wire

@testable import PeerTransport

@Suite("Limits of what others can make a node keep")
struct LimitTests {
    private func ping(from node: UInt64) -> MembershipMessage {
        MembershipMessage(
            from: NodeID(node), fromIncarnation: Incarnation(generation: 1),
            body: .ping(sequence: 1, target: nil))
    }

    @Test("No more senders of gossip are remembered than a cluster can have")
    func senders() throws {
        let cluster = try TestCluster()
        var opener = try GossipSealer(
            cluster: cluster.cluster, node: NodeID(1), generation: 1, keys: cluster.keys)
        var drops: [UInt64: GossipDrop] = [:]
        for node in UInt64(2)...4_098 {
            var sealer = try GossipSealer(
                cluster: cluster.cluster, node: NodeID(node), generation: 1, keys: cluster.keys)
            let sealed = sealer.seal(ping(from: node))
            let bytes = try #require(sealed)
            if case .failure(let drop) = opener.open(bytes) { drops[node] = drop.reason }
        }
        #expect(drops == [4_098: .replayed])
    }

    @Test("A ring of gossip keys has a limit")
    func keys() throws {
        let cluster = try TestCluster()
        let keys = (0...JoinReply.keysMax).map {
            JoinReply.GossipKey(id: UInt8($0), bytes: [UInt8](repeating: 1, count: 32))
        }
        func sealer(_ keys: ArraySlice<JoinReply.GossipKey>) throws {
            _ = try GossipSealer(
                cluster: cluster.cluster, node: NodeID(1), generation: 1, keys: Array(keys))
        }
        #expect(throws: Never.self) { try sealer(keys.dropLast()) }
        #expect(throws: (any Error).self) { try sealer(keys[...]) }
    }

    @Test("A small frame does not become more than its limit when it is unpacked")
    func unpacking() throws {
        let frame = PeerFrame.packing(.messages, [UInt8](repeating: 7, count: 100_000))
        #expect(frame.isCompressed && frame.payload.count < 1_000)
        #expect(try frame.unpackedPayload(bytesMax: 100_000).count == 100_000)
        #expect(throws: WireError.self) { try frame.unpackedPayload(bytesMax: 99_999) }
    }

    @Test("A key in PEM form is no certificate")
    func otherPEM() throws {
        let credentials = try TestCluster().credentials(1)
        #expect(throws: CertificateError.malformed("certificate")) {
            _ = try PeerCertificate.fingerprint(pem: credentials.privateKeyPEM)
        }
    }

    @Test("A file of credentials of another version, or far too large, is refused")
    func credentialFiles() throws {
        let folder = NSTemporaryDirectory() + "credentials-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try TestCluster().credentials(3).save(directory: folder)
        let path = folder + "/" + PeerCredentials.fileName
        let good = try String(contentsOfFile: path, encoding: .utf8)
        func refusal(_ text: String) throws -> String {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: CertificateError.self) {
                _ = try PeerCredentials.load(directory: folder)
            }
            return try #require(error).description
        }
        let newer = good.replacingOccurrences(of: "\"version\" : 1", with: "\"version\" : 2")
        #expect(newer != good)
        #expect(try refusal(newer).contains("version is 2"))
        let padding = String(repeating: " ", count: 300 * 1_024)
        #expect(try refusal(good + padding).contains("larger"))
    }

    @Test("The same refusal is logged once a minute, and no more kinds than can be remembered")
    func log() {
        let recorder = LineRecorder()
        var log = RefusalLog(logger: Logger(label: "test") { _ in recorder })
        let start = NIODeadline.now()
        log.warn(key: "a", now: start, "one")
        log.warn(key: "a", now: start + .seconds(59), "two")
        log.warn(key: "b", now: start + .seconds(59), "three")
        log.warn(key: "a", now: start + .seconds(61), "four")
        #expect(recorder.lines == ["one", "three", "four"])
        for number in 0..<2_000 { log.warn(key: "key \(number)", now: start + .seconds(62), "x") }
        #expect(recorder.lines.count == 3 + 1_022)
    }
}

/// Keeps what is logged.
private final class LineRecorder: LogHandler {
    private let state = Mutex<[String]>([])

    var lines: [String] { state.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        state.withLock { $0.append("\(event.message)") }
    }
}
