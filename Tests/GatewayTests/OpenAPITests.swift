import Foundation
import HTTPTypes
import Logging
import Testing

@testable import Gateway

@Suite("The OpenAPI document")
struct OpenAPITests {
    @Test("It lists exactly the routes that the listener has, and the socket")
    func listsTheRoutes() throws {
        let routes = GatewayRoutes(
            backend: FakeNode(), secrets: GatewaySecrets(secret: FakeNode.clusterSecret),
            codeSender: FakeCodeSender(), limiter: SignInLimiter(SignInLimits()),
            metrics: GatewayMetrics(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var served = routes.all.map { $0.method.rawValue.lowercased() + " " + $0.path }
        served.append("get " + SocketGate.path)
        let paths = try #require(try document()["paths"] as? [String: [String: Any]])
        let described = paths.flatMap { path, operations in operations.keys.map { $0 + " " + path }
        }
        #expect(Set(served) == Set(described))
        #expect(served.count == described.count)
    }

    @Test(
        "Every unsafe operation asks for an Idempotency-Key, and every operation says how it fails")
    func operationsAreComplete() throws {
        let paths = try #require(try document()["paths"] as? [String: [String: [String: Any]]])
        var ids: Set<String> = []
        for (path, operations) in paths {
            for (method, operation) in operations {
                let parameters = operation["parameters"] as? [[String: Any]] ?? []
                let references = parameters.compactMap { $0["$ref"] as? String }
                #expect(
                    references.contains("#/components/parameters/key") == (method != "get"),
                    "\(method) \(path)")
                #expect(references.contains("#/components/parameters/id") == path.contains("{id}"))
                let responses = operation["responses"] as? [String: Any]
                #expect(responses?["default"] != nil)
                #expect(ids.insert(operation["operationId"] as? String ?? "").inserted)
            }
        }
    }

    @Test("Every reference leads somewhere")
    func referencesResolve() throws {
        let document = try document()
        var references: [String] = []
        collect(document, into: &references)
        #expect(references.count > 50)
        for reference in references {
            var place: Any? = document
            for part in reference.dropFirst(2).split(separator: "/") {
                place = (place as? [String: Any])?[String(part)]
            }
            #expect(place != nil, "\(reference)")
        }
    }

    private func document() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(OpenAPIDocument.text.utf8))
        return try #require(object as? [String: Any])
    }

    private func collect(_ value: Any, into references: inout [String]) {
        if let object = value as? [String: Any] {
            if let reference = object["$ref"] as? String { references.append(reference) }
            for (_, value) in object { collect(value, into: &references) }
        } else if let array = value as? [Any] {
            for value in array { collect(value, into: &references) }
        }
    }
}
