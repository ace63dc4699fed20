"""The tool itself: which guards it finds, and that what it writes is still the program."""

import unittest

from guards import blocks, pattern
from mutants import instrument
from swift_tokens import tokens

SOURCE = """\
struct Replica {
    // guard nothing else { return }
    mutating func receive(_ message: Message) -> Bool {
        guard message.term >= term, let sender = message.sender, sender != id else { return false }
        if role == .leader, isBusy { return false }
        precondition(count > 0 && isOpen, "a && b")
        if Canary.planted.lives { vote = nil }
        for member in members where member.id != id && member.isActive { send(member) }
        let end = max(commit, last + 1)
        commit = end
        return isFree || vote == sender
    }
}
"""


def names(text: str) -> list[str]:
    return [mutant.name.removeprefix("A.swift ") for mutant in instrument("A.swift", text, 1).mutants]


class LexerTests(unittest.TestCase):
    def test_strings_and_comments_are_no_code(self):
        words = [word.text for word in tokens('a /* b /* c */ d */ "e \\(f("g")) h" #"i"j"# // k\nl')]
        self.assertEqual(words, ["a", '"e \\(f("g")) h"', '#"i"j"#', "l"])

    def test_operators_are_whole_words(self):
        words = [word.text for word in tokens("a<=b ..< c&&(!d)")]
        self.assertEqual(words, ["a", "<=", "b", "..<", "c", "&&", "(", "!", "d", ")"])


class MutantTests(unittest.TestCase):
    def test_finds_what_can_be_deleted(self):
        self.assertEqual(
            sorted(names(SOURCE)),
            sorted([
                "receive: pass message.term >= term",
                "receive: edge message.term >= term",
                "receive: pass sender != id",
                "receive: pass role == .leader",
                "receive: pass isBusy",
                "receive: never role == .leader, isBusy",
                "receive: pass member.id != id && member.isActive",
                "receive: never member.id != id && member.isActive",
                "receive: pass member.id != id",
                "receive: pass member.isActive",
                "receive: delete send(member)",
                "receive: first max(commit, last + 1)",
                "receive: second max(commit, last + 1)",
                "receive: zero last + 1",
                "receive: delete commit = end",
                "receive: true isFree || vote == sender",
                "receive: false isFree || vote == sender",
                "receive: drop isFree",
                "receive: drop vote == sender",
            ]),
        )  # fmt: skip

    def test_what_is_left_out_is_left_as_it_is(self):
        everything = {mutant.name for mutant in instrument("A.swift", SOURCE, 1).mutants}
        self.assertEqual(instrument("A.swift", SOURCE, 1, everything).written(), SOURCE)

    def test_lines_and_brackets_stay(self):
        written = instrument("A.swift", SOURCE, 1).written()
        self.assertEqual(written.count("\n"), SOURCE.count("\n"))
        for opening, closing in ("()", "{}", "[]"):
            self.assertEqual(written.count(opening), written.count(closing))

    def test_nested_guards_are_wrapped_from_the_inside(self):
        written = instrument("A.swift", "func f() { if a >= b { return } }", 1).written()
        self.assertEqual(
            written,
            "func f() { if guardPass(1, ((guardIsOff(2) ? (a > b) : (a >= b)))), !guardIsOff(3)"
            " { return } }",
        )

    def test_a_name_is_numbered_when_it_is_there_again(self):
        self.assertEqual(
            names("func f() { stop()\n go()\n stop() }"),
            ["f: delete stop()", "f: delete go()", "f: delete stop() #2"],
        )


class ListTests(unittest.TestCase):
    def test_every_listed_rule_has_a_guard(self):
        from guards import FOLDER, ROOMS, rows

        for room in ROOMS:
            listed = blocks(FOLDER / f"{room}.rules")
            for _, sentence in rows(room):
                self.assertTrue(listed.get(sentence), sentence)

    def test_pattern_is_exact(self):
        self.assertEqual(pattern("A.B/c()/B.swift:1:2"), r"^A\.B/c\(\)/B\.swift:1:2$")


if __name__ == "__main__":
    unittest.main()
