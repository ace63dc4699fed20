import ClientSession
import Determinism
import Foundation
import Identity
import Testing
import Wire

/// One story of `Tests/Vectors/client-core.json`, which the browser's core passes too.
struct Story: Sendable, CustomTestStringConvertible {
    let name: String
    let steps: [JSONValue]

    var testDescription: String { name }

    static let all: [Story] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = folder.appending(path: "Vectors/client-core.json")
        guard let data = try? Data(contentsOf: file),
            let value = try? JSONReader.value(Array(data)),
            case .array(let stories) = value
        else { return [] }
        return stories.compactMap { story in
            guard let object = try? JSONObject(story), let name = try? object.string("name"),
                let steps = try? object.array("steps")
            else { return nil }
            return Story(name: name, steps: steps)
        }
    }()
}

@Suite("Client core: the stories that both cores pass")
struct StoryTests {
    @Test("There are stories")
    func exist() { #expect(Story.all.count > 40) }

    @Test("The core does what the story says", arguments: Story.all)
    func story(_ story: Story) throws {
        var core = ClientCore()
        for (number, value) in story.steps.enumerated() {
            let step = try JSONObject(value)
            let event = try ClientEvent(step.object("event"))
            let random = try step.optionalInteger("random") ?? 0
            let effects = core.receive(event, random: random)
            core.checkInvariants()
            if let expected = step["effects"] {
                let actual = try JSONValue.array(effects.map { try $0.vector() })
                #expect(actual.sorted == expected.sorted, "effects of step \(number)")
            }
            if let expected = step["state"] {
                try compare(core.vector(), expected, "state after step \(number)")
            }
        }
    }

    /// Compares the members that `expected` names, inside objects too.
    private func compare(_ actual: JSONValue, _ expected: JSONValue, _ place: String) throws {
        guard case .object(let members) = expected else {
            #expect(actual.sorted == expected.sorted, "\(place)")
            return
        }
        guard case .object(let found) = actual else {
            Issue.record("\(place) is no object")
            return
        }
        if members.isEmpty { #expect(found.isEmpty, "\(place)") }
        for member in members {
            let value = found.first { $0.name == member.name }?.value ?? .null
            try compare(value, member.value, "\(place).\(member.name)")
        }
    }
}

extension JSONValue {
    /// The same value with members in the order of their names.
    var sorted: JSONValue {
        switch self {
        case .array(let values): .array(values.map(\.sorted))
        case .object(let members):
            .object(
                members.map { JSONMember(name: $0.name, value: $0.value.sorted) }
                    .sorted { $0.name < $1.name })
        default: self
        }
    }

    /// The text of the value.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.integer(UInt64(max(0, value)))
        case .string(let text): writer.string(text)
        case .array(let values):
            writer.beginArray()
            for value in values { value.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.key(member.name)
                member.value.write(to: &writer)
            }
            writer.endObject()
        }
    }

    static func integer(_ value: UInt64) -> JSONValue { .integer(Int64(value)) }

    /// The form of a protocol value.
    static func of(_ value: some JSONEncodable) throws -> JSONValue {
        try JSONReader.value(value.jsonBytes)
    }

    static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { JSONMember(name: $0.key, value: $0.value) })
    }
}
