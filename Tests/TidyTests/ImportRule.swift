/// What may import what: the arrows of the rooms, and each import against Package.swift.
enum ImportRule {
    /// An import in a source.
    struct Import: Hashable, Sendable {
        let module: String
        let token: Token
    }

    /// What each room may depend on among ours. A room that is not here may depend on nothing.
    static let arrows: [String: Set<String>] = {
        let leaves: Set<String> = ["Identity", "Determinism"]
        let cores: Set<String> = leaves.union([
            "Storage", "Membership", "Placement", "Registry", "Raft", "Chat", "Accounts", "Search",
            "Records", "Wire", "Node", "ClientSession",
        ])
        return [
            "Identity": [], "CProbes": [], "Determinism": ["CProbes"], "Records": [],
            "Storage": leaves, "Membership": leaves, "Placement": leaves, "Raft": leaves,
            // The registry decides by placement: it holds the plan and asks for the next one.
            "Registry": leaves.union(["Placement"]),
            "Chat": leaves.union(["Storage", "Records"]),
            "Accounts": leaves.union(["Storage", "Records"]),
            "Search": leaves.union(["Storage"]),
            "Wire": leaves.union(["Storage", "Membership", "Raft"]),
            // The client's core speaks the frames of Wire.
            "ClientSession": leaves.union(["Wire"]),
            "Node": cores.subtracting(["Node", "ClientSession"]),
            "CRocksDB": [], "CLZ4": [], "COpenSSL": [], "CWebAssets": [],
            "CEncryptedEnv": ["CRocksDB", "COpenSSL"],
            "Seal": ["COpenSSL"], "Compression": ["CLZ4"],
            "RocksStore": leaves.union(["Storage", "Seal", "CRocksDB", "CEncryptedEnv"]),
            "PeerTransport": leaves.union(["Wire", "Membership", "Seal", "Compression"]),
            "Gateway": leaves.union(["Wire", "Node", "Seal", "CWebAssets"]),
            "NodeHost": leaves.union([
                "Storage", "Membership", "Registry", "Raft", "Wire", "Node", "RocksStore",
                "PeerTransport", "Gateway", "Seal",
            ]),
            "ClientTransport": leaves.union(["Wire", "ClientSession"]),
            "LoadGenerator": leaves.union(["Wire", "ClientSession", "ClientTransport"]),
            "Chaticket": leaves.union([
                "Storage", "Membership", "Registry", "Wire", "Node", "NodeHost", "RocksStore",
                "PeerTransport", "Gateway", "Seal",
            ]),
            "Simulator": cores,
            "CTimelinePage": [],
            "Simulate": leaves.union(["Simulator", "CTimelinePage"]),
        ]
    }()

    /// The modules of the toolchain, which no manifest declares.
    static let toolchain: Set<String> = [
        "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Dispatch",
        "Synchronization", "Testing",
    ]

    /// The rooms that never touch the world.
    static let pure: Set<String> = [
        "Identity", "Determinism", "Records", "Storage", "Membership", "Placement", "Registry",
        "Raft", "Chat", "Accounts", "Search", "ClientSession", "Wire", "Node", "Simulator",
    ]

    /// What a pure room may import beside ours, and in which of its files.
    private static func isAllowed(_ module: String, in room: String, _ file: SourceFile) -> Bool {
        switch (room, module) {
        case ("Records", "SwiftProtobuf"), ("Wire", "SwiftProtobuf"),
            ("Records", "FoundationEssentials"), ("Wire", "FoundationEssentials"):
            true
        case ("Records", "Foundation"), ("Wire", "Foundation"):
            // Where the toolchain has no FoundationEssentials, as in what protoc writes.
            file.code.contains { $0.isWord("canImport") }
        case ("Node", "SwiftProtobuf"):
            file.path == "Sources/Node/Replicas/ReplicaRecords.swift"
        default: false
        }
    }

    /// The imports of `file`, `import struct Room.Thing` included.
    static func imports(of file: SourceFile) -> [Import] {
        let kinds: Set<String> = [
            "struct", "class", "enum", "protocol", "func", "typealias", "let", "var",
        ]
        return file.code.indices.compactMap { index in
            guard file.code[index].isWord("import"), index + 1 < file.code.count else { return nil }
            let next = file.code[index + 1]
            guard kinds.contains(next.text), index + 2 < file.code.count else {
                return Import(module: next.text, token: next)
            }
            return Import(module: file.code[index + 2].text, token: next)
        }
    }

    /// Imports that the manifest does not declare, or that a pure room may not have.
    static func offences(in file: SourceFile, _ manifest: Manifest) -> [Offence] {
        // A benchmark is of the manifest only while they are measured.
        guard let room = SourceTree.target(of: file.path), room != "Benchmarks" else { return [] }
        guard let target = manifest.targets[room] else {
            return [Offence(path: file.path, line: 1, text: "no target is named \(room)")]
        }
        return imports(of: file).compactMap { found in
            let module = found.module
            let isOurs = manifest.targets[module] != nil
            if !toolchain.contains(module), !target.dependencies.contains(module) {
                return Offence(file, found.token, "\(room) does not declare \(module)")
            }
            if pure.contains(room), !isOurs, !isAllowed(module, in: room, file) {
                return Offence(file, found.token, "\(room) is pure and may not import \(module)")
            }
            if module == "Testing", !file.path.hasPrefix("Tests/") {
                return Offence(file, found.token, "only tests import Testing")
            }
            return nil
        }
    }

    /// Dependencies that point the wrong way.
    static func offences(in manifest: Manifest) -> [Offence] {
        manifest.targets.values.sorted { $0.name < $1.name }.flatMap { target in
            let ours = target.dependencies.filter { manifest.targets[$0] != nil }.sorted()
            let allowed = arrows[target.name] ?? allowedForTests(target.name)
            return ours.compactMap { dependency -> Offence? in
                guard let allowed, !allowed.contains(dependency) else { return nil }
                return Offence(
                    path: "Package.swift", line: 1,
                    text: "no arrow leads from \(target.name) to \(dependency)")
            }
        }
    }

    /// What the tests of a pure room may depend on: no shell. Nil when the tests are a shell's.
    private static func allowedForTests(_ name: String) -> Set<String>? {
        if name == "StoreContract" { return ["Storage", "Determinism"] }
        guard name.hasSuffix("Tests") else { return nil }
        let room = String(name.dropLast("Tests".count))
        guard pure.contains(room) else { return nil }
        return pure.union(["StoreContract"])
    }
}
