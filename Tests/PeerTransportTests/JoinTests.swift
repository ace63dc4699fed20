import Determinism
import Identity
import Membership
import NIOPosix
import PeerTransport
import Testing
import Wire

@Suite("Joining a cluster")
struct JoinTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    private func token(
        _ cluster: TestCluster, _ seed: TestNode, expiry: WallTime? = nil
    ) -> JoinToken {
        JoinToken(
            authority: cluster.authority, cluster: cluster.cluster, seedHost: TestNode.host,
            seedPort: seed.ports.peer, expiry: expiry ?? TestCluster.now() + .seconds(600))
    }

    private func join(
        _ token: JoinToken, key: NodeKey = NodeKey(), now: WallTime = TestCluster.now(),
        timeout: Interval = JoinClient.timeout
    ) async throws(JoinError) -> Joined {
        let endpoint: MemberEndpoint
        let facts: MemberFacts
        do {
            endpoint = try MemberEndpoint(
                host: "127.0.0.1", gossipPort: 1, peerPort: 2, clientURL: "http://127.0.0.1:3")
            facts = try MemberFacts()
        } catch {
            throw .badAnswer("\(error)")
        }
        return try await JoinClient.join(
            token: token, key: key, endpoint: endpoint, facts: facts, now: now, timeout: timeout,
            group: group)
    }

    @Test(
        "A new node gets an id, a certificate, the keys, the registry and addresses, and is a member"
    )
    func happyPath() async throws {
        let cluster = try TestCluster()
        let seeds = [SeedAddress(host: "127.0.0.1", gossipPort: 5, peerPort: 6)]
        let seed = try await TestNode.start(
            try cluster.credentials(1),
            decision: { request in
                guard request.secret.count == 32, request.endpoint.peerPort == 2 else { return nil }
                return .success(
                    JoinAdmission(node: NodeID(4), registry: [1, 2, 3], seeds: seeds))
            })
        // The token goes through its text, as it does between people.
        let token = try JoinToken(text: token(cluster, seed).text)
        let joined = try await join(token)
        #expect(joined.credentials.node == NodeID(4))
        #expect(joined.credentials.cluster == cluster.cluster)
        #expect(joined.credentials.gossipKeys == cluster.keys)
        #expect(joined.registry == [1, 2, 3])
        #expect(joined.seeds == seeds)
        // With what it got it links to the seed, and can itself admit others.
        let node = try await TestNode.start(joined.credentials)
        try await node.connect(to: seed)
        _ = try await node.log.first { $0 == .linkUp(NodeID(1)) }
        #expect(try joined.credentials.authority.fingerprint == cluster.authority.fingerprint)
        await node.transport.stop()
        await seed.transport.stop()
    }

    @Test("An expired token is refused before anybody is asked")
    func expired() async throws {
        let cluster = try TestCluster()
        let seed = try await TestNode.start(try cluster.credentials(1))
        let expiry = TestCluster.now()
        let token = token(cluster, seed, expiry: expiry)
        await #expect(throws: JoinError.token(.expired(expiry))) {
            _ = try await join(token, now: expiry + .seconds(1))
        }
        await seed.transport.stop()
    }

    @Test("A token that the registry does not know, or that was used, is refused with its sentence")
    func usedToken() async throws {
        let cluster = try TestCluster()
        let refusal = PeerRefusal(code: .tokenUsed, reason: "The token was used already.")
        let seed = try await TestNode.start(
            try cluster.credentials(1), decision: { _ in .failure(refusal) })
        await #expect(throws: JoinError.refused(refusal)) {
            _ = try await join(token(cluster, seed))
        }
        await seed.transport.stop()
    }

    @Test("A seed that nobody listens on is unreachable")
    func unreachable() async throws {
        let cluster = try TestCluster()
        let seed = try await TestNode.start(try cluster.credentials(1))
        await seed.transport.stop()
        let address = "127.0.0.1:\(seed.ports.peer)"
        await #expect(
            throws: JoinError.unreachable(seed: address, reason: "connection refused")
        ) {
            _ = try await join(token(cluster, seed))
        }
    }

    @Test("A seed of another cluster is found out by the authority's fingerprint")
    func otherAuthority() async throws {
        let cluster = try TestCluster()
        let other = try TestCluster()
        let seed = try await TestNode.start(
            try other.credentials(1),
            decision: { _ in
                Issue.record("the secret was given away")
                return nil
            })
        await #expect(
            throws: JoinError.authorityMismatch(seed: "127.0.0.1:\(seed.ports.peer)")
        ) {
            _ = try await join(token(cluster, seed))
        }
        await seed.transport.stop()
    }

    @Test("A clock that is far off is called so, by the member")
    func clockOff() async throws {
        let cluster = try TestCluster()
        let seed = try await TestNode.start(try cluster.credentials(1))
        for offset in [3_600_000, 40 * 86_400_000] as [UInt64] {
            let now = WallTime(milliseconds: TestCluster.now().milliseconds - offset)
            let error = await #expect(throws: JoinError.self) {
                _ = try await join(token(cluster, seed), now: now)
            }
            guard case .clockOff = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        await seed.transport.stop()
    }

    @Test("A registry that does not decide is told apart from a refusal")
    func undecided() async throws {
        let cluster = try TestCluster()
        let seed = try await TestNode.start(
            try cluster.credentials(1),
            configure: {
                $0.joinTimeout = .milliseconds(100)
                $0.keepalive = .milliseconds(50)
            })
        let error = await #expect(throws: JoinError.self) {
            _ = try await join(token(cluster, seed))
        }
        guard case .refused(let refusal) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refusal.code == .unavailable)
        #expect(refusal.isRetryable)
        await seed.transport.stop()
    }
}

@Suite("Join tokens")
struct JoinTokenTests {
    private func token() throws -> JoinToken {
        let cluster = try TestCluster()
        return JoinToken(
            authority: cluster.authority, cluster: cluster.cluster, seedHost: "seed.example",
            seedPort: 7_000, expiry: TestCluster.now() + .seconds(60))
    }

    @Test("A token comes back from its text, white space around it or not")
    func roundTrip() throws {
        let token = try token()
        #expect(try JoinToken(text: token.text) == token)
        #expect(try JoinToken(text: "  \(token.text)\n") == token)
        #expect(token.text.allSatisfy { $0.isASCII && !$0.isWhitespace })
    }

    @Test("A token that was not copied whole, or mistyped anywhere, is no token")
    func damaged() throws {
        let text = Array(try token().text)
        for place in text.indices {
            var changed = text
            changed[place] = changed[place] == "A" ? "B" : "A"
            if changed == text { continue }
            // The unused bits of the last digit say nothing.
            if place == text.count - 1 { continue }
            #expect(throws: JoinTokenError.self) { try JoinToken(text: String(changed)) }
        }
        for count in 0..<text.count - 1 {
            #expect(throws: JoinTokenError.self) {
                try JoinToken(text: String(text.prefix(count)))
            }
        }
    }

    @Test("Each kind of bad token has its error")
    func errors() throws {
        var text = try token().text
        #expect(throws: JoinTokenError.malformed) { try JoinToken(text: "") }
        #expect(throws: JoinTokenError.malformed) { try JoinToken(text: "hello") }
        let long = JoinToken.prefix + String(repeating: "A", count: 1_024)
        #expect(throws: JoinTokenError.malformed) { try JoinToken(text: long) }
        #expect(throws: JoinTokenError.unsupportedVersion) {
            try JoinToken(text: "chaticket-join-7.abc")
        }
        let place = text.index(text.startIndex, offsetBy: 30)
        text.replaceSubrange(place...place, with: text[place] == "A" ? "B" : "A")
        #expect(throws: JoinTokenError.wrongChecksum) { try JoinToken(text: text) }
        let expiry = try token().expiry
        let token = try token()
        #expect(throws: JoinTokenError.expired(token.expiry)) {
            try token.checkNotExpired(now: max(token.expiry, expiry))
        }
        #expect(throws: Never.self) { try token.checkNotExpired(now: TestCluster.now()) }
    }
}
