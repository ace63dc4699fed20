"""The list of chats: drafts, order, many of them, and what the state of the line does to its head."""

import re

import pytest
from conftest import Person
from playwright.sync_api import expect
from stage import PHONE, Stage, say, settle

MANY = 40

#: Makes chats as the page itself does, without its dialog.
MAKE_CHATS = """
async ([count, name]) => {
    const { csrftoken } = await (await fetch("/api/csrf")).json();
    for (let index = 0; index < count; index += 1) {
        const time = Date.now().toString(16).padStart(12, "0");
        const random = crypto.randomUUID();
        const response = await fetch("/api/chats", {
            method: "POST",
            headers: {
                "Content-Type": "application/json",
                "X-CSRFToken": csrftoken,
                "Idempotency-Key": `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`,
            },
            body: JSON.stringify({ kind: "private", name: `${name} ${index}`, fullName: "One of many" }),
        });
        if (!response.ok) throw new Error(await response.text());
    }
}
"""


@pytest.fixture(scope="session")
def many(people: Stage) -> str:
    """Olga has many chats; the answer is what their names begin with."""
    name = "Many"
    people.olga.page.evaluate(MAKE_CHATS, [MANY, name])
    expect(people.olga.chat(f"{name} {MANY - 1}")).to_be_visible()
    return name


def names(person: Person) -> list[str]:
    """As one reads them, from the top."""
    return person.page.evaluate(
        """() => [...document.querySelectorAll(".chat-row__place")]
            .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
            .map((row) => row.querySelector(".chat-row__title").textContent)"""
    )


def test_a_draft_is_shown_in_red_lifts_its_chat_and_goes_when_it_is_sent(stage: Stage, unique: str):
    guest = stage.visit()
    guest.create(unique, "Drafts")
    say(guest, stage.group, "Now the group is first")
    expect(guest.page.get_by_test_id("chat-row").first).to_contain_text(stage.group)
    guest.open(unique)
    guest.page.get_by_role("textbox", name="Message", exact=True).fill("Half a\nthought")
    guest.open(stage.group)
    row = guest.chat(unique)
    expect(row.locator(".chat-row__draft")).to_have_text("Draft: ")
    expect(row.locator(".chat-row__preview")).to_have_text("Draft: Half a thought")
    settle(guest.page)
    assert names(guest)[0] == unique
    guest.page.reload()
    expect(row.locator(".chat-row__draft")).to_be_visible()
    guest.open(unique)
    # Who looks at it sees no draft of it: it is in the field.
    expect(row.locator(".chat-row__draft")).to_have_count(0)
    field = guest.page.get_by_role("textbox", name="Message", exact=True)
    expect(field).to_have_value("Half a\nthought")
    field.press("Enter")
    guest.open(stage.group)
    expect(row.locator(".chat-row__draft")).to_have_count(0)
    expect(row.locator(".chat-row__preview")).to_have_text("You: Half a thought")


def test_a_chat_in_which_somebody_writes_moves_up_by_transform(stage: Stage, unique: str):
    guest = stage.visit()
    guest.create(unique, "Moves")
    expect(guest.page.get_by_test_id("chat-row").first).to_contain_text(unique)
    guest.page.evaluate(
        """() => {
            window.moved = [];
            document.addEventListener("transitionrun", ({ target, propertyName }) => {
                if (target.classList.contains("chat-row__place")) window.moved.push(propertyName);
            });
        }"""
    )
    say(stage.niels, stage.group, "Up I go")
    stage.niels.page.goto(f"{stage.niels.url}/#/")
    guest.page.wait_for_function("() => window.moved.includes('transform')")
    settle(guest.page)
    assert names(guest)[:2] == [stage.group, unique]


def test_of_many_chats_those_in_sight_are_in_the_document(stage: Stage, many: str):
    guest = stage.visit(stage.olga)
    page = guest.page
    rows = page.get_by_test_id("chat-row")
    expect(rows.first).to_be_visible()
    total = int(page.locator(".chat-row__place").first.get_attribute("aria-setsize") or 0)
    assert total >= MANY
    assert rows.count() < total
    height = page.evaluate("() => document.querySelector('[data-testid=chat-list]').getBoundingClientRect().height")
    assert height == total * 72
    page.get_by_test_id("chat-list").hover()
    seen: set[str] = set()
    for _ in range(60):
        places = page.evaluate(
            """() => [...document.querySelectorAll(".chat-row__place")].map((row) => [
                Number(row.dataset.at), row.textContent,
                Math.round(row.getBoundingClientRect().top
                    - document.querySelector("[data-testid=chat-list]").getBoundingClientRect().top)])"""
        )
        assert all(top == at * 72 for at, _, top in places)
        seen.update(text for _, text, _ in places)
        if len(seen) >= total:
            break
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(30)
    assert len(seen) == total
    # Nothing is missing where one looks, however far one jumps.
    page.evaluate("() => { document.querySelector('.chat-rows').scrollTop = 0; }")
    expect(rows.first).to_be_in_viewport()
    rows.first.focus()
    page.keyboard.press("End")
    expect(page.locator(f"[data-at='{total - 1}'] button")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("[data-at='0'] button")).to_be_focused()


def test_the_round_button_is_away_while_one_scrolls_down(stage: Stage, many: str):
    page = stage.visit(stage.olga, viewport=PHONE).page
    button = page.get_by_role("button", name="New chat", exact=True)
    expect(button).to_be_in_viewport()
    page.get_by_test_id("chat-row").first.hover()
    page.mouse.wheel(0, 600)
    expect(button).not_to_be_in_viewport()
    page.mouse.wheel(0, -200)
    expect(button).to_be_in_viewport()


def test_the_head_says_what_the_line_does_and_still_searches(stage: Stage):
    guest = stage.visit()
    page = guest.page
    page.evaluate("() => localStorage.setItem('chaticket.preferences', JSON.stringify({ listWidth: 288 }))")
    page.reload()
    guest.expect_live()
    state = page.get_by_test_id("connection")
    expect(page.get_by_placeholder("Search")).to_be_visible()
    page.context.set_offline(True)
    expect(state).to_have_text(re.compile("Waiting for network…"))
    fits = """() => { const words = document.querySelector(".connection-title__text");
        return words.scrollWidth <= words.clientWidth; }"""
    assert page.evaluate(fits)
    page.get_by_role("searchbox").fill("engine")
    expect(page.get_by_test_id("chat-row")).to_have_count(1)
    expect(state).not_to_contain_text("Waiting")
    page.get_by_role("button", name="Close the search").click()
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(state).to_contain_text("Waiting for network…")
    page.context.set_offline(False)
    guest.expect_live()
    expect(state).to_have_text("")


def test_the_words_beside_try_now_have_their_room(stage: Stage):
    page = stage.visit().page
    page.evaluate("() => localStorage.setItem('chaticket.preferences', JSON.stringify({ listWidth: 288 }))")
    page.reload()
    expect(page.get_by_test_id("connection")).to_have_attribute("data-phase", "live")
    # What the page shows while it waits for the next attempt, put there by hand: the words and the button.
    widths = page.evaluate(
        """() => {
            const title = document.querySelector(".connection-title");
            const words = title.querySelector(".connection-title__text");
            const spinner = document.createElement("span");
            spinner.className = "spinner";
            title.prepend(spinner);
            words.textContent = "Reconnecting…";
            const now = document.createElement("button");
            now.className = "connection-title__now";
            now.textContent = "Try now";
            title.append(now);
            return [words.scrollWidth, words.clientWidth, now.getBoundingClientRect().right,
                title.parentElement.getBoundingClientRect().right];
        }"""
    )
    assert widths[0] <= widths[1]
    assert widths[2] <= widths[3]
