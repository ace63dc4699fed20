import Identity
import Testing
import Wire

@testable import LoadGenerator

@Suite("Load generator: the demo's script and what it makes of it")
struct DemoTests {
    private static let text = """
        {
          "people": [
            {"key": "ada", "name": "Ada", "username": "ada_one", "phone": "+12025550101"},
            {"key": "bo", "name": "Bo", "username": "bo_two", "phone": "+12025550102"}
          ],
          "talk": {"en": {
            "words": {"food": ["soup", "cake"]},
            "exchanges": [["Is there {food}?", "There is {food}.", "Good."], ["Hello."]]
          }},
          "chats": [{
            "key": "tea", "name": "Tea", "fullName": "", "members": ["ada", "bo"],
            "talk": ["en"], "messages": 200, "unread": 1,
            "scene": [
              {"by": "bo", "key": "first", "text": "Frist", "becomes": "First"},
              {"by": "ada", "text": "Second", "answers": "first", "stars": ["bo"]}
            ]
          }],
          "forwards": [{"from": "tea", "message": "first", "to": "tea", "by": "ada"}]
        }
        """

    private static func script(_ text: String = DemoTests.text) throws -> DemoScript {
        try DemoScript(parsing: Array(text.utf8))
    }

    private static func play() throws -> DemoPlay {
        let script = try script()
        return DemoPlay(script.chats[0], of: script)
    }

    @Test("A script is read whole")
    func read() throws {
        let script = try Self.script()
        #expect(script.people.map(\.profile.name) == ["Ada", "Bo"])
        #expect(script.number(of: "bo") == 1 && script.number(of: "eve") == nil)
        #expect(script.messageCount(of: script.chats[0]) == 203)
        #expect(script.forwards.map(\.speaker) == ["ada"])
    }

    @Test(
        "A script that names what is not there is none",
        arguments: [
            (#""by": "bo""#, #""by": "eve""#), (#""answers": "first""#, #""answers": "last""#),
            (#""stars": ["bo"]"#, #""stars": ["eve"]"#), (#""talk": ["en"]"#, #""talk": ["la"]"#),
            (#""message": "first""#, #""message": "last""#), (#""to": "tea""#, #""to": "pub""#),
            (#""members": ["ada", "bo"]"#, #""members": ["ada", "ada"]"#),
            (#""messages": 200"#, #""messages": "many""#),
        ])
    func wrong(before: String, after: String) throws {
        #expect(Self.text.contains(before))
        #expect(throws: ClientFrameError.self) {
            try Self.script(Self.text.replacing(before, with: after))
        }
    }

    @Test("Small talk fills a chat up to its scene, in which answers point at their lines")
    func lines() throws {
        let lines = try Self.play().lines
        #expect(lines.count == 202)
        #expect(lines[200].text == "Frist" && lines[200].becomes == "First")
        #expect(lines[201].answers == 200 && lines[201].stars == ["bo"])
        for (index, line) in lines.prefix(200).enumerated() {
            #expect(!line.text.contains("{"))
            #expect(line.answers == nil || line.answers == index - 1)
            #expect(index == 0 || line.speaker != lines[index - 1].speaker)
        }
        #expect(lines.contains { $0.answers != nil } && lines.contains { $0.becomes != nil })
        #expect(lines.contains { $0.text.contains("soup") })
        #expect(lines.contains { $0.text.contains("cake") })
    }

    @Test("The same is said at every run, with the same ids, which are each another one and ascend")
    func same() throws {
        let play = try Self.play()
        #expect(try Self.play() == play)
        let birth: UInt64 = 1_700_000_000_000
        let ids = play.lines.indices.map { play.id("line", place: $0, birth: birth) }
        #expect(ids == play.lines.indices.map { play.id("line", place: $0, birth: birth) })
        #expect(ids == ids.sorted() && Set(ids).count == ids.count)
        #expect(ids[3].milliseconds == birth + 3)
        #expect(play.id("edit", place: 3, birth: birth) != ids[3])
        #expect(play.id("line", place: 3, birth: birth + 1) != ids[3])
    }
}
