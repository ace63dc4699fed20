// swift-tools-version: 6.2
import PackageDescription

// One list of settings for every Swift target of ours: a warning stops the build, existential types
// are spelled `any`, imports are private unless they say otherwise, and a nonisolated async
// function stays on its caller's executor.
let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// Generated code may not be held to our settings.
let generatedSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let log = Target.Dependency.product(name: "Logging", package: "swift-log")

/// A room: one concept, one folder under `Sources`.
func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
    settings: [SwiftSetting] = settings
) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// The tests of one room.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "chaticket",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "chaticket", targets: ["Chaticket"]),
        .executable(name: "simulate", targets: ["Simulate"]),
        .executable(name: "chaticket-load", targets: ["LoadGenerator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: ["YAML", "CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Leaves: they import nothing of ours but what their C part holds.
        room("Identity"),
        .target(name: "CProbes"),
        room("Determinism", ["CProbes"]),
        room(
            "Records", [protobuf],
            exclude: ["entries.proto", "records.proto", "replica.proto", "requests.proto"],
            settings: generatedSettings),

        // Cores: sans-I/O, siblings never import each other.
        room("Storage", ["Identity", "Determinism"]),
        room("Membership", ["Identity", "Determinism"]),
        room("Placement", ["Identity", "Determinism"]),
        room("Registry", ["Identity", "Determinism", "Placement"]),
        room("Raft", ["Identity", "Determinism"]),
        room("Chat", ["Identity", "Determinism", "Storage", "Records"]),
        room("Accounts", ["Identity", "Determinism", "Storage", "Records"]),
        room("Search", ["Identity", "Determinism", "Storage"]),
        room("ClientSession", ["Identity", "Determinism", "Wire"]),
        room(
            "Wire",
            ["Identity", "Determinism", "Storage", "Membership", "Raft", protobuf],
            exclude: ["peer.proto"]),
        room(
            "Node",
            [
                "Identity", "Determinism", "Storage", "Membership", "Placement", "Registry", "Raft",
                "Chat", "Accounts", "Search", "Records", "Wire", protobuf,
            ]),

        // Shells: they do what a core says and decide nothing.
        .systemLibrary(
            name: "CRocksDB", pkgConfig: "rocksdb", providers: [.apt(["librocksdb-dev"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CEncryptedEnv", dependencies: ["CRocksDB", "COpenSSL"]),
        room("Seal", ["COpenSSL"]),
        room("Compression", ["CLZ4"]),
        room(
            "RocksStore",
            ["Identity", "Determinism", "Storage", "Seal", "CRocksDB", "CEncryptedEnv"]),
        room(
            "PeerTransport",
            [
                "Identity", "Determinism", "Membership", "Wire", "Seal", "Compression", log,
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ] + nio),
        .target(
            name: "CWebAssets", exclude: ["dist"],
            cSettings: [.define("RELEASE", .when(configuration: .release))]),
        room(
            "Gateway",
            [
                "Identity", "Determinism", "Wire", "Node", "Seal", "CWebAssets", log,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ] + nio),
        room(
            "NodeHost",
            [
                "Identity", "Determinism", "Storage", "Wire", "Node", "RocksStore", "PeerTransport",
                "Gateway", "Seal", "Membership", "Registry", "Raft", log,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ] + nio),
        .executableTarget(
            name: "Chaticket",
            dependencies: [
                "Identity", "Determinism", "Storage", "Membership", "Registry", "Wire", "Node",
                "NodeHost", "RocksStore", "PeerTransport", "Gateway", "Seal", log,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ] + nio,
            swiftSettings: settings),

        // The client's side: its transport, and the load generator on it.
        room(
            "ClientTransport",
            [
                "Identity", "Determinism", "Wire", "ClientSession",
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ] + nio),
        .executableTarget(
            name: "LoadGenerator",
            dependencies: [
                "Identity", "Determinism", "Wire", "ClientSession", "ClientTransport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ] + nio,
            swiftSettings: settings),

        // Tests, in the order of the rooms.
        tests("DeterminismTests", ["Determinism"]),
        tests("IdentityTests", ["Identity", "Determinism"]),
        .target(
            name: "StoreContract", dependencies: ["Storage", "Determinism"],
            path: "Tests/StoreContract", swiftSettings: settings),
        tests("StorageTests", ["StoreContract", "Storage", "Identity", "Determinism"]),
        tests("MembershipTests", ["Membership", "Identity", "Determinism"]),
        tests("PlacementTests", ["Placement", "Identity", "Determinism"]),
        tests("RegistryTests", ["Registry", "Placement", "Identity", "Determinism"]),
        tests("RaftTests", ["Raft", "Identity", "Determinism"]),
        tests("ScenarioTests", ["Raft", "Membership", "Identity", "Determinism"]),
        tests("ChatTests", ["Chat", "Storage", "Identity", "Determinism"]),
        tests("AccountsTests", ["Accounts", "Storage", "Identity", "Determinism"]),
        tests("SearchTests", ["Search", "Storage", "Identity", "Determinism"]),
        tests("SealTests", ["Seal"]),
        tests("CompressionTests", ["Compression", "Determinism"]),
        tests("WireTests", ["Wire", "Identity", "Determinism", "Membership", "Raft"]),
        tests("ClientSessionTests", ["ClientSession", "Wire", "Identity", "Determinism"]),
        tests("ClientTransportTests", ["ClientTransport", "Determinism"] + nio),
        tests(
            "LoadGeneratorTests",
            ["LoadGenerator", "ClientTransport", "Identity", "Determinism", "Wire"] + nio),
        tests(
            "NodeTests",
            [
                "Node", "Accounts", "Chat", "Storage", "Membership", "Registry", "Raft", "Records",
                "Wire",
                "Identity", "Determinism",
            ]),
        tests(
            "GatewayTests",
            [
                "Gateway", "Node", "Wire", "Seal", "Identity", "Determinism", log,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ] + nio),
        tests(
            "SimulatorTests",
            [
                "Simulator", "ClientSession", "Node", "Raft", "Registry", "Wire", "Storage",
                "Membership", "Identity", "Determinism",
            ]),
        tests(
            "PeerTransportTests",
            [
                "PeerTransport", "Wire", "Identity", "Determinism", "Membership", "Raft", "Seal",
                log,
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ] + nio),
        .executableTarget(
            name: "StoreCrashWriter",
            dependencies: ["Identity", "Determinism", "Storage", "Seal", "RocksStore"],
            path: "Tests/StoreCrashWriter", swiftSettings: settings),
        tests(
            "RocksStoreTests",
            [
                "StoreContract", "StoreCrashWriter", "RocksStore", "Storage", "Identity",
                "Determinism", "Seal",
            ]),

        // The house style.
        tests("TidyTests", [], exclude: ["Ratchet.txt"]),

        // The simulation: the same node on virtual time, network and disk.
        .target(
            name: "Simulator",
            dependencies: [
                "Identity", "Determinism", "Storage", "Membership", "Placement", "Registry", "Raft",
                "Chat", "Accounts", "Records", "Wire", "Node", "ClientSession",
            ],
            path: "Simulations/Simulator", swiftSettings: settings),
        // The page that shows a run, embedded.
        .target(
            name: "CTimelinePage", path: "Simulations/CTimelinePage", exclude: ["timeline.html"]),
        .executableTarget(
            name: "Simulate",
            dependencies: [
                "Simulator", "Determinism", "CTimelinePage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Simulations/Simulate", swiftSettings: settings),
    ],
    cLanguageStandard: .gnu2x,
    cxxLanguageStandard: .cxx17
)

// What the hot paths of the cores cost (`cluster/benchmark`). Nobody who builds, runs or tests needs
// it, nor the packages that it brings.
if Context.environment["CHATICKET_BENCHMARKS"] != nil {
    package.dependencies.append(
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []))
    package.targets.append(
        .executableTarget(
            name: "Cores",
            dependencies: [
                "Identity", "Determinism", "Storage", "Placement", "Raft", "Chat", "Search", "Wire",
                "Node", .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Tests/Benchmarks/Cores", swiftSettings: settings,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]))
}
