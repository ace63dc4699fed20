import Testing

@Suite("Imports")
struct ImportTests {
    private let manifest = Manifest(
        text: """
            let log = Target.Dependency.product(name: "Logging", package: "swift-log")
            let nio: [Target.Dependency] = [.product(name: "NIOCore", package: "swift-nio")]
            func room(_ name: String) -> Target { .target(name: name) }
            let package = Package(targets: [
                room("Identity"),
                room("Determinism", exclude: ["Identity"]),
                room("Raft", ["Identity"], settings: generated),
                room("Records", [protobuf]),
                room("Gateway", ["Raft", log, .product(name: "X", package: "p")] + nio),
                .target(name: "CThing", dependencies: ["Raft"], exclude: ["dist"]),
                .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["lz4-dev"])]),
            ])
            """)

    @Test("Every import is declared, and no pure room imports the world")
    func repositoryImports() throws {
        let tree = SourceTree.repository
        let manifest = Manifest(text: try #require(tree.text(at: "Package.swift")))
        #expect(manifest.targets.count > 25)
        #expect(tree.swift.count > 200)
        #expect(tree.swift.flatMap { ImportRule.offences(in: $0, manifest) } == [])
    }

    @Test("Dependencies point from I/O to pure, from composite to leaf")
    func repositoryArrows() throws {
        let tree = SourceTree.repository
        let manifest = Manifest(text: try #require(tree.text(at: "Package.swift")))
        #expect(ImportRule.offences(in: manifest) == [])
    }

    @Test("The manifest's targets are read with their dependencies and nothing else")
    func manifestIsRead() {
        #expect(
            manifest.targets.mapValues(\.dependencies) == [
                "Identity": [], "Determinism": [], "Raft": ["Identity"], "Records": [],
                "Gateway": ["Raft", "Logging", "X", "NIOCore"], "CThing": ["Raft"], "CLZ4": [],
            ])
    }

    @Test(
        "A planted import is found",
        arguments: [
            (
                "Sources/Raft/A.swift", "import Foundation",
                "Raft is pure and may not import Foundation"
            ),
            ("Sources/Raft/A.swift", "package import Records", "Raft does not declare Records"),
            ("Sources/Raft/A.swift", "internal import NIOCore", "Raft does not declare NIOCore"),
            (
                "Sources/Raft/A.swift", "import struct Gateway.Thing",
                "Raft does not declare Gateway"
            ),
            ("Sources/Raft/A.swift", "import Synchronization", "may not import Synchronization"),
            ("Sources/Gateway/A.swift", "import NIOExtras", "Gateway does not declare NIOExtras"),
            ("Sources/Gateway/A.swift", "import Testing", "only tests import Testing"),
            ("Sources/Nowhere/A.swift", "let a = 1", "no target is named Nowhere"),
        ])
    func plantedImport(path: String, text: String, expected: String) {
        let found = ImportRule.offences(in: SourceFile(path: path, text: text), manifest)
        #expect(found.count == 1)
        #expect(found.first?.text.hasSuffix(expected) == true)
    }

    @Test("An import that is declared, or only spoken of, is no offence")
    func innocentImport() {
        let text = """
            // import Foundation
            package import Identity
            let a = "import NIOCore"
            """
        let file = SourceFile(path: "Sources/Raft/A.swift", text: text)
        #expect(ImportRule.offences(in: file, manifest) == [])
    }

    @Test("A dependency between siblings, or from a pure room's tests to a shell, is found")
    func plantedArrow() {
        let manifest = Manifest(
            text: """
                room("Identity"), room("Membership", ["Identity"]), room("Gateway"),
                room("Raft", ["Identity", "Membership"]), tests("RaftTests", ["Raft", "Gateway"])
                """)
        #expect(
            ImportRule.offences(in: manifest).map(\.text) == [
                "no arrow leads from Raft to Membership",
                "no arrow leads from RaftTests to Gateway",
            ])
    }
}
