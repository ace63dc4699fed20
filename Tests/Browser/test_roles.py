"""Who may do what in a group: three people on three nodes, on a desktop and on a phone."""

import pytest
from conftest import Person
from playwright.sync_api import Locator, expect
from stage import DESKTOP, PHONE, Stage, composer, message, settle

SIZES = {"desktop": {"viewport": DESKTOP}, "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True}}


@pytest.fixture
def stage(room: Stage):
    yield room
    room.end_visits()


def visits(stage: Stage, size: str) -> list[Person]:
    """Mary, Niels and Olga, each on another node."""
    people = [stage.visit(who, **SIZES[size]) for who in (stage.mary, stage.niels, stage.olga)]
    assert len({person.node() for person in people}) == 3
    return people


def begin(owner: Person, others: list[Person], name: str) -> None:
    """A new private chat that all of them have open."""
    owner.create(name, f"About {name}")
    for person in others:
        owner.invite(f"@{person.username}", person.name)
    for person in others:
        person.chat(name).click()
        expect(person.page.get_by_test_id("chat-title")).to_have_text(name)


def write(person: Person, text: str) -> None:
    """By the button: on a phone Enter is another line."""
    composer(person.page).fill(text)
    person.page.get_by_role("button", name="Send", exact=True).click()


def open_info(person: Person, name: str) -> Locator:
    person.page.get_by_role("button", name=f"Info about {name}").click()
    info = person.page.get_by_role("complementary", name="Chat info")
    expect(info.get_by_test_id("member").first).to_be_visible()
    return info


def close_info(person: Person) -> None:
    person.page.get_by_role("button", name="Close the info").click()


def member(info: Locator, person: Person) -> Locator:
    return info.get_by_test_id("member").filter(has_text=person.name)


def choose(person: Person, info: Locator, whom: Person, item: str) -> None:
    """Something of a member's menu."""
    info.get_by_role("button", name=f"What to do with {whom.name}").click()
    person.page.get_by_role("menuitem", name=item, exact=True).click()


def service(person: Person, text: str) -> Locator:
    return person.page.get_by_test_id("timeline").get_by_text(text, exact=True)


def menu_of(person: Person, text: str) -> Locator:
    message(person, text).click(button="right")
    return person.page.get_by_role("menu")


@pytest.mark.parametrize("size", SIZES)
def test_who_is_banned_sees_the_chat_go_and_comes_back_when_unbanned(stage: Stage, unique: str, size: str):
    mary, niels, olga = visits(stage, size)
    begin(mary, [niels, olga], unique)
    write(olga, f"Good {unique}")
    expect(message(mary, f"Good {unique}")).to_be_visible()
    info = open_info(mary, unique)
    expect(member(info, mary).get_by_test_id("rank")).to_have_text("owner")
    choose(mary, info, olga, "Ban")
    question = mary.page.get_by_role("dialog", name=f"Ban {olga.name} from this chat?")
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/roles-ban-{size}.png")
    question.get_by_role("button", name="Ban", exact=True).click()
    # It is nowhere any more, and others see why.
    expect(olga.chat(unique)).to_have_count(0)
    expect(olga.page.get_by_test_id("chat-title")).to_have_count(0)
    expect(member(info, olga)).to_have_count(0)
    expect(service(niels, f"{mary.name} banned {olga.name}")).to_be_visible()
    close_info(mary)
    write(mary, f"Secret {unique}")
    expect(message(niels, f"Secret {unique}")).to_be_visible()
    # Nobody can invite her.
    mary.page.get_by_role("button", name="More", exact=True).click()
    mary.page.get_by_role("menuitem", name="Invite people").click()
    dialog = mary.page.get_by_role("dialog", name="Invite people")
    dialog.get_by_role("textbox").fill(f"@{olga.username}")
    dialog.get_by_role("button", name="Invite", exact=True).click()
    expect(dialog.get_by_text("This account is banned from the chat.")).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    # Until that is lifted.
    info = open_info(mary, unique)
    info.get_by_role("button", name="Removed users").click()
    expect(info.get_by_test_id("banned")).to_contain_text(olga.name)
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/roles-removed-{size}.png")
    info.get_by_role("button", name="Unban").click()
    expect(info.get_by_text("Nobody is banned from this chat.")).to_be_visible()
    info.get_by_role("button", name="Back to the info").click()
    close_info(mary)
    # The address still names the chat, which would open by itself.
    olga.page.goto(f"{olga.url}/#/")
    mary.invite(f"@{olga.username}", olga.name)
    olga.chat(unique).click()
    expect(message(olga, f"Secret {unique}")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_an_admin_deletes_the_message_of_another_and_the_owner_passes_the_chat_on(stage: Stage, unique: str, size: str):
    mary, niels, olga = visits(stage, size)
    begin(mary, [niels, olga], unique)
    write(olga, f"Spam {unique}")
    expect(message(niels, f"Spam {unique}")).to_be_visible()
    # A plain member has no such thing in the menu.
    menu = menu_of(niels, f"Spam {unique}")
    expect(menu.get_by_role("menuitem", name="Reply")).to_be_visible()
    expect(menu.get_by_role("menuitem", name="Delete")).to_have_count(0)
    niels.page.keyboard.press("Escape")
    info = open_info(mary, unique)
    choose(mary, info, niels, "Make admin")
    expect(member(info, niels).get_by_test_id("rank")).to_have_text("admin")
    expect(service(olga, f"{mary.name} made {niels.name} an admin")).to_be_visible()
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/roles-info-{size}.png")
    menu_of(niels, f"Spam {unique}").get_by_role("menuitem", name="Delete").click()
    niels.page.get_by_role("dialog").get_by_role("button", name="Delete for everybody").click()
    for person in (niels, olga):
        expect(message(person, f"Spam {unique}")).to_have_count(0)
    # The owner passes it on and is an admin then.
    choose(mary, info, niels, "Pass the chat on")
    mary.page.get_by_role("dialog", name=f"Pass this chat to {niels.name}?").get_by_role("button", name="Pass on").click()
    expect(member(info, niels).get_by_test_id("rank")).to_have_text("owner")
    expect(member(info, mary).get_by_test_id("rank")).to_have_text("admin")
    expect(mary.page.get_by_role("button", name="Delete this chat")).to_have_count(0)
    info = open_info(niels, unique)
    expect(info.get_by_role("button", name="Delete this chat")).to_be_visible()
    choose(niels, info, mary, "Dismiss as admin")
    expect(member(info, mary).get_by_test_id("rank")).to_have_count(0)
    # And when that one goes, the next gets it.
    info.get_by_role("button", name="Leave this chat").click()
    niels.page.get_by_role("dialog").get_by_role("button", name="Leave", exact=True).click()
    expect(niels.chat(unique)).to_have_count(0)
    expect(service(olga, f"{niels.name} passed the chat to {mary.name}")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_a_switch_makes_the_composer_a_bar_at_once_and_back(stage: Stage, unique: str, size: str):
    mary, niels, olga = visits(stage, size)
    begin(mary, [niels, olga], unique)
    composer(niels.page).fill(f"Unsaid {unique}")
    info = open_info(mary, unique)
    info.get_by_role("button", name="Permissions").click()
    switch = info.get_by_role("switch", name="Send messages")
    expect(switch).to_be_checked()
    expect(info.get_by_role("switch", name="Delete messages of others")).not_to_be_checked()
    switch.click()
    expect(switch).not_to_be_checked()
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/roles-permissions-{size}.png")
    for person in (niels, olga):
        expect(person.page.get_by_test_id("quiet-bar")).to_have_text("Only admins may write in this chat.")
        expect(composer(person.page)).to_have_count(0)
        expect(service(person, f"{mary.name} changed the permissions")).to_be_visible()
    settle(niels.page)
    niels.page.screenshot(path=f"screenshots/roles-quiet-{size}.png")
    # The owner is not bound by it, and what was being written is there again.
    info.get_by_role("button", name="Back to the info").click()
    close_info(mary)
    write(mary, f"Quiet {unique}")
    expect(message(olga, f"Quiet {unique}")).to_be_visible()
    menu = menu_of(olga, f"Quiet {unique}")
    expect(menu.get_by_role("menuitem", name="Copy")).to_be_visible()
    expect(menu.get_by_role("menuitem", name="Reply")).to_have_count(0)
    olga.page.keyboard.press("Escape")
    info = open_info(mary, unique)
    info.get_by_role("button", name="Permissions").click()
    info.get_by_role("switch", name="Send messages").click()
    expect(composer(niels.page)).to_have_value(f"Unsaid {unique}")
    # Another switch takes the invitations away.
    info.get_by_role("switch", name="Invite people").click()
    expect(info.get_by_role("switch", name="Invite people")).not_to_be_checked()
    niels.page.get_by_role("button", name="More", exact=True).click()
    expect(niels.page.get_by_role("menuitem", name="Info and members")).to_be_visible()
    expect(niels.page.get_by_role("menuitem", name="Invite people")).to_have_count(0)


def test_what_a_chat_is_about_stands_under_its_title(stage: Stage, unique: str):
    mary, niels = stage.visit(), stage.visit(stage.niels)
    begin(mary, [niels], unique)
    info = open_info(mary, unique)
    info.get_by_role("button", name="Rename", exact=True).click()
    dialog = mary.page.get_by_role("dialog", name="Rename")
    dialog.get_by_role("textbox", name="Description").fill(f"All about {unique}")
    dialog.get_by_role("button", name="Save").click()
    expect(info.get_by_text(f"All about {unique}")).to_be_visible()
    settle(mary.page)
    mary.page.screenshot(path="screenshots/roles-about-desktop.png")
    expect(service(niels, f"{mary.name} changed the description")).to_be_visible()
    expect(open_info(niels, unique).get_by_text(f"All about {unique}")).to_be_visible()
