import Identity
import Testing

@Suite("One emoji")
struct EmojiClusterTests {
    @Test(
        "One emoji of any kind of sequence is one",
        arguments: [
            "👍", "❤️", "❤", "👍🏽", "🇩🇪", "1️⃣", "#⃣", "👨‍👩‍👧‍👦", "👩🏽‍🚀", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏳️‍🌈", "©️", "☕", "🫠",
        ])
    func one(_ text: String) {
        #expect(EmojiCluster.isOne(text))
    }

    @Test(
        "Nothing, text, several emoji and pieces of sequences are none",
        arguments: [
            "", " ", "a", "1", "👍👍", "👍a", " 👍", "👍\u{200D}", "\u{200D}👍", "\u{FE0F}", "🇩", "🇩🇪🇩",
            "\u{20E3}", "1\u{FE0F}", "👍\u{E0067}", "👍\u{FE0F}\u{FE0F}", "👍\u{301}",
            "\u{1F1E6}\u{FE0F}",
        ])
    func none(_ text: String) {
        #expect(!EmojiCluster.isOne(text))
    }

    @Test("A sequence of more than 32 bytes is none")
    func long() {
        let family = ["👩", "👩", "👧", "👧"].joined(separator: "\u{200D}")
        #expect(EmojiCluster.isOne(family) && family.utf8.count <= EmojiCluster.bytesMax)
        #expect(!EmojiCluster.isOne(family + "\u{200D}👩🏽"))
    }
}
