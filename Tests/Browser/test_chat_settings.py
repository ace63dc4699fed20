"""What an account keeps about its chats: mute, pins, archive and the mark "unread", on every device at once."""

import pytest
from conftest import Person
from playwright.sync_api import Locator, expect
from stage import Stage, say, settle

#: Milliseconds in which the other devices have what was set on one.
AT_ONCE = 1_000


@pytest.fixture
def chats(vera: Person, unique: str):
    """Makes chats, by their endings, and deletes them in the end."""
    made = []

    def make(*endings: str) -> list[str]:
        for ending in endings:
            made.append(f"{unique} {ending}")
            vera.create(made[-1], "About settings")
        vera.page.goto(f"{vera.url}/#/")
        return made

    yield make
    vera.page.goto(f"{vera.url}/#/")
    vera.page.keyboard.press("Escape")
    for name in made:
        vera.page.get_by_role("searchbox", name="Search chats").fill(name)
        choose(vera, name, "Delete this chat")
        vera.page.get_by_role("dialog").get_by_role("button", name="Delete for everybody").click()
        expect(vera.chat(name)).to_have_count(0)
        vera.page.get_by_role("button", name="Close the search").click()


def choose(person: Person, name: str, item: str) -> None:
    """Something of the menu of a chat's row."""
    person.chat(name).click(button="right")
    person.page.get_by_role("menuitem", name=item, exact=True).click()


def mute(person: Person, name: str, duration: str) -> None:
    choose(person, name, "Mute…")
    person.page.get_by_role("dialog").get_by_role("button", name=duration).click()


def sign(person: Person, name: str, label: str) -> Locator:
    return person.chat(name).get_by_role("img", name=label, exact=True)


def archive(person: Person) -> Locator:
    return person.page.get_by_test_id("archive-row")


def names(person: Person) -> list[str]:
    """The chats as one reads them, from the top."""
    return person.page.evaluate(
        """() => [...document.querySelectorAll("[data-testid=chat-row]")]
            .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
            .map((row) => row.querySelector(".chat-row__title").textContent)"""
    )


def picture(person: Person, name: str) -> None:
    settle(person.page)
    person.page.screenshot(path=f"screenshots/settings-{name}.png")


def test_a_chat_that_was_marked_as_unread_is_so_on_every_device_until_one_opens_it(vera: Person, phone: Person, chats):
    tea, other = chats("tea", "other")
    choose(vera, tea, "Mark as unread")
    for person in (vera, phone):
        expect(sign(person, tea, "Marked as unread")).to_be_visible(timeout=AT_ONCE)
    picture(vera, "unread-desktop")
    phone.open(tea)
    for person in (vera, phone):
        expect(sign(person, tea, "Marked as unread")).to_have_count(0, timeout=AT_ONCE)
    phone.page.get_by_role("button", name="Back to the chats").click()
    # The menu says the other way round what it did.
    choose(vera, other, "Mark as unread")
    expect(sign(phone, other, "Marked as unread")).to_be_visible()
    vera.page.reload()
    expect(sign(vera, other, "Marked as unread")).to_be_visible()
    choose(vera, other, "Mark as read")
    expect(sign(phone, other, "Marked as unread")).to_have_count(0, timeout=AT_ONCE)


def test_pinned_chats_are_first_on_every_device_and_five_at_most(vera: Person, phone: Person, chats):
    made = chats("1", "2", "3", "4", "5", "6")
    for name in made[:5]:
        choose(vera, name, "Pin")
        expect(sign(phone, name, "Pinned")).to_be_visible(timeout=AT_ONCE)
    for person in (vera, phone):
        settle(person.page)
        assert names(person)[:6] == [*reversed(made[:5]), made[5]]
    choose(vera, made[0], "Move to the top")
    phone.page.wait_for_function(
        "(name) => document.querySelector('[data-at=\"0\"] .chat-row__title')?.textContent === name", arg=made[0]
    )
    picture(vera, "pins-desktop")
    picture(phone, "pins-phone")
    choose(vera, made[5], "Pin")
    expect(vera.page.get_by_text("You have pinned five chats")).to_be_visible()
    expect(sign(vera, made[5], "Pinned")).to_have_count(0)
    choose(phone, made[0], "Unpin")
    expect(sign(vera, made[0], "Pinned")).to_have_count(0, timeout=AT_ONCE)
    choose(vera, made[5], "Pin")
    expect(sign(phone, made[5], "Pinned")).to_be_visible(timeout=AT_ONCE)


def test_an_archived_chat_comes_back_by_a_message_unless_it_is_muted(
    vera: Person, phone: Person, people: Stage, chats
):
    tea, quiet, left = chats("tea", "quiet", "left")
    for name in (tea, quiet):
        vera.open(name)
        vera.invite(f"@{people.niels.username}", people.niels.name)
        expect(people.niels.chat(name)).to_be_visible()
    vera.page.goto(f"{vera.url}/#/")
    mute(vera, quiet, "For 2 days")
    expect(sign(phone, quiet, "Muted")).to_be_visible(timeout=AT_ONCE)
    for name in (tea, quiet, left):
        choose(vera, name, "Archive")
        for person in (vera, phone):
            expect(person.chat(name)).to_have_count(0, timeout=AT_ONCE)
            expect(archive(person)).to_contain_text(name)
    say(people.niels, quiet, "Nobody hears this")
    say(people.niels, tea, "Everybody hears this")
    for person in (vera, phone):
        expect(person.chat(tea)).to_contain_text("Everybody hears this")
        expect(person.chat(quiet)).to_have_count(0)
        expect(archive(person)).not_to_contain_text(tea)
        expect(archive(person).get_by_test_id("unread")).to_have_text("1")
        picture(person, "list-" + ("phone" if person is phone else "desktop"))
    # The title counts what is in the list alone.
    loud = vera.page.locator("[data-testid=chat-row] .badge:not(.badge--muted, .badge--dot)")
    counted = sum(int(badge) for badge in loud.all_inner_texts())
    assert counted >= 1
    expect(vera.page).to_have_title(f"({counted}) Chaticket")
    # In and out without a mouse.
    archive(vera).focus()
    vera.page.keyboard.press("Enter")
    expect(vera.page.get_by_role("heading", name="Archived chats")).to_be_visible()
    expect(vera.chat(quiet)).to_contain_text("Nobody hears this")
    expect(vera.chat(left)).to_be_visible()
    expect(vera.chat(tea)).to_have_count(0)
    expect(vera.page.get_by_test_id("chat-row").first).to_be_focused()
    picture(vera, "archive-desktop")
    vera.page.keyboard.press("Escape")
    expect(vera.chat(tea)).to_be_visible()
    archive(phone).click()
    picture(phone, "archive-phone")
    # Who is no longer muted stays until somebody writes.
    choose(phone, quiet, "Unmute")
    expect(sign(phone, quiet, "Muted")).to_have_count(0)
    expect(phone.chat(quiet)).to_be_visible()
    choose(phone, left, "Unarchive")
    expect(vera.chat(left)).to_be_visible(timeout=AT_ONCE)
    phone.page.get_by_role("button", name="Back to all chats").click()
    expect(phone.chat(left)).to_be_visible()
    expect(archive(phone)).to_contain_text(quiet)
    say(people.niels, quiet, "Everybody hears that")
    for person in (vera, phone):
        expect(person.chat(quiet)).to_contain_text("Everybody hears that")
        expect(archive(person)).to_have_count(0)


def test_what_is_set_without_a_network_is_seen_at_once_and_goes_when_there_is_one(vera: Person, phone: Person, chats):
    (tea,) = chats("tea")
    expect(phone.chat(tea)).to_be_visible()
    phone.page.context.set_offline(True)
    expect(phone.page.get_by_test_id("connection")).not_to_have_attribute("data-phase", "live")
    choose(phone, tea, "Pin")
    mute(phone, tea, "Until I unmute it")
    expect(sign(phone, tea, "Pinned")).to_be_visible()
    expect(sign(phone, tea, "Muted")).to_be_visible()
    expect(sign(vera, tea, "Muted")).to_have_count(0)
    phone.page.context.set_offline(False)
    for label in ("Pinned", "Muted"):
        expect(sign(vera, tea, label)).to_be_visible()
        expect(sign(phone, tea, label)).to_be_visible()


def test_what_an_earlier_version_muted_in_this_browser_becomes_the_accounts(vera: Person, phone: Person, chats):
    (tea,) = chats("tea")
    chat = vera.chat(tea).get_attribute("data-chat")
    vera.page.evaluate(
        "(chat) => localStorage.setItem('chaticket.mutes', JSON.stringify({ [chat]: Number.MAX_SAFE_INTEGER }))", chat
    )
    vera.page.reload()
    expect(sign(vera, tea, "Muted")).to_be_visible()
    expect(sign(phone, tea, "Muted")).to_be_visible(timeout=AT_ONCE)
    assert vera.page.evaluate("() => localStorage.getItem('chaticket.mutes')") is None
    choose(phone, tea, "Unmute")
    expect(sign(vera, tea, "Muted")).to_have_count(0, timeout=AT_ONCE)
    vera.page.reload()
    vera.expect_live()
    expect(sign(vera, tea, "Muted")).to_have_count(0)
