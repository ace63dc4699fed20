internal import Determinism
internal import Identity
internal import Membership
internal import Node
internal import Registry
internal import Wire
internal import Raft

package func smoke(seed: UInt64, nodeCount: Int) {
    var settings = SimulationSettings(seed: seed)
    settings.nodeCount = nodeCount
    let cluster = SimulatedCluster(settings: settings)
    var responses: [UInt64: ClientResponse] = [:]
    var operatorResponses: [UInt64: OperatorResponse] = [:]
    cluster.onResponse = { responses[$0] = $1 }
    cluster.onOperatorResponse = { operatorResponses[$0] = $1 }
    cluster.onExit = { print("EXIT", $0.name, $1) }
    cluster.observers.append { node, event in
        switch event {
        case .applied, .leadership, .compacted: break
        default: if seed == 1 { print(cluster.now, "node", node.name, event) }
        }
    }
    var generator = SeededGenerator(seed: seed)
    let rooms = [PublicRoom(chat: ChatID(using: &generator), name: "lobby", fullName: "The Lobby"),
                 PublicRoom(chat: ChatID(using: &generator), name: "help", fullName: "Help")]
    cluster.initialise(rooms: rooms, settings: RegistrySettings())
    func ask(_ r: OperatorRequest, _ id: UInt64) -> OperatorResponse? {
        cluster.feed(.operate(id, r), to: cluster.nodes[0])
        _ = cluster.run(until: cluster.now + .seconds(30)) { operatorResponses[id] == nil }
        return operatorResponses[id]
    }
    cluster.run(until: cluster.now + .seconds(5))
    for n in 1..<nodeCount {
        let hash = [UInt8](repeating: UInt8(n), count: 32)
        let t = ask(.change(.createToken(hash: hash, expiry: WallTime(milliseconds: SimulatedCluster.epoch + 3_600_000))), UInt64(n * 2))
        let a = ask(.change(.admit(tokenHash: hash, requestID: MessageID(using: &generator), description: cluster.description(of: cluster.nodes[n]))), UInt64(n * 2 + 1))
        print(cluster.now, "token", t as Any, "admit", a as Any)
        if case .outcome(.admitted(let id)) = a {
            cluster.join(cluster.nodes[n], as: id, registry: cluster.nodes[0].node!.registry)
        }
        cluster.run(until: cluster.now + .seconds(1))
    }
    func settled() -> Bool {
        for node in cluster.nodes {
            guard let status = node.node?.status else { return false }
            for line in status.shards {
                if line.desired.contains(where: { $0.node == node.id }) {
                    guard let local = line.local, local.voters == line.desired.sorted(), !local.isJoint, local.learners.isEmpty else { return false }
                } else if line.local != nil { return false }
                if line.desired.count < min(3, nodeCount) && nodeCount >= 3 { return false }
            }
        }
        return true
    }
    let ok = cluster.run(until: cluster.now + .seconds(120)) { !settled() }
    print(cluster.now, "settled", ok, "events", cluster.eventCount)
    if !ok { for node in cluster.nodes { print(node.node!.status.shards.map { "\($0.shard) want \($0.desired) has \(String(describing: $0.local?.voters)) L\(String(describing: $0.local?.learners)) leader \(String(describing: $0.leader)) applied \(String(describing: $0.local?.applied))/\(String(describing: $0.local?.last))" }.joined(separator: "\n")) ; print("--") } }
    var next: UInt64 = 1000
    func client(_ node: Int, _ r: ClientRequest) -> ClientResponse? {
        next += 1
        cluster.feed(.client(.host(next), r), to: cluster.nodes[node])
        let id = next
        _ = cluster.run(until: cluster.now + .seconds(30)) { responses[id] == nil }
        return responses[id]
    }
    func cmid() -> MessageID { MessageID(milliseconds: SimulatedCluster.epoch + cluster.now.nanoseconds / 1_000_000, using: &generator) }
    let phone = "+4915112345678"
    let code = [UInt8](repeating: 7, count: 32)
    print(client(nodeCount - 1, .requestCode(phone: phone, codeHash: code, cmid: cmid())) as Any)
    let signin = client(1 % nodeCount, .signIn(SignIn(phone: phone, codeHash: code, device: "d", newAccount: AccountID(using: &generator), session: SessionID(using: &generator), secretHash: [UInt8](repeating: 9, count: 32), cmid: cmid())))
    print(signin as Any)
    guard case .signedIn(let me, _) = signin else { return }
    print(client(0, .setProfile(me.id, name: "Alice", username: "alice", cmid: cmid())) as Any)
    let created = client(1 % nodeCount, .createChat(me.id, kind: .private, name: "tea", fullName: "Tea time", cmid: cmid()))
    guard case .chat(let chat, _) = created else { print(created as Any); return }
    cluster.run(until: cluster.now + .seconds(1))
    print(client(0, .chats(me.id)) as Any)
    for n in 0..<20 {
        if n == 10, nodeCount > 1 {
            cluster.crash(cluster.nodes[n % nodeCount])
            let victim = cluster.nodes[n % nodeCount]
            cluster.run(until: cluster.now + .milliseconds(10))
            let live = (n + 1) % nodeCount
            let started = cluster.now
            print("crashed", victim.name, client(live, .send(me.id, chat.id, text: "during", cmid: cmid())) as Any, cluster.now - started)
            cluster.run(until: cluster.now + .seconds(1))
            cluster.start(victim)
            cluster.run(until: cluster.now + .seconds(3))
        }
        let r = client(n % nodeCount, .send(me.id, chat.id, text: "hello \(n)", cmid: cmid()))
        if case .receipt(let receipt) = r { print(receipt.seq, terminator: " ") } else { print(r as Any) }
    }
    if case .page(let page) = client(0, .history(me.id, chat.id, before: nil, after: nil, limit: 100)) { print("page", page.entries.count, page.head) }
    print(cluster.now, "hash", cluster.traceHash, "events", cluster.eventCount)
}
