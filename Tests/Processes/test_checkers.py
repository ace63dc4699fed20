"""Every checker fails on a history in which its property, and as far as possible no other, is broken."""

import copy

import pytest

from checkers import CHECKS, Founding, Send, Thread, founding, violations

ADA, BOB = "a" * 32, "b" * 32


def entry(seq: int, text: str, account: str) -> dict:
    return {"seq": seq, "n": seq - 1, "ts": 1000 + seq, "from": account, "kind": "text", "text": text}


def good() -> Thread:
    """Two people who say five things: Ada 1, Bob 1, Ada 2, Bob 2, and Ada 3 whose ack was lost."""
    created = {"seq": 1, "n": 0, "ts": 1001, "from": ADA, "kind": "created", "name": "tea"}
    history = [
        created, entry(2, "Ada 1", ADA), entry(3, "Bob 1", BOB), entry(4, "Ada 2", ADA),
        entry(5, "Bob 2", BOB), entry(6, "Ada 3", ADA),
    ]  # fmt: skip
    sends = [
        Send("Ada", ADA, "1", "Ada 1", 1.0, 2.0, 2, 1),
        Send("Bob", BOB, "2", "Bob 1", 1.5, 2.5, 3, 2),
        Send("Ada", ADA, "3", "Ada 2", 3.0, 4.0, 4, 3),
        Send("Bob", BOB, "4", "Bob 2", 3.5, 4.5, 5, 4),
        Send("Ada", ADA, "5", "Ada 3", 5.0),
    ]
    return Thread(
        "tea",
        {"node 1": history, "node 2": copy.deepcopy(history)},
        {"Ada": copy.deepcopy(history), "Bob": copy.deepcopy(history)},
        sends,
    )


def everywhere(thread: Thread, change) -> None:
    """Changes the history of all nodes and clients alike."""
    for entries in [*thread.histories.values(), *thread.views.values()]:
        change(entries)


def lose_on_one_node(thread: Thread) -> None:
    del thread.histories["node 2"][-1]


def change_on_one_node(thread: Thread) -> None:
    thread.histories["node 2"][2]["text"] = "Bob 9"


def miss_in_one_view(thread: Thread) -> None:
    del thread.views["Bob"][3]


def double_in_one_view(thread: Thread) -> None:
    thread.views["Ada"].insert(3, thread.views["Ada"][2])


def leave_a_hole(thread: Thread) -> None:
    def move(entries: list[dict]) -> None:
        entries[-1]["seq"] = 8

    everywhere(thread, move)


def leave_a_hole_in_n(thread: Thread) -> None:
    def move(entries: list[dict]) -> None:
        entries[-1]["n"] = 7

    everywhere(thread, move)


def forget_what_was_acknowledged(thread: Thread) -> None:
    everywhere(thread, lambda entries: entries.__delitem__(slice(4, None)))


def replace_what_was_acknowledged(thread: Thread) -> None:
    thread.sends[3].text, thread.sends[4].text = "Ada 3", "Bob 2"


def acknowledge_another_ordinal(thread: Thread) -> None:
    thread.sends[1].n = 3


def say_twice(thread: Thread) -> None:
    everywhere(thread, lambda entries: entries.append(entry(7, "Ada 3", ADA)))


def invent(thread: Thread) -> None:
    everywhere(thread, lambda entries: entries.append(entry(7, "Eve 1", "e" * 32)))


def order_against_time(thread: Thread) -> None:
    # Bob began long after Ada 2, at position 4, had been acknowledged.
    thread.sends[1].begun, thread.sends[1].ended = 4.2, 4.4
    thread.sends[3].begun = 4.45


def swap_own_messages(thread: Thread) -> None:
    def swap(entries: list[dict]) -> None:
        entries[3]["text"], entries[5]["text"] = entries[5]["text"], entries[3]["text"]

    everywhere(thread, swap)
    thread.sends[2].ended = None


def turn_back_time(thread: Thread) -> None:
    def turn(entries: list[dict]) -> None:
        entries[4]["ts"] = entries[3]["ts"]

    everywhere(thread, turn)


PLANTED = {
    lose_on_one_node: "agreement",
    change_on_one_node: "agreement",
    miss_in_one_view: "delivery",
    double_in_one_view: "delivery",
    leave_a_hole: "dense_order",
    leave_a_hole_in_n: "dense_order",
    forget_what_was_acknowledged: "durability",
    replace_what_was_acknowledged: "durability",
    acknowledge_another_ordinal: "durability",
    say_twice: "exactly_once",
    invent: "exactly_once",
    order_against_time: "real_time_order",
    swap_own_messages: "sender_order",
    turn_back_time: "ascending_times",
}


def test_nothing_is_found_where_nothing_is():
    assert violations(good()) == []


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_planted_violation_is_found(plant):
    thread = good()
    plant(thread)
    found = violations(thread)
    assert any(line.startswith(PLANTED[plant] + " in tea: ") for line in found), found


def test_each_check_has_a_planted_violation():
    assert {check.__name__ for check in CHECKS} == set(PLANTED.values())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_no_check_is_covered_by_another(check):
    """For every check there is a violation that it finds alone."""
    alone = []
    for plant in PLANTED:
        thread = good()
        plant(thread)
        if {line.split(" ")[0] for line in violations(thread)} == {check.__name__}:
            alone.append(plant)
    assert alone, f"nothing is found by {check.__name__} alone"


def test_founding():
    """Chats that are missing, doubled or not where somebody was invited."""
    foundings = [
        Founding("one", "Ada", "Bob", "1" * 32, True),
        Founding("two", "Ada", "Bob", "2" * 32, False),
        Founding("three", "Ada", "Bob"),
    ]
    one, two, three = ({"id": digit * 32, "name": name} for digit, name in (("1", "one"), ("2", "two"), ("3", "three")))

    def found(ada: list[dict], bob: list[dict]) -> list[str]:
        return list(founding(foundings, {"Ada": ada, "Bob": bob}))

    for unknown in ([], [three]):
        for uninvited in ([], [two]):
            assert found([one, two, *unknown], [one, *uninvited]) == []
    assert "has it as []" in found([one], [one])[0]
    assert "Ada made one" in found([one, one | {"id": "9" * 32}, two], [one])[0]
    assert "Bob was invited to one" in found([one, two], [])[0]
    assert "Bob was invited to one" in found([one, two], [one, one])[0]
    assert "asked once for three" in found([one, two, three, three | {"id": "4" * 32}], [one])[0]
