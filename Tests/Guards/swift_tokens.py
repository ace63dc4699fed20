"""Divides a Swift source into words. It knows comments, nested block comments, strings of every form
and interpolation (a string with all that is interpolated is one word); it does not know regex
literals, which the project does not use."""

from dataclasses import dataclass

OPERATORS = "/=-+!*%<>&|^~?"
CLOSERS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True)
class Token:
    """One word: a name or keyword, a number, a string, an operator, or one mark of punctuation."""

    kind: str
    text: str
    start: int
    end: int
    line: int
    is_first_on_line: bool
    # Whether there is space on either side: a comparison has it on both, a generic list on none.
    is_spaced: bool


def tokens(text: str) -> list[Token]:
    """The words of `text` without its comments, in order."""
    found: list[Token] = []
    position = 0
    line = 1
    last_line = 0
    while position < len(text):
        char = text[position]
        if char == "\n":
            line += 1
            position += 1
            continue
        if char.isspace():
            position += 1
            continue
        if text.startswith("//", position):
            end = text.find("\n", position)
            position = len(text) if end < 0 else end
            continue
        if text.startswith("/*", position):
            end = _block_comment(text, position)
            line += text.count("\n", position, end)
            position = end
            continue
        kind, end = _word(text, position)
        before = position == 0 or text[position - 1].isspace()
        after = end >= len(text) or text[end].isspace()
        found.append(
            Token(kind, text[position:end], position, end, line, line != last_line, before and after)
        )
        line += text.count("\n", position, end)
        last_line = line
        position = end
    return found


def _word(text: str, position: int) -> tuple[str, int]:
    char = text[position]
    hashes = 0
    while text[position + hashes : position + hashes + 1] == "#":
        hashes += 1
    if text[position + hashes : position + hashes + 1] == '"':
        return "string", _string(text, position + hashes, hashes)
    end = position + 1
    if char.isdigit():
        while end < len(text) and (
            text[end].isalnum()
            or text[end] == "_"
            or (text[end] == "." and text[end + 1 : end + 2].isdigit() and text[position - 1] != ".")
        ):
            end += 1
        return "number", end
    if char == "`":
        return "word", text.index("`", end) + 1
    if char.isalnum() or char in "_@#$":
        while end < len(text) and (text[end].isalnum() or text[end] == "_"):
            end += 1
        return "word", end
    if char in OPERATORS:
        while end < len(text) and text[end] in OPERATORS:
            end += 1
        return "operator", end
    if text.startswith("..", position):
        while end < len(text) and text[end] in OPERATORS + ".":
            end += 1
        return "operator", end
    return "mark", end


def _block_comment(text: str, position: int) -> int:
    depth = 0
    while position < len(text):
        if text.startswith("/*", position):
            depth += 1
            position += 2
        elif text.startswith("*/", position):
            depth -= 1
            position += 2
            if depth == 0:
                break
        else:
            position += 1
    return position


def _string(text: str, position: int, hashes: int) -> int:
    quote = '"""' if text.startswith('"""', position) else '"'
    closing = quote + "#" * hashes
    escape = "\\" + "#" * hashes
    position += len(quote)
    while position < len(text):
        if text.startswith(closing, position):
            return position + len(closing)
        if text.startswith(escape, position):
            position += len(escape)
            if text[position] == "(":
                position = _interpolation(text, position)
            else:
                position += 1
        else:
            position += 1
    return position


def _interpolation(text: str, position: int) -> int:
    depth = 0
    while position < len(text):
        kind, end = _word(text, position)
        if kind == "mark" and text[position] == "(":
            depth += 1
        if kind == "mark" and text[position] == ")":
            depth -= 1
            if depth == 0:
                return end
        position = end
    return position


def pairs(words: list[Token]) -> dict[int, int]:
    """For each bracket the position of its partner."""
    found: dict[int, int] = {}
    open_at: list[int] = []
    for index, word in enumerate(words):
        if word.kind != "mark":
            continue
        if word.text in CLOSERS:
            open_at.append(index)
        elif word.text in CLOSERS.values():
            opening = open_at.pop()
            assert CLOSERS[words[opening].text] == word.text, f"line {word.line}"
            found[opening] = index
            found[index] = opening
    assert not open_at, "brackets are closed"
    return found
