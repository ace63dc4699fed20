/// What lies where: the top level, the folders of the targets, and what protoc wrote.
enum LayoutRule {
    /// The names at the top of the repository beside dotfiles.
    static let topLevel: Set<String> = [
        "Package.swift", "Sources", "Tests", "cluster", "Simulations", "README.md",
    ]
    /// Folders under Sources and Tests that are no target.
    static let withoutTarget: Set<String> = [
        "Sources/WebClient", "Tests/Vectors", "Tests/Browser", "Tests/Processes", "Tests/Guards",
        "Tests/Benchmarks",
        "Simulations/Scenarios", "Simulations/Regressions",
    ]

    /// Names at the top that do not belong there; what `.gitignore` names is not ours.
    static func strangers(atTop names: [String], ignored: [String]) -> [String] {
        names.filter { name in
            !name.hasPrefix(".") && !topLevel.contains(name)
                && !ignored.contains(name) && !ignored.contains(name + "/")
        }
    }

    /// Folders that hold sources and are no target's.
    static func orphans(among paths: [String], _ manifest: Manifest) -> [String] {
        let folders = Set(
            paths.compactMap { path -> String? in
                let parts = path.split(separator: "/")
                guard parts.count >= 3, parts[0] != "cluster" else { return nil }
                return "\(parts[0])/\(parts[1])"
            })
        return folders.subtracting(withoutTarget).filter { folder in
            manifest.targets[String(folder.split(separator: "/")[1])] == nil
        }.sorted()
    }

    /// `.proto` files without what protoc writes for them, and written files whose source is gone.
    static func unpaired(among paths: [String]) -> [String] {
        let all = Set(paths)
        return paths.filter { path in
            let parts = path.split(separator: "/").map(String.init)
            guard let name = parts.last else { return false }
            if name.hasSuffix(".proto") {
                let written = String(name.dropLast(6)) + ".pb.swift"
                let folder = parts.dropLast().joined(separator: "/")
                return !all.contains("\(folder)/Generated/\(written)")
            }
            let isWritten = parts.dropLast().last == "Generated"
            guard isWritten || name.hasSuffix(".pb.swift") else { return false }
            guard isWritten, name.hasSuffix(".pb.swift") else { return true }
            let room = parts.dropLast(2).joined(separator: "/")
            return !all.contains("\(room)/\(name.dropLast(9)).proto")
        }
    }
}
