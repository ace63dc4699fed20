"""Nodes die by ``kill -9`` while people are on them, and come back. This file runs last."""

import re

import pytest
from playwright.sync_api import Browser, expect

from conftest import Killer, Person, read_cluster, sign_in


def node_of(person: Person) -> dict:
    """The node that the page is on."""
    return next(node for node in read_cluster()["nodes"] if node["url"].rstrip("/") == person.node())


def test_a_page_goes_on_by_itself_when_its_node_is_killed(
    ada: Person, grace: Person, unique: str, killer: Killer
):
    ada.create(unique, "Failover")
    ada.invite(f"@{grace.username}", grace.name)
    grace.open(unique)
    ada.write("before")
    expect(grace.message("before")).to_be_visible()

    victim = node_of(ada)
    killer.kill(victim)
    during = [f"during {number}" for number in range(5)]
    for text in during:
        ada.write(text)

    for text in during:
        expect(grace.message(text)).to_be_visible(timeout=60_000)
        expect(ada.message(text)).to_have_attribute("data-delivery", "read", timeout=60_000)
    ada.expect_live()
    assert ada.node() != victim["url"].rstrip("/")
    for person in (ada, grace):
        assert [text for text in person.texts() if text.startswith("during")] == during

    # Commands and history go to the other node too, also where the cookie does not reach it.
    other = f"{unique} after"
    ada.create(other, "Made after the failover")
    ada.invite(f"@{grace.username}", grace.name)
    grace.open(other)
    grace.write("after")
    expect(ada.message("after")).to_be_visible()


def test_with_two_of_three_nodes_dead_messages_wait_and_say_so(
    browser: Browser, ada: Person, grace: Person, unique: str, killer: Killer
):
    nodes = read_cluster()["nodes"]
    if len(nodes) != 3:
        pytest.skip("the story is of three nodes")
    ada.create(unique, "No quorum")
    context = browser.new_context()
    survivor = next(node for node in nodes if node["url"] not in (ada.url, grace.url))
    mary = sign_in(context, survivor["url"], "Mary Somerville")
    people = (ada, grace, mary)
    for person in (grace, mary):
        ada.invite(f"@{person.username}", person.name)
        person.open(unique)
    ada.write("before")
    for person in people:
        expect(person.message("before")).to_be_visible()

    # The nodes that the pages came from, so that both have to find their way to the third.
    homes = [node for node in nodes if node["url"] in (ada.url, grace.url)]
    assert len(homes) == 2
    for node in homes:
        killer.kill(node)
    for person in people:
        person.write(f"{person.username} waits")
    # Long enough for the third node to believe that the others are dead.
    ada.page.wait_for_timeout(12_000)
    expect(mary.page.get_by_text("Waiting for the cluster…")).to_be_visible()
    for person in people:
        assert person.is_waiting(f"{person.username} waits")
    # Pages of the dead nodes have no connection, unless an earlier kill had them moved to the third.
    says_so = re.compile("Reconnecting…|Waiting for the cluster…")
    for person in (ada, grace):
        expect(person.page.get_by_test_id("connection")).to_contain_text(says_so)

    # One returns, and the page of the other's goes on too.
    killer.start(homes[1])
    for person in people:
        for writer in people:
            text = person.message(f"{writer.username} waits")
            expect(text).to_be_visible(timeout=60_000)
            expect(text).to_have_count(1)
        expect(person.message(f"{person.username} waits")).to_have_attribute(
            "data-delivery", "read", timeout=60_000
        )
        person.expect_live()
        # Who is connected is told nothing.
        expect(person.page.get_by_test_id("connection")).to_have_text("")
    grace.expect_texts(ada.texts())
    mary.expect_texts(ada.texts())
    assert mary.problems == []
    context.close()


def test_a_restarted_node_serves_again(browser: Browser, ada: Person, unique: str, killer: Killer):
    victim = node_of(ada)
    killer.kill(victim)
    ada.create(unique, "While it was away")
    ada.write("written meanwhile")
    expect(ada.message("written meanwhile")).to_have_attribute("data-delivery", "sent")
    killer.start_all()
    context = browser.new_context()
    mary = sign_in(context, victim["url"], "Mary Somerville")
    ada.invite(f"@{mary.username}", mary.name)
    mary.open(unique)
    expect(mary.message("written meanwhile")).to_be_visible()
    mary.write("from the node that died")
    expect(ada.message("from the node that died")).to_be_visible()
    assert mary.problems == []
    context.close()
