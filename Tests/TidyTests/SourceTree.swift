import Foundation

/// The files of the repository that these tests belong to.
struct SourceTree: Sendable {
    /// The tree, read once.
    static let repository = SourceTree(root: repositoryRoot)

    /// The folder that holds Package.swift: two above this file's.
    static let repositoryRoot: String = {
        var url = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.path
    }()

    let root: String
    /// Every file that is ours, as paths from the root, in order; build output, what `.gitignore`
    /// names by folder, and hidden folders are left out.
    let paths: [String]
    /// Our Swift files, in order: not Package.swift, not what protoc wrote.
    let swift: [SourceFile]

    private static let builtFolders: Set<String> = ["node_modules", "__pycache__"]
    private static let builtPaths = ["Sources/CWebAssets/dist/", "Sources/WebClient/build/"]

    init(root: String) {
        self.root = root
        var paths: [String] = []
        for top in ["Sources", "Tests", "Simulations", "cluster"] {
            paths += Self.files(under: top, of: root)
        }
        self.paths = paths.sorted()
        self.swift = self.paths.filter { $0.hasSuffix(".swift") && !$0.contains("/Generated/") }
            .compactMap { path in
                Self.text(at: path, of: root).map { SourceFile(path: path, text: $0) }
            }
    }

    /// The text of the file at `path`, or nil when there is none or it is not UTF-8.
    func text(at path: String) -> String? { Self.text(at: path, of: root) }

    private static func text(at path: String, of root: String) -> String? {
        try? String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }

    private static func files(under top: String, of root: String) -> [String] {
        let url = URL(fileURLWithPath: root).appendingPathComponent(top)
        guard
            let walk = FileManager.default.enumerator(
                at: url, includingPropertiesForKeys: [.isDirectoryKey],
                options: [.skipsHiddenFiles])
        else { return [] }
        var found: [String] = []
        for case let file as URL in walk {
            if builtFolders.contains(file.lastPathComponent) {
                walk.skipDescendants()
                continue
            }
            let isFolder =
                (try? file.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
            let path = String(file.path.dropFirst(root.count + 1))
            guard !isFolder, !builtPaths.contains(where: path.hasPrefix) else { continue }
            found.append(path)
        }
        return found
    }
}

extension SourceTree {
    /// The target that a source belongs to: the folder below `Sources`, `Tests` or `Simulations`.
    static func target(of path: String) -> String? {
        let parts = path.split(separator: "/")
        guard parts.count >= 3, ["Sources", "Tests", "Simulations"].contains(parts[0]) else {
            return nil
        }
        return String(parts[1])
    }

    /// The same tree with one file more, for tests that plant an offence.
    func files(in targets: Set<String>) -> [SourceFile] {
        swift.filter { file in Self.target(of: file.path).map(targets.contains) ?? false }
    }
}
