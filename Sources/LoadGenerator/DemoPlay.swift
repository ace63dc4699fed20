import Determinism
import Identity

/// All that is said in one chat of a demo, in order: the same at every run, because whatever is
/// drawn is drawn by the chat's key.
struct DemoPlay: Hashable, Sendable {
    /// One message.
    struct Line: Hashable, Sendable {
        let speaker: String
        let text: String
        /// By which forwards name it.
        let key: String?
        /// The place of the line that it answers.
        let answers: Int?
        /// What its speaker makes of it at once.
        let becomes: String?
        let stars: [String]
    }

    let chat: DemoScript.Chat
    let lines: [Line]

    private static let seed: UInt64 = 2026

    init(_ chat: DemoScript.Chat, of script: DemoScript) {
        self.chat = chat
        var generator = SeededGenerator(seed: DemoPlay.seed).forked(named: chat.key)
        var lines: [Line] = []
        while lines.count < chat.talkCount {
            let exchange = DemoPlay.exchange(
                chat, script, from: lines.count, after: lines.last?.speaker, using: &generator)
            lines += exchange.prefix(chat.talkCount - lines.count)
        }
        var places: [String: Int] = [:]
        for line in chat.scene {
            lines.append(
                Line(
                    speaker: line.speaker, text: line.text, key: line.key,
                    answers: line.answers.flatMap { places[$0] }, becomes: line.becomes,
                    stars: line.stars))
            if let key = line.key { places[key] = lines.count - 1 }
        }
        self.lines = lines
    }

    /// The id of a command about this chat, made at `birth`, when the chat was: the same at every
    /// run, so that what was done before an interruption is not done twice. `name` tells commands
    /// apart; `place` keeps the ids in the order of the lines.
    func id(_ name: String, place: Int, birth: UInt64) -> MessageID {
        var generator = SeededGenerator(seed: DemoPlay.seed).forked(
            named: "\(chat.key) \(name) \(place)")
        return MessageID(milliseconds: birth + UInt64(place), using: &generator)
    }

    private static func exchange(
        _ chat: DemoScript.Chat, _ script: DemoScript, from first: Int, after last: String?,
        using generator: inout SeededGenerator
    ) -> [Line] {
        let name = chat.languages.drawn(using: &generator)
        guard let language = script.languages[name] else {
            preconditionFailure("a script has every language of its chats")
        }
        let texts = language.exchanges.drawn(using: &generator)
        let words = language.words.map { ($0.slot, $0.choices.drawn(using: &generator)) }
        var speaker = last
        return texts.enumerated().map { index, text in
            // Nobody answers themselves.
            let next = chat.members.filter { $0 != speaker }.drawn(using: &generator)
            speaker = next
            let said = words.reduce(text) { $0.replacing($1.0, with: $1.1) }
            let isAnswer = index > 0 && generator.chance(1, in: 5)
            return Line(
                speaker: next, text: said, key: nil, answers: isAnswer ? first + index - 1 : nil,
                becomes: generator.chance(1, in: 50) ? said + " 🙂" : nil,
                stars: generator.chance(1, in: 60) ? [next] : [])
        }
    }
}

extension Array {
    /// One of the elements, of which there must be some. The same draws give the same one in every
    /// version of the compiler, which `randomElement` does not promise.
    fileprivate func drawn(using generator: inout SeededGenerator) -> Element {
        precondition(!isEmpty, "one of none cannot be drawn")
        return self[Int(generator.next() % UInt64(count))]
    }
}
