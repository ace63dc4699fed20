"""Texts with marks: what they look like, who makes them and how, and that they are nothing but text."""

import re

import pytest
from playwright.sync_api import Page, expect

from conftest import Person
from screens import RICH
from stage import PHONE, Stage, composer, say, settle

# A line of the field, and what is below it, in pixels.
LINE_BOX = 38
PLAIN = "bold italic gone code **as it is** ▒▒▒ ▒▒▒▒▒▒ notes quoted words let engine = **analytical** and on"


def last(person: Person):
    return person.page.get_by_test_id("message").last


def bar(page: Page):
    return page.get_by_role("toolbar", name="Format what is selected")


def send(person: Person, text: str) -> None:
    person.write(text)
    expect(last(person)).to_have_attribute("data-delivery", re.compile("^(sent|read)$"))


def select_in_field(page: Page, words: str) -> None:
    """Selects words of the field, as a hand does that drags over them."""
    composer(page).evaluate(
        """(field, words) => {
            field.focus();
            const at = field.value.indexOf(words);
            field.setSelectionRange(at, at + words.length);
        }""",
        words,
    )


@pytest.fixture
def stage(room: Stage):
    yield room
    room.end_visits()


@pytest.fixture
def writer(stage: Stage) -> Person:
    """Mary in the group, on a wide screen."""
    guest = stage.visit(reduced_motion="reduce")
    guest.open(stage.group)
    return guest


def test_marks_are_seen_as_what_they_mean_and_lists_and_quotes_say_the_words_alone(
    writer: Person, stage: Stage
):
    send(writer, RICH)
    text = last(writer).get_by_test_id("text")
    expect(text.locator("strong").first).to_have_text("bold")
    expect(text.locator("em")).to_have_text("italic")
    expect(text.locator("s")).to_have_text("gone")
    expect(text.locator("code")).to_have_text("code **as it is**")
    expect(text.locator("blockquote strong")).to_have_text("words")
    expect(text.locator("pre")).to_have_text("let engine = **analytical**")
    expect(text.locator("pre")).to_have_attribute("data-language", "swift")
    expect(writer.chat(stage.group)).to_contain_text(PLAIN)
    last(writer).click(button="right", position={"x": 5, "y": 5})
    writer.page.get_by_role("menuitem", name="Reply", exact=True).click()
    expect(writer.page.get_by_test_id("reply-bar").get_by_test_id("quote-line")).to_have_text(PLAIN)
    writer.page.keyboard.press("Escape")
    # Each block begins a line of its own, and none leaves an empty one behind.
    boxes = [
        text.locator(name).bounding_box() for name in ("blockquote", "pre")
    ]
    assert 0 <= boxes[1]["y"] - boxes[0]["y"] - boxes[0]["height"] < 8, boxes


def test_whoever_copies_has_the_marks_again(writer: Person):
    page = writer.page
    send(writer, RICH)
    page.evaluate(
        "() => document.addEventListener('copy', (event) => {"
        " window.copied = event.clipboardData.getData('text/plain'); })"
    )
    last(writer).get_by_test_id("text").evaluate("(text) => getSelection().selectAllChildren(text)")
    page.keyboard.press("Control+c")
    assert page.evaluate("() => window.copied") == RICH


def test_what_is_hidden_is_shown_by_a_press_and_by_the_keyboard(writer: Person, stage: Stage):
    olga = stage.visit(stage.olga, reduced_motion="reduce")
    olga.open(stage.group)
    for press in ("click", "Enter", "Space"):
        send(writer, f"It was ||the **{press}** butler||!")
        hidden = last(olga).get_by_role("button", name="Hidden text: press to show it")
        expect(hidden).to_be_visible()
        words = last(olga).get_by_text(f"{press}", exact=True)
        expect(words).to_be_hidden()
        if press == "click":
            hidden.click()
        else:
            hidden.focus()
            olga.page.keyboard.press(press)
        expect(words).to_be_visible()
        expect(hidden).to_have_count(0)
        # The keyboard is where it was, and nothing of it went into the field.
        assert composer(olga.page).input_value() == ""


def test_links_lead_to_the_web_in_a_tab_of_their_own_and_tell_it_nothing(writer: Person):
    send(writer, "[notes](https://example.org/a) https://example.org/b. [no](javascript:alert(1)) [https://bank.org](https://evil.org)")
    links = last(writer).get_by_role("link")
    # What pretends to lead elsewhere is no link but its two addresses.
    expect(links).to_have_text(["notes", "https://example.org/b"])
    for link in links.all():
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert link.get_attribute("target") == "_blank"
        assert link.get_attribute("href").startswith("https://example.org/")


def test_a_text_is_never_taken_for_a_piece_of_a_page(writer: Person):
    text = "<img src=x onerror=alert(1)> **<b>bold</b>** `<script>`"
    send(writer, text)
    shown = last(writer).get_by_test_id("text")
    expect(shown).to_have_text("<img src=x onerror=alert(1)> <b>bold</b> <script>")
    assert shown.locator("img, b, script").count() == 0


def test_selected_words_get_their_marks_from_the_bar_and_give_them_back(writer: Person):
    page = writer.page
    composer(page).fill("one two three")
    expect(bar(page)).to_have_count(0)
    select_in_field(page, "two")
    expect(bar(page)).to_be_visible()
    for name, marked in {
        "Bold": "one **two** three",
        "Strikethrough": "one **~~two~~** three",
        "Hide until pressed": "one **~~||two||~~** three",
    }.items():
        bar(page).get_by_role("button", name=name).click()
        expect(composer(page)).to_have_value(marked)
    bar(page).get_by_role("button", name="Hide until pressed").click()
    expect(composer(page)).to_have_value("one **~~two~~** three")
    # The browser takes it back as if it had been typed.
    page.keyboard.press("Control+z")
    expect(composer(page)).to_have_value("one **~~||two||~~** three")
    # It goes with the selection, with Escape before anything else, and with the focus.
    page.keyboard.press("ArrowRight")
    expect(bar(page)).to_have_count(0)
    select_in_field(page, "two")
    expect(bar(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(bar(page)).to_have_count(0)
    expect(page.get_by_test_id("chat-title")).to_be_visible()
    composer(page).fill("")


def test_the_keys_mark_without_the_bar_and_the_bar_is_walked_with_tab(writer: Person):
    page = writer.page
    composer(page).fill("one two")
    for key, marked in {
        "Control+b": "one **two**",
        "Control+i": "one **__two__**",
        "Control+Shift+x": "one **__~~two~~__**",
        "Control+Shift+m": "one **__~~`two`~~__**",
        "Control+Shift+p": "one **__~~`||two||`~~__**",
    }.items():
        select_in_field(page, "two")
        page.keyboard.press(key)
        expect(composer(page)).to_have_value(marked)
    composer(page).fill("one two")
    select_in_field(page, "two")
    expect(bar(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(bar(page).get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(composer(page)).to_have_value("one __two__")
    expect(composer(page)).to_be_focused()
    composer(page).fill("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_bar_is_above_what_is_selected_and_inside_of_the_page(stage: Stage, size: str, scheme: str):
    viewport = PHONE if size == "phone" else {"width": 1280, "height": 800}
    guest = stage.visit(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    guest.open(stage.group)
    page = guest.page
    composer(page).fill("first words, and then some more until the line is full\nand a second line")
    for words, line in (("first", 0), ("second", -1)):
        select_in_field(page, words)
        expect(bar(page)).to_be_visible()
        settle(page)
        box, around = bar(page).bounding_box(), composer(page).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= viewport["width"], box
        # The words are in the first line or in the last one of the field.
        top = around["y"] if line == 0 else around["y"] + around["height"] - LINE_BOX
        assert box["y"] >= 0 and top - 60 < box["y"] + box["height"] <= top + 16, (box, around)
        page.keyboard.press("Escape")
    composer(page).fill("")


def test_every_mark_looks_as_it_should_on_either_side(stage: Stage):
    say(stage.niels, stage.group, "Look:")
    stage.niels.write(RICH)
    stage.niels.page.goto(f"{stage.niels.url}/#/")
    for scheme in ("light", "dark"):
        guest = stage.visit(color_scheme=scheme, reduced_motion="reduce")
        guest.open(stage.group)
        send(guest, RICH)
        for text in guest.page.get_by_test_id("text").filter(has=guest.page.locator("pre")).all()[-2:]:
            look = """(one) => { const { color, fontFamily, fontWeight, fontStyle, textDecorationLine } =
                getComputedStyle(one); return { color, fontFamily, fontWeight, fontStyle, textDecorationLine }; }"""
            assert text.locator("strong").first.evaluate(look)["fontWeight"] == "500"
            assert text.locator("em").evaluate(look)["fontStyle"] == "italic"
            assert text.locator("s").evaluate(look)["textDecorationLine"] == "line-through"
            assert "monospace" in text.locator("pre").evaluate(look)["fontFamily"]
            # Of what is hidden not a single letter has a colour.
            assert text.locator("[data-mark='||']").evaluate(look)["color"] == "rgba(0, 0, 0, 0)"
