"""What two people on two nodes do with each other, as the README promises it."""

import re

from playwright.sync_api import Browser, expect

from conftest import Person, frame_answer, new_phone, request_code


def open_both(ada: Person, grace: Person, name: str) -> None:
    ada.create(name, f"The chat {name}")
    ada.invite(f"@{grace.username}", grace.name)
    grace.open(name)


def test_every_sidebar_has_the_two_public_rooms(ada: Person, grace: Person):
    for person in (ada, grace):
        rooms = person.page.locator("[data-kind=public][data-owner=cluster]")
        expect(rooms).to_have_count(2)


def test_an_invited_person_sees_the_chat_and_messages_arrive_without_reload(
    ada: Person, grace: Person, unique: str
):
    open_both(ada, grace, unique)
    ada.write("Hello from one node")
    expect(grace.message("Hello from one node")).to_be_visible()
    grace.write("Hello from the other")
    expect(ada.message("Hello from the other")).to_be_visible()
    expect(ada.message("Hello from one node")).to_have_count(1)


def test_an_invitation_by_phone_number(ada: Person, grace: Person, unique: str):
    grace.create(unique, "By phone")
    grace.invite(ada.phone, ada.name)
    expect(ada.chat(unique)).to_be_visible()


def test_nobody_of_that_name_is_said_in_words(ada: Person, unique: str):
    ada.create(unique, "Lonely")
    ada.page.get_by_role("button", name="More", exact=True).click()
    ada.page.get_by_role("menuitem", name="Invite people").click()
    dialog = ada.page.get_by_role("dialog", name="Invite people")
    dialog.get_by_role("textbox").fill("nobody_" + unique)
    dialog.get_by_role("button", name="Invite", exact=True).click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("button", name="Done").click()


def test_one_tick_when_sent_two_when_read(ada: Person, grace: Person, unique: str):
    ada.create(unique, "Ticks")
    ada.invite(f"@{grace.username}", grace.name)
    expect(grace.chat(unique)).to_be_visible()
    ada.write("Read me")
    expect(ada.message("Read me")).to_have_attribute("data-delivery", "sent")
    grace.open(unique)
    expect(ada.message("Read me")).to_have_attribute("data-delivery", "read")


def test_unread_messages_are_counted_in_the_list_and_in_the_title(
    ada: Person, grace: Person, unique: str
):
    ada.create(unique, "Counting")
    ada.invite(f"@{grace.username}", grace.name)
    row = grace.chat(unique)
    expect(row).to_be_visible()
    for number in range(3):
        ada.write(f"count {number}")
    expect(row.get_by_test_id("unread")).to_have_text("3")
    expect(grace.page).to_have_title(re.compile(r"^\(\d+\) Chaticket$"))
    grace.open(unique)
    expect(row.get_by_test_id("unread")).to_have_count(0)
    expect(grace.page.get_by_test_id("unread-line")).to_be_visible()


def test_a_message_in_a_public_room_reaches_everybody(ada: Person, grace: Person, unique: str):
    room = ada.page.locator("[data-kind=public][data-owner=cluster]").first.get_attribute("data-chat")
    for person in (ada, grace):
        person.page.locator(f"[data-chat='{room}']").click()
    ada.write(f"Public {unique}")
    expect(grace.message(f"Public {unique}")).to_be_visible()


def test_only_who_may_renames_and_only_the_owner_deletes(ada: Person, grace: Person, unique: str):
    open_both(ada, grace, unique)
    for person in (ada, grace):
        person.page.get_by_role("button", name=f"Info about {unique}").click()
    expect(grace.page.get_by_test_id("member")).to_have_count(2)
    # Members may, until somebody says otherwise.
    expect(grace.page.get_by_role("button", name="Rename")).to_be_visible()
    info = ada.page.get_by_role("complementary", name="Chat info")
    info.get_by_role("button", name="Permissions").click()
    info.get_by_role("switch", name="Edit the chat").click()
    info.get_by_role("button", name="Back to the info").click()
    expect(grace.page.get_by_role("button", name="Rename")).to_have_count(0)
    chat = grace.chat(unique).get_attribute("data-chat")
    answer = grace.page.evaluate(
        """async (chat) => {
            const time = Date.now().toString(16).padStart(12, "0");
            const { csrftoken } = await (await fetch("/api/csrf")).json();
            const response = await fetch(`/api/chats/${chat}`, {
                method: "PATCH",
                headers: {
                    "Content-Type": "application/json",
                    "X-CSRFToken": csrftoken,
                    "Idempotency-Key": `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${time}`,
                },
                body: JSON.stringify({ name: "mine", fullName: "now" }),
            });
            return [response.status, (await response.json()).error.code];
        }""",
        chat,
    )
    assert answer == [403, "noRight"]
    for kind in ("rename", "delete"):
        assert frame_answer(grace, {"kind": kind, "chat": chat, "name": "mine", "fullName": "now"}) == ["error", "noRight", False]
    renamed = f"{unique} renamed"
    ada.page.get_by_role("button", name="Rename", exact=True).click()
    dialog = ada.page.get_by_role("dialog", name="Rename")
    dialog.get_by_role("textbox", name="Short name").fill(renamed)
    dialog.get_by_role("button", name="Save").click()
    expect(grace.page.get_by_test_id("chat-title")).to_have_text(renamed)
    ada.page.get_by_role("button", name="Delete this chat").click()
    ada.page.get_by_role("button", name="Delete for everybody").click()
    expect(grace.chat(renamed)).to_have_count(0)
    expect(ada.chat(renamed)).to_have_count(0)


def test_history_loads_as_one_scrolls_up_and_nothing_is_missing(
    ada: Person, grace: Person, unique: str
):
    open_both(ada, grace, unique)
    count = 150
    for number in range(count):
        ada.write(f"line {number}")
    expect(grace.message(f"line {count - 1}")).to_be_visible(timeout=60_000)
    grace.page.reload()
    expect(grace.message(f"line {count - 1}")).to_be_visible()
    grace.page.get_by_test_id("timeline").hover()
    seen: set[str] = set(grace.texts())
    for _ in range(200):
        grace.page.mouse.wheel(0, -600)
        grace.page.wait_for_timeout(40)
        texts = grace.texts()
        assert len(texts) == len(set(texts)), "a message is shown twice"
        seen.update(texts)
        if "line 0" in seen:
            break
    assert seen >= {f"line {number}" for number in range(count)}
    grace.page.get_by_role("button", name="Go to the newest message").click()
    expect(grace.message(f"line {count - 1}")).to_be_in_viewport()


def test_a_wrong_code_is_said_in_words(browser: Browser, nodes: list[dict]):
    context = browser.new_context()
    page = context.new_page()
    code = request_code(page, nodes[0]["url"], new_phone())
    page.get_by_role("textbox", name="Code").press_sequentially(f"{(int(code) + 1) % 1_000_000:06d}")
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.get_by_role("textbox", name="Code").fill("")
    page.get_by_role("textbox", name="Code").press_sequentially(code)
    expect(page.get_by_role("textbox", name="Username")).to_be_visible()
    context.close()


def test_a_reload_keeps_the_session_and_the_chat(ada: Person, unique: str):
    ada.create(unique, "Reload")
    ada.write("Still here")
    expect(ada.message("Still here")).to_have_attribute("data-delivery", "sent")
    ada.page.reload()
    expect(ada.message("Still here")).to_have_attribute("data-delivery", "sent")
    ada.expect_live()


def test_what_was_written_without_network_is_sent_once_with_it(
    ada: Person, grace: Person, unique: str
):
    open_both(ada, grace, unique)
    ada.page.context.set_offline(True)
    expect(ada.page.get_by_text("Waiting for network…")).to_be_visible()
    ada.write("From the tunnel")
    expect(ada.message("From the tunnel")).to_have_attribute("data-delivery", "sending")
    ada.page.context.set_offline(False)
    expect(grace.message("From the tunnel")).to_be_visible()
    expect(ada.message("From the tunnel")).to_have_count(1)


def test_on_a_phone_back_walks_from_info_to_chat_to_list(ada: Person, unique: str):
    page = ada.page
    ada.create(unique, "Small")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name=f"Info about {unique}").click()
    expect(page.get_by_role("complementary", name="Chat info")).to_be_in_viewport()
    page.go_back()
    expect(page.get_by_role("complementary", name="Chat info")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_in_viewport()
    page.go_back()
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_have_count(0)
    expect(page.get_by_test_id("chat-list")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 800})


def test_the_theme_follows_the_system_until_somebody_chooses(ada: Person):
    page = ada.page
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("menuitem", name="Light theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    ada.expect_live()
