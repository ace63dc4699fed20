"""A node dies by ``kill -9`` while somebody is on it. This file runs last and leaves the cluster a node short."""

import os
import signal

from playwright.sync_api import expect

from conftest import Person, read_cluster


def test_a_page_goes_on_by_itself_when_its_node_is_killed(ada: Person, grace: Person, unique: str):
    ada.create(unique, "Failover")
    ada.invite(f"@{grace.username}", grace.name)
    grace.open(unique)
    ada.write("before")
    expect(grace.message("before")).to_be_visible()

    victim = next(node for node in read_cluster()["nodes"] if node["url"].rstrip("/") == ada.node())
    assert victim["pid"] > 1
    os.kill(victim["pid"], signal.SIGKILL)
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
