import Foundation
import Testing

@Suite("Layout")
struct LayoutTests {
    private let tree = SourceTree.repository

    @Test("The top level holds what it should and dotfiles")
    func topLevel() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: tree.root)
        let ignored = try #require(tree.text(at: ".gitignore")).split(separator: "\n").map(
            String.init)
        #expect(LayoutRule.strangers(atTop: names, ignored: ignored) == [])
        #expect(LayoutRule.topLevel.isSubset(of: names))
    }

    @Test("Every folder of sources is a target's")
    func folders() throws {
        let manifest = Manifest(text: try #require(tree.text(at: "Package.swift")))
        #expect(LayoutRule.orphans(among: tree.paths, manifest) == [])
    }

    @Test("Every .proto has what protoc writes, and nothing else is in those folders")
    func generated() {
        #expect(tree.paths.contains { $0.hasSuffix(".proto") })
        #expect(LayoutRule.unpaired(among: tree.paths) == [])
    }

    @Test("A planted stranger at the top is found")
    func plantedStranger() {
        let names = ["Sources", ".git", "notes.txt", "Package.resolved", "build"]
        let found = LayoutRule.strangers(atTop: names, ignored: ["Package.resolved", "build/"])
        #expect(found == ["notes.txt"])
    }

    @Test("A planted folder without target is found")
    func plantedFolder() {
        let manifest = Manifest(text: "room(\"Raft\")")
        let paths = [
            "Sources/Raft/A.swift", "Sources/Utils/B.swift", "Tests/Vectors/a.json", "cluster/a/b",
        ]
        #expect(LayoutRule.orphans(among: paths, manifest) == ["Sources/Utils"])
    }

    @Test("A planted source or result without its partner is found")
    func plantedPair() {
        let paths = [
            "Sources/Wire/peer.proto", "Sources/Wire/Generated/peer.pb.swift",
            "Sources/Wire/new.proto", "Sources/Wire/Generated/gone.pb.swift",
            "Sources/Wire/Generated/Hand.swift", "Sources/Raft/stray.pb.swift",
        ]
        #expect(LayoutRule.unpaired(among: paths) == Array(paths.dropFirst(2)))
    }
}
