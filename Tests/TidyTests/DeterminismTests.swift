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
            "print(\"\\(Date())\")", "let now = Clock.now", "clock_gettime(CLOCK_REALTIME, &time)",
            "let n = arc4random_uniform(4)", "withUnsafePointer(to: &a) { order($0) }",
            "let text = try JSONEncoder().encode(a)", "withMainSerialExecutor {}",
            "@MainActor var a = 0", "let share: CGFloat", "let share: Decimal",
            "let n = CommandLine.arguments", "let n = FileManager.default",
            "let l = Locale.current",
            "a.localizedCompare(b)", "NSLock()", "pthread_self()", "let queue = DispatchGroup()",
            "let one = seen.first", "let all = Array(seen)", "let names = members.map { $0.key }",
            "members.forEach { send($0) }", "let text = seen.description", "seen.popFirst()",
            "emit(self.seen.compactMap(\\.name))", "let sum = members.reduce(into: []) {}",
            "for (place, node) in seen.enumerated() {}",
        ])
    func plantedOffence(text: String) {
        let file = SourceFile(
            path: "Sources/Raft/A.swift",
            text: "var members: [NodeID: Member] = [:]\nvar seen: Set<NodeID>\n" + text)
        let hashed = DeterminismRule.hashedNames(in: [file])
        #expect(hashed == ["members", "seen"])
        #expect(!DeterminismRule.offences(in: file, hashed: hashed).isEmpty)
    }

    @Test("What is made as a set or a dictionary counts as one without a written type")
    func inferred() {
        let file = SourceFile(
            path: "Sources/Raft/A.swift",
            text: "let seen = Set(nodes)\nlet byName = Dictionary(grouping: nodes, by: name)")
        #expect(DeterminismRule.hashedNames(in: [file]) == ["seen", "byName"])
    }

    @Test("No build goes on where a promise is broken, and none fixes the seeds of hashing")
    func builds() throws {
        let tree = SourceTree.repository
        let names = ["Package.swift", "cluster/test", "cluster/up", "cluster/common.bash"]
        for name in names {
            let text = try #require(tree.text(at: name))
            #expect(DeterminismRule.offences(inBuild: text) == [], "\(name)")
        }
        #expect(DeterminismRule.offences(inBuild: "swiftc -Ounchecked a") == ["-Ounchecked"])
        #expect(
            !DeterminismRule.offences(inBuild: "SWIFT_DETERMINISTIC_HASHING=1 simulate").isEmpty)
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
            let known = members.contains { $0.key == node }
            let sorted = members.map { $0.key }.sorted()
            let list = Array(members).sorted(by: less)
            let other = order.first
            """
        let file = SourceFile(path: "Sources/Raft/A.swift", text: text)
        let hashed = DeterminismRule.hashedNames(in: [file])
        let other = SourceFile(path: "Sources/Node/B.swift", text: "var asks: [NodeID: Ask]")
        let everywhere = DeterminismRule.hashedNames(in: [file, other])
        #expect(
            DeterminismRule.offences(in: file, hashed: hashed, hashedEverywhere: everywhere) == [])
    }
}
