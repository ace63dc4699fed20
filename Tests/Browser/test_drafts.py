"""Drafts on several devices: what was begun on one is on the others, and nobody's text goes from under their hands."""

import pytest
from conftest import Person
from playwright.sync_api import Locator, expect
from stage import composer, settle

#: Milliseconds after which what is being written is on the other devices at the latest, with some to spare.
WHILE_WRITING = 13_000


@pytest.fixture
def tea(vera: Person, unique: str):
    """A chat, and another to go to; both are deleted in the end."""
    names = [f"{unique} other", f"{unique} tea"]
    for name in names:
        vera.create(name, "About drafts")
    yield names[1]
    for name in names:
        vera.open(name)
        vera.page.get_by_role("button", name="More", exact=True).click()
        vera.page.get_by_role("menuitem", name="Delete this chat").click()
        vera.page.get_by_role("dialog").get_by_role("button", name="Delete for everybody").click()
        expect(vera.chat(name)).to_have_count(0)


def preview(person: Person, name: str) -> Locator:
    return person.chat(name).locator(".chat-row__preview")


def leave(person: Person, name: str) -> None:
    """To the other chat."""
    person.open(name.replace("tea", "other"))


def back(person: Person) -> None:
    person.page.get_by_role("button", name="Back to the chats").click()


def test_what_was_begun_on_one_device_is_on_the_other_and_goes_when_it_is_sent(vera: Person, phone: Person, tea: str):
    vera.open(tea)
    vera.write("What is answered")
    expect(vera.message("What is answered")).to_be_visible()
    vera.message("What is answered").click(button="right")
    vera.page.get_by_role("menuitem", name="Reply", exact=True).click()
    composer(vera.page).fill("Half a thought")
    # While one writes.
    expect(preview(phone, tea)).to_have_text("Draft: Half a thought", timeout=WHILE_WRITING)
    composer(vera.page).fill("Half a thought, and more")
    leave(vera, tea)
    expect(preview(phone, tea)).to_have_text("Draft: Half a thought, and more", timeout=2_000)
    settle(phone.page)
    phone.page.screenshot(path="screenshots/drafts-phone.png")
    settle(vera.page)
    vera.page.screenshot(path="screenshots/drafts-desktop.png")
    phone.open(tea)
    expect(composer(phone.page)).to_have_value("Half a thought, and more")
    expect(phone.page.get_by_text("Reply to")).to_be_visible()
    phone.page.get_by_role("button", name="Send", exact=True).click()
    expect(preview(vera, tea)).to_have_text("You: Half a thought, and more", timeout=2_000)
    back(phone)
    expect(preview(phone, tea)).to_have_text("You: Half a thought, and more")
    vera.page.reload()
    vera.open(tea)
    expect(composer(vera.page)).to_have_value("")


def test_what_somebody_writes_is_not_taken_by_another_device(vera: Person, phone: Person, tea: str):
    vera.open(tea)
    composer(vera.page).fill("Mine")
    phone.open(tea)
    expect(composer(phone.page)).to_have_value("Mine", timeout=WHILE_WRITING)
    composer(phone.page).fill("From the phone")
    with vera.page.expect_response(lambda response: "/api/drafts?chat=" in response.url):
        back(phone)
    expect(preview(phone, tea)).to_have_text("Draft: From the phone")
    # It was told of that, has the focus, and keeps its own until one leaves.
    expect(composer(vera.page)).to_have_value("Mine")
    leave(vera, tea)
    expect(preview(vera, tea)).to_have_text("Draft: From the phone")
    vera.open(tea)
    expect(composer(vera.page)).to_have_value("From the phone")
    composer(vera.page).fill("")
    leave(vera, tea)
    expect(preview(phone, tea)).not_to_contain_text("Draft", timeout=2_000)


def test_what_was_begun_without_a_network_is_shared_when_there_is_one(vera: Person, phone: Person, tea: str):
    phone.open(tea)
    phone.page.context.set_offline(True)
    expect(phone.page.get_by_test_id("connection")).not_to_have_attribute("data-phase", "live")
    composer(phone.page).fill("In the tunnel")
    back(phone)
    expect(preview(phone, tea)).to_have_text("Draft: In the tunnel")
    leave(vera, tea)
    expect(preview(vera, tea)).not_to_contain_text("Draft")
    phone.page.context.set_offline(False)
    expect(preview(vera, tea)).to_have_text("Draft: In the tunnel")
    vera.open(tea)
    composer(vera.page).fill("")
    leave(vera, tea)
    expect(preview(phone, tea)).not_to_contain_text("Draft")
