"""Finds the guards of a Swift source, and writes the source anew so that each can be switched off while
the program runs: one build serves all mutants.

What a mutant does, by its kind:

- `pass`: a condition, or one operand of `&&`, is taken for true: the guard is deleted.
- `drop`: one operand of `||` is taken for false: the exception is deleted.
- `never`: an `if`, or a `case … where`, is never taken: it is deleted with its body.
- `edge`: a comparison treats equal values the other way: `>=` is `>`.
- `first`, `second`: `max(a, b)` or `min(a, b)` is only that argument.
- `true`, `false`: a function's answer is always that.
- `zero`: a one that is added or taken away is none.
- `delete`: a statement is not done.
- `plant`: something is done that no guard forbids, see plants.py.
- `swap`: a call goes to another function, see `SWAPS`.

A mutant's condition is still evaluated, so that what it does besides stays. Assertions, probes, planted
bugs and the simulation's perturbations are left alone."""

from dataclasses import dataclass, field

from plants import PLANTS, Plant
from swift_tokens import Token, pairs, tokens

# What is called in the place of what: rules that are not a condition but a choice of function.
SWAPS = {"sendAfterPersist": "send"}

# A condition with one of these words is a probe or a planted bug, never a rule.
FOREIGN = {"Canary", "Perturbation", "Mark"}
ASSERTIONS = {"precondition", "preconditionFailure", "assert", "assertionFailure", "fatalError"}
EDGES = {">=": ">", "<=": "<", ">": ">=", "<": "<="}
EQUALITIES = {"==", "!="}
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "&+=", "|=", "&=", "^=", "<<=", ">>="}
LEFT_WORDS = {
    "return", "in", "guard", "if", "while", "where", "case", "let", "var", "else", "throw", "try",
    "await", "default", "switch", "for",
}  # fmt: skip
# A statement that begins with one of these is none that could be left out.
NOT_DELETED = {
    "let", "var", "if", "guard", "return", "for", "while", "switch", "case", "default", "defer", "do",
    "throw", "func", "struct", "enum", "class", "extension", "break", "continue", "fallthrough",
    "repeat", "import", "private", "fileprivate", "package", "public", "internal", "static",
    "mutating", "typealias", "init", "subscript", "get", "set", "else", "catch", "nil", "true",
    "false", "is", "as", "where", "try", "await", "some", "any",
} | ASSERTIONS | FOREIGN  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One guard that can be switched off, by its number."""

    number: int
    path: str
    line: int
    function: str
    kind: str
    text: str
    # The how manieth of its name; 1 where the name is its alone.
    ordinal: int = 1

    @property
    def name(self) -> str:
        """What it is called in lists: it survives a change of other lines."""
        file = self.path.rsplit("/", 1)[-1]
        again = f" #{self.ordinal}" if self.ordinal > 1 else ""
        return f"{file} {self.function}: {self.kind} {self.text}{again}"


@dataclass(frozen=True)
class Body:
    """What stands between braces: a function's, a control statement's or a closure's."""

    open: int
    close: int
    kind: str
    name: str = ""
    answers_bool: bool = False
    answers: bool = False


@dataclass
class Source:
    """A source with the places where it is cut, and what is put there."""

    path: str
    text: str
    first_number: int
    left_out: set[str] = field(default_factory=set)
    words: list[Token] = field(default_factory=list)
    partner: dict[int, int] = field(default_factory=dict)
    bodies: dict[int, Body] = field(default_factory=dict)
    functions: list[Body] = field(default_factory=list)
    starts: set[int] = field(default_factory=set)
    mutants: list[Mutant] = field(default_factory=list)
    # Of each: start and end in the text, what goes before and after.
    wraps: list[tuple[int, int, str, str]] = field(default_factory=list)
    done: set[tuple[int, int, str]] = field(default_factory=set)
    named: dict[tuple[str, str, str], int] = field(default_factory=dict)
    # Words of probes and perturbations, with the bodies that belong to them.
    foreign: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = tokens(self.text)
        self.partner = pairs(self.words)
        self._find_functions()
        self._find_bodies()
        self._find_starts()

    # MARK: Structure

    def word(self, index: int) -> str:
        return self.words[index].text if 0 <= index < len(self.words) else ""

    def is_mark(self, index: int, text: str) -> bool:
        return 0 <= index < len(self.words) and self.words[index].kind == "mark" and self.word(index) == text

    def skip(self, index: int) -> int:
        """The position after `index`, or after the bracket that closes what opens there."""
        if self.words[index].kind == "mark" and self.words[index].text in "([{":
            return self.partner[index] + 1
        return index + 1

    def _find_functions(self) -> None:
        for index, word in enumerate(self.words):
            if word.kind != "word" or self.is_mark(index - 1, "."):
                continue
            if word.text in ("func", "init", "subscript"):
                self._function(index, self.word(index + 1) if word.text == "func" else word.text)
            elif word.text == "var" and self.words[index + 1].kind == "word":
                self._property(index)

    def _function(self, index: int, name: str) -> None:
        position = index + 1
        arrow = None
        while position < len(self.words) and not self.is_mark(position, "{"):
            if self.is_mark(position, "}"):
                return
            if self.word(position) == "->":
                arrow = position
            position = self.skip(position)
        if position >= len(self.words) or index > 0 and self.word(index - 1) in ("case", "indirect"):
            return
        answers = arrow is not None or name in ("init", "subscript")
        is_bool = arrow is not None and self.word(arrow + 1) == "Bool" and not self.word(
            arrow + 2
        ).startswith(("?", ")"))
        self._add_function(position, name, is_bool, answers)

    def _property(self, index: int) -> None:
        position = index + 2
        if not self.is_mark(position, ":"):
            return
        while position < len(self.words) and not self.is_mark(position, "{"):
            word = self.words[position]
            if word.text in ASSIGNMENTS or self.is_mark(position, "}") or self.is_mark(position, ","):
                return
            if word.is_first_on_line:
                return
            position = self.skip(position)
        if position < len(self.words):
            is_bool = self.word(index + 3) == "Bool" and position == index + 4
            self._add_function(position, self.word(index + 1), is_bool, True)

    def _add_function(self, opening: int, name: str, is_bool: bool, answers: bool) -> None:
        body = Body(opening, self.partner[opening], "function", name, is_bool, answers)
        self.bodies[opening] = body
        self.functions.append(body)

    def _find_bodies(self) -> None:
        """The bodies of control statements: the first brace outside of other brackets."""
        for index, word in enumerate(self.words):
            if word.kind != "word" or self.is_mark(index - 1, "."):
                continue
            position = index + 1
            if word.text in ("if", "while", "for", "switch"):
                while position < len(self.words) and not self.is_mark(position, "{"):
                    if self.is_mark(position, "}"):
                        break
                    position = self.skip(position)
            elif word.text in ("else", "do", "defer", "repeat", "catch"):
                if word.text == "catch":
                    while not self.is_mark(position, "{"):
                        position = self.skip(position)
            else:
                continue
            if self.is_mark(position, "{"):
                self.bodies[position] = Body(position, self.partner[position], word.text)

    def _enclosing_brace(self, index: int) -> int | None:
        """The innermost bracket around `index`, if it is a brace."""
        position = index - 1
        while position >= 0:
            if self.words[position].kind == "mark":
                if self.words[position].text in ")]}":
                    position = self.partner[position]
                elif self.words[position].text == "{":
                    return position
                elif self.words[position].text in "([":
                    return None
            position -= 1
        return None

    def _find_starts(self) -> None:
        for index, word in enumerate(self.words):
            if index == 0:
                continue
            before = self.words[index - 1]
            if self.is_mark(index - 1, "{"):
                if not self.is_mark(index, "}"):
                    self.starts.add(index)
                continue
            if self.is_mark(index - 1, ":") and self._ends_case(index - 1):
                self.starts.add(index)
                continue
            if not word.is_first_on_line or self._enclosing_brace(index) is None:
                continue
            if before.kind == "operator" and before.text not in ("!", "?"):
                continue
            if before.kind == "mark" and before.text in ",.:(":
                continue
            if word.kind == "operator" and not word.text.startswith(("!", "-", "~")):
                continue
            if word.kind == "mark" and word.text in ".,:){[]}":
                continue
            if word.text in ("else", "where", "as", "is", "in", "throws"):
                continue
            if before.kind == "word" and before.text in LEFT_WORDS - {"in", "else", "default"}:
                continue
            self.starts.add(index)
        for index, word in enumerate(self.words):
            if word.text == "in" and word.kind == "word" and self._opens_closure(index):
                self.starts.add(index + 1)

    def _opens_closure(self, index: int) -> bool:
        opening = self._enclosing_brace(index)
        if opening is None or opening in self.bodies:
            return False
        return all(
            self.words[position].kind in ("word", "mark", "operator")
            and self.words[position].text not in ("for", "=", ";")
            for position in range(opening + 1, index)
        ) and self.words[opening].line == self.words[index].line

    def _ends_case(self, colon: int) -> bool:
        opening = self._enclosing_brace(colon)
        if opening is None or opening not in self.bodies or self.bodies[opening].kind != "switch":
            return False
        position = colon - 1
        while position > opening:
            if self.words[position].kind == "mark" and self.words[position].text in ")]}":
                position = self.partner[position]
            elif self.word(position) in ("case", "default") and not self.is_mark(position - 1, "."):
                # A ternary has a question mark before its colon.
                return not any(
                    self.word(other) == "?" and self.words[other].is_spaced
                    for other in range(position, colon)
                )
            elif position in self.starts and self.word(position) not in ("case", "default"):
                return False
            position -= 1
        return False

    def function_at(self, index: int) -> Body | None:
        """The innermost function around `index`."""
        around = [body for body in self.functions if body.open < index < body.close]
        return min(around, key=lambda body: body.close - body.open, default=None)

    def ignores(self, start: int, end: int) -> bool:
        """Whether the words from `start` up to `end` are no rule of ours."""
        function = self.function_at(start)
        if function is None or function.name in ("checkInvariants", "description", "hash"):
            return True
        if function.name.startswith("mark"):
            return True
        if any(self.word(index) in FOREIGN for index in range(start, end)):
            return True
        if any(begin <= start < stop for begin, stop in self.foreign):
            return True
        position = start
        while position >= 0:
            opening = self._around(position)
            if opening is None:
                return False
            if self.is_mark(opening, "("):
                inside = range(opening + 1, self.partner[opening])
                is_group = self.words[opening - 1].kind != "word"
                if self.word(opening - 1) in ASSERTIONS:
                    return True
                if is_group and any(self.word(index) in FOREIGN for index in inside):
                    return True
            position = opening
        return False

    def _around(self, index: int) -> int | None:
        position = index - 1
        while position >= 0:
            if self.words[position].kind == "mark":
                if self.words[position].text in ")]}":
                    position = self.partner[position]
                elif self.words[position].text in "([{":
                    return position
            position -= 1
        return None

    # MARK: Mutants

    def slice(self, start: int, end: int) -> str:
        return self.text[self.words[start].start : self.words[end - 1].end]

    def flat(self, start: int, end: int) -> str:
        return " ".join(self.slice(start, end).split())

    def add(self, kind: str, start: int, end: int, prefix: str, suffix: str, shown: str = "") -> None:
        if start >= end or (start, end, kind) in self.done or self.ignores(start, end):
            return
        self.done.add((start, end, kind))
        number = self.first_number + len(self.mutants)
        function = self.function_at(start)
        text = shown or self.flat(start, end)
        name = function.name if function else ""
        self.named[name, kind, text] = self.named.get((name, kind, text), 0) + 1
        mutant = Mutant(
            number, self.path, self.words[start].line, name, kind, text, self.named[name, kind, text]
        )
        if mutant.name in self.left_out:
            return
        self.mutants.append(mutant)
        self.wraps.append(
            (
                self.words[start].start,
                self.words[end - 1].end,
                prefix.replace("#", str(number)),
                suffix.replace("#", str(number)),
            )
        )

    def passes(self, start: int, end: int, kind: str = "pass") -> None:
        self.add(kind, start, end, "guardPass(#, (", "))")

    def drops(self, start: int, end: int, kind: str = "drop") -> None:
        self.add(kind, start, end, "guardDrop(#, (", "))")

    def find(self) -> None:
        for index, word in enumerate(self.words):
            if word.kind == "word" and not self.is_mark(index - 1, "."):
                if word.text == "guard":
                    self._guard(index)
                elif word.text in ("if", "while"):
                    self._condition(index)
                elif word.text == "where":
                    self._where(index)
                elif word.text == "return":
                    self._answer(index)
                elif word.text in ("max", "min") and self.is_mark(index + 1, "("):
                    self._extreme(index)
            if word.kind == "operator" and word.is_spaced:
                if word.text in ("&&", "||") or word.text in EDGES:
                    self._expression(index)
                elif word.text == "?":
                    self._ternary(index)
            if word.text == "1" and self.word(index - 1) in ("+", "-"):
                self._one(index)
            if self.is_mark(index, "{"):
                self._single(index)
            if index in self.starts:
                self._statement(index)
        for plant in PLANTS:
            if plant.file == self.path.rsplit("/", 1)[-1]:
                self._plant(plant)

    def clauses(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts between commas that are outside of brackets."""
        found = []
        begin = position = start
        while position < end:
            if self.is_mark(position, ","):
                found.append((begin, position))
                begin = position + 1
            position = self.skip(position)
        return [*found, (begin, end)]

    def _guard(self, index: int) -> None:
        position = index + 1
        while self.word(position) != "else":
            position = self.skip(position)
        clauses = self.clauses(index + 1, position)
        plain = [clause for clause in clauses if self._is_plain(*clause)]
        for start, end in plain:
            self.passes(start, end)
            self._boolean(start, end)
        if len(plain) == len(clauses) > 1:
            # All together are the guard; no wrap fits around commas, so each is passed by one number.
            self._whole_guard(index + 1, position, plain)

    def _whole_guard(self, start: int, end: int, clauses: list[tuple[int, int]]) -> None:
        if self.ignores(start, end):
            return
        before = len(self.mutants)
        self.add("pass", start, end, "", "")
        if len(self.mutants) == before:
            return
        number = self.mutants[-1].number
        for begin, stop in clauses:
            self.wraps.append(
                (self.words[begin].start, self.words[stop - 1].end, f"guardPass({number}, (", "))")
            )

    def _is_plain(self, start: int, end: int) -> bool:
        return self.word(start) not in ("let", "var", "case", "#available")

    def _condition(self, index: int) -> None:
        position = index + 1
        while position < len(self.words) and not self.is_mark(position, "{"):
            position = self.skip(position)
        if position >= len(self.words):
            return
        if self._is_probe(position):
            self.foreign.append((index, self.partner[position]))
            return
        clauses = self.clauses(index + 1, position)
        if any(self._is_perturbed(*clause) for clause in clauses):
            self.foreign.append((index, self.partner[position]))
            return
        for start, end in clauses:
            if self._is_plain(start, end):
                if self.word(index) == "if":
                    self.passes(start, end)
                self._boolean(start, end)
        if self.word(index) == "if":
            before = len(self.wraps)
            self.add("never", index + 1, position, "", ", !guardIsOff(#)")
            # A further clause: outside of what is put around the others.
            if len(self.wraps) > before:
                self.wraps.insert(0, self.wraps.pop())

    def _is_perturbed(self, start: int, end: int) -> bool:
        """Whether a clause is false whenever no bug is planted and nothing perturbed."""
        return len(self._split(start, end, "||")) == 1 and any(
            self.word(begin) in FOREIGN for begin, _ in self._split(start, end, "&&")
        )

    def _is_probe(self, opening: int) -> bool:
        """Whether a body does nothing but hit marks."""
        inside = [i for i in range(opening + 1, self.partner[opening]) if i in self.starts]
        return bool(inside) and all(self.word(i) == "Mark" for i in inside)

    def _where(self, index: int) -> None:
        position = index + 1
        while position < len(self.words):
            if self.is_mark(position, "{") or self.is_mark(position, ":"):
                break
            position = self.skip(position)
        if self.function_at(index) is None:
            return
        self.passes(index + 1, position)
        self.drops(index + 1, position, "never")
        self._boolean(index + 1, position)

    def _boolean(self, start: int, end: int) -> None:
        """The operands of an expression without commas."""
        options = self._split(start, end, "||")
        if len(options) > 1:
            for begin, stop in options:
                self.drops(begin, stop)
        for begin, stop in options:
            parts = self._split(begin, stop, "&&")
            if len(parts) > 1:
                for first, last in parts:
                    self.passes(first, last)
            for first, last in parts:
                self._edge(first, last)

    def _split(self, start: int, end: int, operator: str) -> list[tuple[int, int]]:
        found = []
        begin = position = start
        while position < end:
            if self.word(position) == operator and self.words[position].kind == "operator":
                found.append((begin, position))
                begin = position + 1
            position = self.skip(position)
        return [*found, (begin, end)]

    def _edge(self, start: int, end: int) -> None:
        operators = []
        position = start
        while position < end:
            word = self.words[position]
            if word.kind == "operator" and word.is_spaced:
                if word.text in EDGES:
                    operators.append(position)
                elif word.text in ("?", *ASSIGNMENTS):
                    return
            position = self.skip(position)
        if len(operators) != 1:
            return
        place = self.words[operators[0]]
        changed = (
            self.text[self.words[start].start : place.start]
            + EDGES[place.text]
            + self.text[place.end : self.words[end - 1].end]
        )
        self.add("edge", start, end, f"(guardIsOff(#) ? ({changed}) : (", "))")

    def _bounds(self, index: int) -> tuple[int, int]:
        """The whole expression around an operator, as far as it is of one depth."""
        start = index
        while start > 0:
            before = start - 1
            word = self.words[before]
            if start in self.starts or word.text in LEFT_WORDS and word.kind == "word":
                break
            if word.kind == "mark" and word.text in ",:;([{":
                break
            if word.kind == "operator" and (
                word.text in ASSIGNMENTS or word.text == "->" or word.text == "?" and word.is_spaced
            ):
                break
            if word.kind == "mark" and word.text in ")]}":
                before = self.partner[before]
                if self.is_mark(before, "{") and before in self.bodies:
                    break
            start = before
        end = index + 1
        while end < len(self.words):
            word = self.words[end]
            if end in self.starts or word.text in ("else", "where") and word.kind == "word":
                break
            if word.kind == "mark" and word.text in ",:;)]}":
                break
            if word.kind == "operator" and word.text == "?" and word.is_spaced:
                break
            if word.text == "{" and end in self.bodies:
                break
            end = self.skip(end)
        return start, end

    def _expression(self, index: int) -> None:
        self._boolean(*self._bounds(index))

    def _ternary(self, index: int) -> None:
        start, end = self._bounds(index - 1) if not self.is_mark(index - 1, ")") else self._bounds(
            self.partner[index - 1]
        )
        end = index
        self.passes(start, end, "true")
        self.drops(start, end, "false")
        self._boolean(start, end)

    def _answer(self, index: int) -> None:
        function = self.function_at(index)
        opening = self._enclosing_function_or_closure(index)
        if function is None or not function.answers_bool or opening != function.open:
            return
        end = self._statement_end(index)
        if end - index >= 2 and self.word(index + 1) not in ("true", "false", "Mark"):
            self.passes(index + 1, end, "true")
            self.drops(index + 1, end, "false")

    def _enclosing_function_or_closure(self, index: int) -> int | None:
        position = self._around(index)
        while position is not None:
            if self.is_mark(position, "{"):
                body = self.bodies.get(position)
                if body is None or body.kind == "function":
                    return position
            position = self._around(position)
        return None

    def _single(self, opening: int) -> None:
        """A body that is one expression, without `return`."""
        body = self.bodies.get(opening)
        inside = [
            i
            for i in range(opening + 1, self.partner[opening])
            if i in self.starts and self._enclosing_brace(i) == opening
        ]
        if len(inside) == 2 and self.word(inside[1] - 1) == "in":
            inside = inside[1:]
        if len(inside) != 1 or self.word(inside[0]) in NOT_DELETED - {"true", "false", "some", "any"}:
            return
        start, end = inside[0], self.partner[opening]
        if body is not None and body.kind == "function":
            if body.answers_bool:
                self.passes(start, end, "true")
                self.drops(start, end, "false")
        elif body is None and self.function_at(start) is not None:
            operators = set()
            position = start
            while position < end:
                if self.words[position].kind == "operator" and self.words[position].is_spaced:
                    operators.add(self.word(position))
                position = self.skip(position)
            is_bool = operators & (EQUALITIES | set(EDGES) | {"&&", "||"}) or self.word(start) == "!"
            if is_bool and "?" not in operators:
                self.passes(start, end, "true")

    def _one(self, index: int) -> None:
        if self.words[index - 1].is_spaced and not self.is_mark(index + 1, "."):
            shown = self.flat(*self._bounds(index - 1))
            self.add("zero", index, index + 1, "(guardIsOff(#) ? 0 : ", ")", shown)

    def _plant(self, plant: Plant) -> None:
        for body in self.functions:
            if body.name != plant.function:
                continue
            start = self.text.find(plant.old, self.words[body.open].end, self.words[body.close].start)
            if start < 0:
                continue
            end = start + len(plant.old)
            first = next(i for i, word in enumerate(self.words) if word.start >= start)
            last = next(i for i, word in enumerate(self.words) if word.end >= end)
            new = f"if guardIsOff(#) {{ {plant.new} }}; "
            if plant.is_statement:
                self.add("plant", first, last + 1, new, "", " ".join(plant.new.split()))
            else:
                new = f"(guardIsOff(#) ? ({plant.new}) : ("
                self.add("plant", first, last + 1, new, "))", " ".join(plant.new.split()))
            return
        raise ValueError(f"{plant.file} {plant.function}: there is no {plant.old}")

    def _extreme(self, index: int) -> None:
        arguments = self.clauses(index + 2, self.partner[index + 1])
        if len(arguments) != 2:
            return
        for kind, (start, end) in zip(("first", "second"), arguments):
            self.add(
                kind,
                index,
                self.partner[index + 1] + 1,
                f"(guardIsOff(#) ? ({self.slice(start, end)}) : (",
                "))",
            )

    def _statement_end(self, start: int) -> int:
        position = self.skip(start)
        while position < len(self.words):
            if position in self.starts or self.is_mark(position, "}") or self.is_mark(position, ";"):
                break
            if self.word(position) == "case" or self.word(position) == "default":
                if self.words[position].is_first_on_line:
                    break
            position = self.skip(position)
        return position

    def _statement(self, index: int) -> None:
        word = self.words[index]
        opening = self._enclosing_brace(index)
        if opening is None or not (word.kind == "word" or self.is_mark(index, "(")):
            return
        if word.text in NOT_DELETED or word.text.startswith(("@", "#", "mark")):
            return
        function = self.function_at(index)
        if function is None:
            return
        end = self._statement_end(index)
        is_assignment = any(
            self.word(i) in ASSIGNMENTS and self._around(i) == self._around(index)
            for i in range(index, end)
        )
        is_call = self.is_mark(end - 1, ")") or self.is_mark(end - 1, "}")
        if not (is_assignment or is_call):
            return
        # What must be given a value once cannot be left without one.
        if is_assignment and (function.name == "init" or self._is_constant(word.text)):
            return
        if word.text == "self" and self.word(index + 2) == "init":
            return
        if self._is_answer(index, end, opening):
            return
        if word.text in SWAPS:
            changed = SWAPS[word.text] + self.text[word.end : self.words[end - 1].end]
            self.add("swap", index, end, f"if guardIsOff(#) {{ {changed} }} else {{ ", " }")
        self.add("delete", index, end, "if !guardIsOff(#) { ", " }")

    def _is_constant(self, name: str) -> bool:
        return any(
            self.word(i) == "let" and self.word(i + 1) == name and self.is_mark(i + 2, ":")
            and self._enclosing_brace(i) in self.bodies
            for i in range(len(self.words))
        )  # fmt: skip

    def _is_answer(self, start: int, end: int, opening: int) -> bool:
        """Whether the statement is, or may be, the value of its body."""
        body = self.bodies.get(opening)
        inside = [
            i
            for i in range(opening + 1, self.partner[opening])
            if i in self.starts and self._enclosing_brace(i) == opening
        ]
        if body is None:
            # A closure of one expression, or a type's body.
            return len(inside) <= 2
        if body.kind == "function":
            return body.answers and len(inside) == 1
        if body.kind == "switch":
            return self._is_expression_switch(opening)
        return False

    def _is_expression_switch(self, opening: int) -> bool:
        position = opening
        while position >= 0 and self.word(position) != "switch":
            position -= 1
        around = self._enclosing_brace(position)
        body = self.bodies.get(around) if around is not None else None
        if self.word(position - 1) in ("=", "return"):
            return True
        if body is None or body.kind != "function" or not body.answers:
            return False
        return self.partner[opening] + 1 == body.close and around + 1 == position

    # MARK: Output

    def written(self) -> str:
        """The source with every mutant in it, on the lines where it was."""
        cuts: dict[int, tuple[list[tuple[int, str]], list[tuple[int, str]]]] = {}
        for order, (start, end, prefix, suffix) in enumerate(self.wraps):
            cuts.setdefault(start, ([], []))[1].append((-(end - start), order, prefix))
            cuts.setdefault(end, ([], []))[0].append((end - start, -order, suffix))
        pieces = []
        last = 0
        for position in sorted(cuts):
            pieces.append(self.text[last:position])
            closing, opening = cuts[position]
            pieces += [part[2] for part in sorted(closing)]
            pieces += [part[2] for part in sorted(opening)]
            last = position
        pieces.append(self.text[last:])
        return "".join(pieces)


def instrument(
    path: str, text: str, first_number: int, left_out: set[str] | None = None
) -> Source:
    """The source at `path` with its mutants but those `left_out`, numbered from `first_number`."""
    source = Source(path, text, first_number, left_out or set())
    source.find()
    return source
