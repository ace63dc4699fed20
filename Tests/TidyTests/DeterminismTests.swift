import Testing

@Suite("Determinism of the cores")
struct DeterminismTests {
    @Test("No core asks the world for time, chance, order or concurrency")
    func repositoryIsDeterministic() {
        let tree = SourceTree.repository
        let everywhere = DeterminismRule.hashedNames(in: tree.files(in: DeterminismRule.rooms))
        for room in DeterminismRule.rooms.sorted() {
            let files = tree.files(in: [room])
            let hashed = DeterminismRule.hashedNames(in: files)
            let found = files.flatMap {
                DeterminismRule.offences(in: $0, hashed: hashed, hashedEverywhere: everywhere)
            }
            #expect(found == [])
        }
    }

    @Test("Every exception is still needed")
    func exceptionsAreNeeded() {
        let tree = SourceTree.repository
        for exception in DeterminismRule.exceptions {
            let room = SourceTree.target(of: exception.path) ?? ""
            let files = tree.files(in: [room])
            let hashed = DeterminismRule.hashedNames(in: files)
            let found = files.filter { $0.path == exception.path }
                .flatMap { DeterminismRule.offences(in: $0, hashed: hashed, exceptions: []) }
            #expect(!found.isEmpty, "\(exception.path) no longer needs \(exception.word)")
        }
    }

    @Test(
        "A planted offence is found",
        arguments: [
            "Task { step() }", "func step() async {}", "await step()", "actor Shard {}",
            "let now = Date()", "let id = UUID()", "let now = ContinuousClock.now",
            "let id = Int.random(in: 0..<4)", "nodes.shuffled()", "nodes.randomElement()",
            "nodes.shuffle()", "var chance = SystemRandomNumberGenerator()",
            "let slot = key.hashValue % 8", "var hasher = Hasher()", "ObjectIdentifier(a) < b",
            "let share: Double", "let share = 1.05", "let share = 1e3", "Thread.sleep()",
            "getenv(\"A\")", "weak var owner: Owner?", "deinit {}", "let lock = Mutex(0)",
            "for node in members.keys {}", "emit(members.values.map(\\.name))",
            "for (node, member) in members {}", "for node in self.seen where true {}",
            "print(\"\\(Date())\")",
        ])
    func plantedOffence(text: String) {
        let file = SourceFile(
            path: "Sources/Raft/A.swift",
            text: "var members: [NodeID: Member] = [:]\nvar seen: Set<NodeID>\n" + text)
        let hashed = DeterminismRule.hashedNames(in: [file])
        #expect(hashed == ["members", "seen"])
        #expect(!DeterminismRule.offences(in: file, hashed: hashed).isEmpty)
    }

    @Test("What has an order, a generator or only a similar name is no offence")
    func innocents() {
        let text = """
            // Date, Task and 1.05 are spoken of.
            var members: [NodeID: Member] = [:]
            var order: [NodeID] = []
            package func hash(into hasher: inout Hasher) { hasher.combine(0) }
            let text = "Task { Date() }"
            let first = pair.0.1
            let actor = command.actor
            if let actor { use(actor) }
            let id = Int.random(in: 0..<4, using: &generator)
            order.shuffle(using: &generator)
            for node in members.keys.sorted() {}
            for node in order {}
            for node in members.sorted(by: less) {}
            let count = members.values.count
            """
        let file = SourceFile(path: "Sources/Raft/A.swift", text: text)
        let hashed = DeterminismRule.hashedNames(in: [file])
        let other = SourceFile(path: "Sources/Node/B.swift", text: "var asks: [NodeID: Ask]")
        let everywhere = DeterminismRule.hashedNames(in: [file, other])
        #expect(
            DeterminismRule.offences(in: file, hashed: hashed, hashedEverywhere: everywhere) == [])
    }
}
