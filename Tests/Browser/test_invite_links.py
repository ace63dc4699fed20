"""Invite links: made, copied, opened and revoked by people on several nodes, on a desktop and on a phone."""

import json
import re

import pytest
from conftest import CLUSTER, Killer, Person, new_phone, read_cluster, request_code, watch
from playwright.sync_api import Browser, Locator, expect
from stage import DESKTOP, TOUCH, Stage, message, settle

SIZES = {"desktop": {"viewport": DESKTOP}, "phone": TOUCH}


@pytest.fixture
def stage(people: Stage):
    yield people
    people.end_visits()


def begin(owner: Person, name: str) -> None:
    """A new private chat with one message, which nobody else is in."""
    owner.create(name, f"About {name}")
    field = owner.page.get_by_role("textbox", name="Message", exact=True)
    field.fill(f"Welcome to {name}")
    owner.page.get_by_role("button", name="Send", exact=True).click()
    expect(message(owner, f"Welcome to {name}")).to_be_visible()


def open_links(person: Person, name: str) -> Locator:
    person.page.get_by_role("button", name=f"Info about {name}").click()
    info = person.page.get_by_role("complementary", name="Chat info")
    info.get_by_role("button", name="Invite links", exact=True).click()
    expect(info.get_by_role("button", name="New link")).to_be_visible()
    return info


def make(person: Person, info: Locator, name: str, expires: str = "Never", limit: str = "Everybody who has it") -> str:
    """Makes a link; its address, as the button copies it."""
    info.get_by_role("button", name="New link").click()
    dialog = person.page.get_by_role("dialog", name="New link")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("radio", name=expires, exact=True).check()
    dialog.get_by_role("radio", name=limit, exact=True).check()
    dialog.get_by_role("button", name="Create the link").click()
    expect(row(info, name)).to_be_visible()
    return copied(person, info, name)


def row(info: Locator, name: str) -> Locator:
    return info.get_by_test_id("invite-link").filter(has_text=name)


def copied(person: Person, info: Locator, name: str) -> str:
    person.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row(info, name).get_by_role("button", name="Copy the link").click()
    expect(person.page.get_by_text("Copied.")).to_be_visible()
    address = person.page.evaluate("() => navigator.clipboard.readText()")
    assert re.fullmatch(re.escape(person.url) + r"/#/join/[0-9a-f]{32}\.[0-9a-f]{32}", address)
    return address


def follow(person: Person, address: str) -> Locator:
    """Opens a link on the person's own node; the dialog that it leads to."""
    # Another fragment alone loads no page, as when a link is pressed in a page that is open.
    person.page.evaluate("(hash) => { location.hash = hash; }", address.partition("#")[2])
    return person.page.get_by_role("dialog", name="Invitation")


def revoke(person: Person, info: Locator, name: str) -> None:
    row(info, name).get_by_role("button", name="Revoke the link").click()
    question = person.page.get_by_role("dialog", name="Revoke this link?")
    question.get_by_role("button", name="Revoke", exact=True).click()
    expect(row(info, name)).to_have_count(0)


def sign_up(person: Person, path: str = "") -> None:
    code = request_code(person.page, f"{person.url}/{path}", person.phone)
    person.page.get_by_role("textbox", name="Code").press_sequentially(code)
    person.page.get_by_role("textbox", name="Name", exact=True).fill(person.name)
    person.page.get_by_role("textbox", name="Username").fill(person.username)
    person.page.get_by_role("button", name="Start messaging").click()


def service(person: Person, text: str) -> Locator:
    return person.page.get_by_test_id("timeline").get_by_text(text, exact=True)


@pytest.mark.parametrize("size", SIZES)
def test_who_opens_a_link_sees_the_chat_joins_and_finds_the_link_used(stage: Stage, unique: str, size: str):
    mary, niels, olga = [stage.visit(who, **SIZES[size]) for who in (stage.mary, stage.niels, stage.olga)]
    assert len({person.node() for person in (mary, niels, olga)}) == 3
    begin(mary, unique)
    info = open_links(mary, unique)
    expect(info.get_by_text("There is no invite link yet.")).to_be_visible()
    address = make(mary, info, "Poster", "After a week", "1 person")
    expect(row(info, "Poster")).to_contain_text("0 of 1 joined")
    dialog = follow(niels, address)
    expect(dialog.get_by_role("heading", name=unique, exact=True)).to_be_visible()
    expect(dialog.get_by_text("Private chat, 1 member")).to_be_visible()
    settle(niels.page)
    niels.page.screenshot(path=f"screenshots/links-join-{size}.png")
    dialog.get_by_role("button", name="Join", exact=True).click()
    expect(niels.page.get_by_test_id("chat-title")).to_have_text(unique)
    expect(message(niels, f"Welcome to {unique}")).to_be_visible()
    expect(service(niels, "You joined by an invite link")).to_be_visible()
    # Back does not lead to the link again.
    assert "join" not in niels.page.evaluate("() => location.hash")
    # Its maker sees it used up, without asking; for everybody else it is over.
    expect(row(info, "Poster")).to_contain_text("1 of 1 joined")
    expect(row(info, "Poster")).to_contain_text("Used up")
    expect(row(info, "Poster").get_by_role("button", name="Copy the link")).to_have_count(0)
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/links-page-{size}.png")
    expect(follow(olga, address).get_by_role("alert")).to_have_text("This link is no longer valid. Ask for another.")
    # Who is in it is told so, and led there.
    dialog = follow(niels, address)
    expect(dialog.get_by_text("You are a member already.")).to_be_visible()
    dialog.get_by_role("button", name="Open the chat").click()
    expect(niels.page.get_by_test_id("chat-title")).to_have_text(unique)


@pytest.mark.parametrize("size", SIZES)
def test_a_revoked_link_and_a_wrong_one_say_the_same_and_a_banned_person_is_refused(
    stage: Stage, unique: str, size: str
):
    mary, niels = stage.visit(**SIZES[size]), stage.visit(stage.niels, **SIZES[size])
    begin(mary, unique)
    info = open_links(mary, unique)
    address = make(mary, info, "Poster", limit="10 people")
    other = make(mary, info, "Letter")
    info.get_by_role("button", name="New link").click()
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/links-new-{size}.png")
    mary.page.keyboard.press("Escape")
    revoke(mary, info, "Poster")
    refusal = "This link is no longer valid. Ask for another."
    wrong = address[:-4] + ("0000" if address[-4:] != "0000" else "1111")
    for bad in (address, wrong):
        dialog = follow(niels, bad)
        expect(dialog.get_by_role("alert")).to_have_text(refusal)
        expect(dialog.get_by_role("button", name="Join", exact=True)).to_have_count(0)
        dialog.get_by_role("button", name="Cancel").click()
        expect(dialog).to_have_count(0)
    # The other one is open until he is banned.
    follow(niels, other).get_by_role("button", name="Join", exact=True).click()
    expect(niels.page.get_by_test_id("chat-title")).to_have_text(unique)
    info.get_by_role("button", name="Back to the info").click()
    info.get_by_role("button", name=f"What to do with {niels.name}").click()
    mary.page.get_by_role("menuitem", name="Ban", exact=True).click()
    mary.page.get_by_role("dialog").get_by_role("button", name="Ban", exact=True).click()
    expect(niels.chat(unique)).to_have_count(0)
    expect(follow(niels, other).get_by_role("alert")).to_contain_text("This account is banned from the chat.")


def test_who_is_not_signed_in_signs_in_first_and_is_at_the_invitation_then(
    stage: Stage, browser: Browser, nodes: list[dict], unique: str
):
    mary = stage.visit()
    begin(mary, unique)
    address = make(mary, open_links(mary, unique), "Poster", "After a day")
    context = browser.new_context(reduced_motion="reduce", **TOUCH)
    page = context.new_page()
    guest = Person(page, "Rosa Luxemburg", f"rosa_{unique}", new_phone(), nodes[2]["url"])
    watch(page, guest.problems)
    sign_up(guest, f"#{address.partition('#')[2]}")
    dialog = page.get_by_role("dialog", name="Invitation")
    expect(dialog.get_by_role("heading", name=unique, exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Join", exact=True).click()
    expect(message(guest, f"Welcome to {unique}")).to_be_visible()
    expect(service(mary, f"{guest.name} joined by an invite link")).to_be_visible()
    assert guest.problems == []
    context.close()


def test_who_is_invited_by_a_number_that_nobody_has_finds_the_chat_after_signing_up(
    stage: Stage, browser: Browser, nodes: list[dict], unique: str
):
    mary = stage.visit()
    begin(mary, unique)
    phone = new_phone()
    mary.page.get_by_role("button", name="More", exact=True).click()
    mary.page.get_by_role("menuitem", name="Invite people").click()
    dialog = mary.page.get_by_role("dialog", name="Invite people")
    dialog.get_by_role("textbox").fill(phone)
    dialog.get_by_role("button", name="Invite", exact=True).click()
    expect(dialog.get_by_role("status")).to_contain_text(f"A message was sent to {phone}.")
    settle(mary.page)
    mary.page.screenshot(path="screenshots/links-phone-desktop.png")
    dialog.get_by_role("button", name="Done").click()
    # The message has left before the answer came, and names the cluster.
    lines = [json.loads(line) for line in (CLUSTER.parent / "invitations.jsonl").read_text().splitlines()]
    told = [line["text"] for line in lines if line["phone"] == phone]
    assert len(told) == 1 and mary.name in told[0] and any(node["url"] in told[0] for node in nodes)
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    guest = Person(page, "Emmy Noether", f"emmy_{unique}", phone, nodes[1]["url"])
    watch(page, guest.problems)
    sign_up(guest)
    guest.chat(unique).click()
    expect(message(guest, f"Welcome to {unique}")).to_be_visible()
    # The line of the invitation gets the name as soon as somebody hears of who has it.
    guest.write(f"Thank you {unique}")
    expect(message(mary, f"Thank you {unique}")).to_be_visible()
    expect(service(mary, f"You invited {guest.name}")).to_be_visible()
    assert guest.problems == []
    context.close()


def test_a_link_of_one_use_lets_one_in_while_the_node_of_who_joins_is_killed(
    stage: Stage, unique: str, killer: Killer
):
    mary, niels, olga = stage.visit(), stage.visit(stage.niels), stage.visit(stage.olga)
    begin(mary, unique)
    info = open_links(mary, unique)
    address = make(mary, info, "Poster", limit="1 person")
    for person in (niels, olga):
        expect(follow(person, address).get_by_role("button", name="Join", exact=True)).to_be_visible()
    victim = next(node for node in read_cluster()["nodes"] if node["url"] == niels.node())
    # The node dies with the join on its way, and the page goes on at another with the same one.
    niels.page.get_by_role("button", name="Join", exact=True).click(no_wait_after=True)
    killer.kill(victim)
    expect(niels.page.get_by_test_id("chat-title")).to_have_text(unique)
    expect(message(niels, f"Welcome to {unique}")).to_be_visible()
    olga.page.get_by_role("button", name="Join", exact=True).click()
    expect(olga.page.get_by_role("dialog", name="Invitation").get_by_role("alert")).to_have_text("This link is no longer valid. Ask for another.")
    expect(row(info, "Poster")).to_contain_text("1 of 1 joined")
    expect(service(mary, f"{niels.name} joined by an invite link")).to_have_count(1)
