import Determinism
import Foundation
import Identity
import Testing
import Wire

/// A frame of `Tests/Vectors/frames.json`, as bytes.
struct FrameVector: Sendable, CustomTestStringConvertible {
    let name: String
    let isOfServer: Bool
    let json: [UInt8]
    /// What it decodes to; nil when it is refused.
    let decoded: [UInt8]?

    var testDescription: String { name }

    static let all: [FrameVector] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appending(path: "Vectors/frames.json")
        guard let data = try? Data(contentsOf: file),
            let list = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
        else { return [] }
        return list.compactMap { item in
            guard let name = item["name"] as? String, let value = item["json"] else { return nil }
            let expected = item["decoded"] ?? value
            return FrameVector(
                name: name, isOfServer: item["direction"] as? String == "server",
                json: bytes(value), decoded: expected is NSNull ? nil : bytes(expected))
        }
    }()

    private static func bytes(_ value: Any) -> [UInt8] {
        Array(
            (try? JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed))
                ?? Data())
    }
}

@Suite("Client frames")
struct ClientFrameTests {
    @Test("There are vectors")
    func exist() { #expect(FrameVector.all.count > 30) }

    @Test("Frames that both sides know decode, and encode to the same", arguments: FrameVector.all)
    func vectors(_ vector: FrameVector) throws {
        if vector.isOfServer {
            guard let decoded = vector.decoded else {
                #expect(throws: ClientFrameError.self) { try ServerFrame(decoding: vector.json) }
                return
            }
            let frame = try ServerFrame(decoding: vector.json)
            #expect(try ServerFrame(decoding: frame.jsonBytes) == frame)
            // An unknown entry is told apart by another word in the browser.
            if String(decoding: decoded, as: UTF8.self).contains("original") {
                guard case .push(_, _, let entry) = frame, case .unknown = entry.content else {
                    Issue.record("not kept as unknown")
                    return
                }
            } else {
                #expect(try ServerFrame(decoding: decoded) == frame)
            }
        } else {
            let frame = try ClientFrame(decoding: vector.json)
            let encoded = try JSONReader.value(frame.jsonBytes)
            #expect(sorted(encoded) == sorted(try JSONReader.value(vector.json)))
        }
    }

    @Test("A frame over 64 KiB is refused before it is read")
    func tooBig() {
        let big = [UInt8](repeating: 0x20, count: ClientFrame.byteCountMax + 1)
        #expect(throws: ClientFrameError.tooBig) { try ClientFrame(decoding: big) }
    }

    @Test("A hello names at most 512 chats")
    func openMax() throws {
        let open = (0..<513).map { number in
            Hello.Open(chat: ChatID(high: 1, low: UInt64(number)), cursor: .nothing)
        }
        #expect(throws: ClientFrameError.tooLong("open")) {
            try ClientFrame(
                JSONObject(JSONReader.value(ClientFrame.hello(Hello(open: open)).jsonBytes)))
        }
        let frame = ClientFrame.hello(Hello(open: Array(open.dropLast())))
        #expect(try ClientFrame(JSONObject(JSONReader.value(frame.jsonBytes))) == frame)
    }

    @Test("What is missing, wrong or too long is named")
    func named() {
        func error(_ text: String) -> ClientFrameError? {
            do throws(ClientFrameError) {
                _ = try ClientFrame(decoding: Array(text.utf8))
                return nil
            } catch { return error }
        }
        #expect(error(#"{}"#) == .missing("kind"))
        #expect(error(#"{"kind":1}"#) == .wrong("kind"))
        #expect(error(#"{"kind":"x"}"#) == .unknownKind("x"))
        #expect(error(#"[]"#) == .notObject)
        #expect(error(#"{"kind":"open","chat":"A","epoch":0,"seq":0}"#) == .wrong("chat"))
        #expect(error(#"{"kind":"mark","chat":"\#(id)"}"#) == .missing("n"))
        #expect(error(#"{"kind":"mark","chat":"\#(id)","n":-1}"#) == .wrong("n"))
        let send = #"{"kind":"send","cmid":"0190b4a0c00070008000000000000004","chat":"\#(id)","#
        for wrong in ["0", "-1", #""1""#, "[]", "true"] {
            #expect(error(send + #""text":"x","replyTo":\#(wrong)}"#) == .wrong("replyTo"))
        }
        #expect(error(send + #""text":"x","replyTo":null}"#) == nil)
        let edit = #"{"kind":"edit","cmid":"0190b4a0c00070008000000000000004","chat":"\#(id)","#
        for wrong in ["0", "-1", #""1""#, "[]"] {
            #expect(error(edit + #""text":"x","target":\#(wrong)}"#) == .wrong("target"))
        }
        #expect(error(edit + #""text":"x"}"#) == .missing("target"))
        #expect(error(edit + #""target":1}"#) == .missing("text"))
        let delete = edit.replacing("edit", with: "deleteMessage")
        #expect(error(delete + #""target":0}"#) == .wrong("target"))
        #expect(error(delete + #""text":"x"}"#) == .missing("target"))
        let react = edit.replacing("edit", with: "react")
        #expect(error(react + #""target":1}"#) == nil)
        #expect(error(react + #""target":0,"emoji":"x"}"#) == .wrong("target"))
        #expect(error(react + #""target":1,"emoji":1}"#) == .wrong("emoji"))
        let device = String(repeating: "x", count: 65)
        #expect(error(#"{"kind":"hello","device":"\#(device)"}"#) == .tooLong("device"))
    }

    private let id = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

    private func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let values): .array(values.map(sorted))
        case .object(let members):
            .object(
                members.map { JSONMember(name: $0.name, value: sorted($0.value)) }
                    .sorted { $0.name < $1.name })
        default: value
        }
    }
}

@Suite("JSON of the client protocol")
struct JSONReaderTests {
    private func value(_ text: String) throws(JSONError) -> JSONValue {
        try JSONReader.value(Array(text.utf8))
    }

    @Test(
        "What is not JSON, or not the JSON of the protocol, is refused",
        arguments: [
            "", " ", "{", "}", "[1,]", "{\"a\":}", "{\"a\":1,}", "{a:1}", "'a'", "nul", "truefalse",
            "01", "-", "1.5", "1e3", "9007199254740992", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
            "\"\\ud800\\u0041\"", "\"\u{1}\"", "\"a", "1 2", "{\"a\":1,\"a\":2}",
        ])
    func refused(_ text: String) {
        #expect(throws: JSONError.self) { try value(text) }
    }

    @Test("Bytes that are not UTF-8 are refused")
    func notUTF8() {
        #expect(throws: JSONError.notUTF8) { try JSONReader.value([0x22, 0xFF, 0x22]) }
        #expect(throws: JSONError.notUTF8) { try JSONReader.value([0x22, 0xC0, 0x80, 0x22]) }
        #expect(throws: JSONError.notUTF8) { try JSONReader.value([0x22, 0xED, 0xA0, 0x80, 0x22]) }
    }

    @Test("Values nest 16 deep and no deeper")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try value(nested(16))
        #expect(throws: JSONError.tooDeep) { try value(nested(17)) }
    }

    @Test("Texts come through writing and reading unchanged")
    func texts() throws {
        var generator = SeededGenerator(seed: 5)
        let alphabet: [Character] = [
            "a", "\"", "\\", "\u{0}", "\n", "\u{1F}", "ü", "👋", "\u{2028}", "/",
        ]
        for _ in 0..<200 {
            let text = String(
                (0..<generator.next(upperBound: UInt64(20))).map { _ in
                    alphabet[Int(generator.next(upperBound: UInt64(alphabet.count)))]
                })
            var writer = JSONWriter()
            writer.string(text)
            #expect(try JSONReader.value(writer.bytes) == .string(text))
        }
    }

    @Test("Numbers come through up to 2^53 - 1, and escapes of any form are read")
    func numbers() throws {
        for number in [UInt64(0), 9, 10, 1_234_567_890, 9_007_199_254_740_991] {
            var writer = JSONWriter()
            writer.integer(number)
            #expect(try JSONReader.value(writer.bytes) == .integer(Int64(number)))
        }
        #expect(try value("-5") == .integer(-5))
        #expect(try value(#""\u00fc\ud83d\udc4b\/""#) == .string("ü👋/"))
    }

    @Test("Random bytes never trap")
    func garbage() {
        var generator = SeededGenerator(seed: 6)
        let likely = Array("{}[]\",:\\u0123456789aeltrufns- ".utf8)
        for _ in 0..<3_000 {
            let bytes = (0..<generator.next(upperBound: UInt64(40))).map { _ in
                likely[Int(generator.next(upperBound: UInt64(likely.count)))]
            }
            _ = try? JSONReader.value(bytes)
            _ = try? ClientFrame(decoding: bytes)
            _ = try? ServerFrame(decoding: bytes)
        }
    }
}
