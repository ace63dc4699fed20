"""Words: all of them from the catalogue, in both directions, of any length, script and size."""

import json
import math
import re
import urllib.request

import pytest
from conftest import ROOT
from playwright.sync_api import Page, expect
from stage import DESKTOP, LONG, PHONE, Stage, say, settle

#: What is shown to a person on the page, as text: nodes, names for screen readers, hints.
SHOWN = """
() => {
    const shown = [];
    const isShown = (element) => element.checkVisibility({ checkVisibilityCSS: true });
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
        // What people wrote is theirs.
        if (node.parentElement.closest("[data-testid=text], .quote, .chat-row__title, .chat-row__preview") !== null) continue;
        if (isShown(node.parentElement)) shown.push(node.textContent);
    }
    for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
        // The name of a quote ends with what somebody wrote.
        if (!isShown(element) || element.matches(".reply-block")) continue;
        for (const name of ["aria-label", "title", "placeholder"]) shown.push(element.getAttribute(name) ?? "");
    }
    return shown;
}
"""

#: What is over the edge of the window, or cut off without a sign that it goes on.
OUTSIDE = """
() => [...document.querySelectorAll("body *")].filter((element) => {
    if (element.closest(".app__said, .chat-list__title, svg, textarea, select") || element.tagName === "INPUT") return false;
    if (!element.checkVisibility({ checkVisibilityCSS: true })) return false;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) return false;
    const style = getComputedStyle(element);
    const isOver = (box.right > innerWidth + 1 || box.left < -1) && element.closest(".timeline__scroll") === null;
    const isCut = element.scrollWidth > element.clientWidth + 1 && style.overflowX !== "visible"
        && style.textOverflow !== "ellipsis" && element.querySelector("*") === null;
    return isOver || isCut;
}).map((element) => `${element.className}: ${element.textContent.slice(0, 40)}`)
"""

PARTS = ("en", "en-later", "en-sign-in")
CATALOGUE = "".join((ROOT / f"Sources/WebClient/src/text/{name}.ts").read_text() for name in PARTS)


def pseudo_words() -> set[str]:
    """Every word of the catalogue as the pseudo-language lengthens it."""
    words = re.findall(r"[^\W\d_]+", CATALOGUE)
    return {word + word[-math.ceil(len(word) / 3) :] for word in words}


#: What no catalogue holds: names, keys of a keyboard, and what people wrote.
NAMES = re.compile(
    r"Ctrl|Shift|Enter|Alt|Esc|English|Mary|Somerville|Niels|Bohr|Olga|Ladyzhenskaya|Engine|room|lobby|help"
    r"|Notes|about|the|analytical|engine|The|Lobby|Help|Questions|Chrome|Linux|mary|niels|olga|[a-f]+"
    r"|Pseudo|right|left|Look|here|And|t"
)


def in_pseudo_language(stage: Stage, **options) -> Page:
    page = stage.visit(**options).page
    page.evaluate("() => localStorage.setItem('chaticket.language', 'ar-XB')")
    page.reload()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_test_id("chat-row").first).to_be_visible()
    return page


def leave(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_in_a_language_from_right_to_left_every_word_is_of_the_catalogue_and_fits(stage: Stage, viewport: dict):
    page = in_pseudo_language(stage, viewport=viewport, reduced_motion="reduce")
    problems: list[str] = []
    of_catalogue = pseudo_words()

    def check(screen: str) -> None:
        settle(page)
        for text in page.evaluate(SHOWN):
            words = [word for word in re.findall(r"[^\W\d_]{3,}", text) if word not in of_catalogue]
            # Days and months are the browser's words, in the letters of the language.
            words = [word for word in words if re.search("[A-Za-z]", word) and not NAMES.fullmatch(word)]
            if words and not any(said in text for said in SAID):
                problems.append(f"{screen}: {words} of no catalogue in {text!r}")
        problems.extend(f"{screen}: outside or cut: {line}" for line in page.evaluate(OUTSIDE))

    check("list")
    page.locator("[data-focus=menu] button").click()
    check("menu")
    leave(page)
    page.locator(".chat-list__new button").click()
    check("new chat")
    leave(page)
    page.evaluate("(chat) => { location.hash = `#/${chat}`; }", stage.chat_id())
    expect(page.get_by_test_id("message").last).to_be_visible()
    check("chat")
    page.locator(".chat-header .menu button").click()
    check("menu of the chat")
    page.get_by_role("menuitem").nth(2).click()
    check("invite")
    leave(page)
    page.evaluate("(chat) => { location.hash = `#/${chat}/info`; }", stage.chat_id())
    expect(page.get_by_test_id("member")).to_have_count(3)
    check("info")
    for name in ("overview", "profile", "look", "devices", "language", "keys"):
        page.evaluate("(name) => { location.hash = `#/?settings=${name}`; }", name)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        check(f"settings {name}")
    assert problems == [], "\n".join(problems)


#: What people wrote on the stage; it is of no catalogue.
SAID = (
    "machines can think", "loops survive", "left it running", "They did", "Let us ship", "Not one message",
    "example.org", "nobody has read", "Nobody has read", "Hello, ", "Written without", "By hand", "one", "two",
    "hear me", "My own words", "Look at the icon", "From the", "Look here", "a\nb", "Grüße",
)  # fmt: skip


def test_in_a_language_from_right_to_left_the_page_is_mirrored(stage: Stage):
    page = in_pseudo_language(stage)
    page.evaluate("(chat) => { location.hash = `#/${chat}/info`; }", stage.chat_id())
    expect(page.get_by_test_id("member")).to_have_count(3)
    settle(page)

    def box(selector: str) -> dict:
        return page.evaluate("(selector) => document.querySelector(selector).getBoundingClientRect().toJSON()", selector)

    assert box(".app__left")["right"] == 1280
    assert box(".app__right")["left"] == 0
    assert box(".chat-row .avatar")["left"] > box(".chat-row__title")["right"]
    assert box(".bubble--out .bubble__body")["left"] < box(".bubble:not(.bubble--out) .bubble__body")["left"]
    tail, body = box(".bubble--last.bubble--out .bubble__tail"), box(".bubble--last.bubble--out .bubble__body")
    assert tail["left"] < body["left"] and tail["right"] < body["right"]
    assert box(".composer .icon-button")["right"] < box(".composer__field")["left"] + 1
    back = page.evaluate("() => getComputedStyle(document.querySelector('.composer .icon--directed')).transform")
    assert back == "matrix(-1, 0, 0, 1, 0, 0)"


# MARK: Long words and names of any script

NAMES_OF_ANY_SCRIPT = [
    "W" * 32,
    "شركة القهوة والشاي والسكر",
    "การทดสอบชื่อยาวโดยไม่มีช่องว่าง",
    "漢字かな交じり文の長い名前の部屋",
    "Z\u0351\u036b\u0343a\u0300\u0301\u0302l\u0304\u0305g\u0306\u0307o\u0308",
    "👩‍👩‍👧‍👦🏳️‍🌈👍🏽🇩🇪",
    "עברית and English",
]


def test_long_words_and_names_of_any_script_stay_in_their_places(stage: Stage):
    guest = stage.visit()
    page = guest.page
    for name in NAMES_OF_ANY_SCRIPT:
        guest.create(name, f"{name} {'Donaudampfschifffahrtselektrizität' * 2}")
    guest.write("Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 6)
    guest.write("Grüße " + "🎉" * 80)
    expect(page.get_by_test_id("text").last).to_contain_text("Grüße")
    for size in (DESKTOP, PHONE, {"width": 320, "height": 568}):
        page.set_viewport_size(size)
        for place in (page.evaluate("() => location.hash"), "#/"):
            page.evaluate("(place) => { location.hash = place; }", place)
            settle(page)
            assert page.evaluate(OUTSIDE) == [], (size, place)
            page.evaluate("() => history.length")
    page.set_viewport_size(DESKTOP)
    page.evaluate("() => { location.hash = '#/'; }")
    for row in page.get_by_test_id("chat-row").all():
        box = row.bounding_box()
        assert box is not None and abs(box["height"] - 72) < 1
        title = row.locator(".chat-row__title").bounding_box()
        time = row.locator(".chat-row__time").bounding_box()
        assert title is not None and time is not None and title["x"] + title["width"] <= time["x"] + 1
    # A name says itself to a screen reader, whatever its script.
    for name in NAMES_OF_ANY_SCRIPT:
        expect(page.get_by_test_id("chat-row").filter(has_text=name)).to_have_count(1)
    for name in NAMES_OF_ANY_SCRIPT:
        guest.chat(name).click(button="right")
        page.get_by_role("menuitem", name="Delete this chat").click()
        page.get_by_role("button", name="Delete for everybody").click()
        expect(guest.chat(name)).to_have_count(0)


# MARK: Sizes and hours


def test_every_size_of_text_scales_the_message_and_what_belongs_to_it(stage: Stage, unique: str):
    guest = stage.visit()
    page = guest.page
    guest.create(unique, "Sizes")
    for person in (stage.niels, stage.olga):
        guest.invite(f"@{person.username}", person.name)
    say(stage.niels, unique, LONG, "Short")
    say(guest, unique, LONG, "So it is")
    stage.niels.page.goto(f"{stage.niels.url}/#/")
    chat = guest.chat(unique).get_attribute("data-chat")
    page.evaluate("() => { location.hash = '#/?settings=look'; }")
    slider = page.get_by_role("slider")
    assert (slider.get_attribute("min"), slider.get_attribute("max")) == ("12", "20")
    for size in range(12, 21):
        slider.fill(str(size))
        page.evaluate("(chat) => { location.hash = `#/${chat}?settings=look`; }", chat)
        expect(page.get_by_test_id("message").last).to_be_visible()
        settle(page)
        sizes = page.evaluate(
            """() => [".text-message", ".bubble__name", ".bubble__meta", ".service-message__text"]
                .map((selector) => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize))"""
        )
        assert sizes == [size, size - 2, size - 4, size - 1]
        covered = page.evaluate(
            """() => [...document.querySelectorAll("[data-testid=message]")].filter((message) => {
                const meta = message.querySelector(".bubble__meta").getBoundingClientRect();
                const range = document.createRange();
                range.selectNodeContents(message.querySelector("[data-testid=text]"));
                return [...range.getClientRects()].some((line) => line.right > meta.left + 0.5
                    && line.left < meta.right - 0.5 && line.bottom > meta.top + 4 && line.top < meta.bottom - 4);
            }).map((message) => message.textContent)"""
        )
        assert covered == [], (size, covered)
        assert page.evaluate(OUTSIDE) == [], size


def test_hours_are_counted_to_24_until_somebody_wants_12(stage: Stage):
    page = stage.visit(path=f"#/{stage.chat_id()}").page
    # One that was edited says so before its time.
    time = page.locator(".bubble__meta").filter(has_not_text="edited").first
    expect(time).to_have_text(re.compile(r"^\d\d:\d\d$"))
    page.evaluate("(chat) => { location.hash = `#/${chat}?settings=look`; }", stage.chat_id())
    page.get_by_role("radio", name="12, like").check()
    expect(time).to_have_text(re.compile(r"^\d{1,2}:\d\d\s?[AP]M$"))
    page.reload()
    expect(time).to_have_text(re.compile(r"[AP]M$"))


def test_numbers_choose_the_form_of_the_word(stage: Stage, unique: str):
    guest = stage.visit(stage.olga)
    guest.create(unique, unique)
    status = guest.page.locator(".chat-header__status")
    expect(status).to_have_text("1 member")
    guest.invite(f"@{stage.mary.username}", stage.mary.name)
    expect(status).to_have_text(re.compile("^2 members"))
    say(guest, unique, "Look here")
    badge = stage.mary.chat(unique).get_by_test_id("unread")
    expect(badge).to_have_attribute("aria-label", "1 unread message")
    say(guest, unique, "And here")
    expect(badge).to_have_attribute("aria-label", "2 unread messages")


# MARK: Errors


def test_every_error_of_the_protocol_has_words_that_say_what_to_do():
    protocol = (ROOT / "Sources/Chaticket/Documentation.docc/ClientProtocol.md").read_text()
    table = protocol.split("## Errors")[1].split("## ")[0]
    codes = {code for row in re.findall(r"^\| (`[^|]+) \|", table, re.M) for code in re.findall(r"`(\w+)`", row)}
    catalogue = dict(re.findall(r'^  "error\.(\w+)": "(.*)",$', CATALOGUE, re.M))
    assert len(codes) >= 25
    assert codes - set(catalogue) == set()
    # What happened, then what to do; only the rules of a name are one sentence, which says both.
    short = {code for code, text in catalogue.items() if text.count(".") + text.count(":") < 2}
    assert short <= {"badUsername"}, short


def test_the_manifest_and_the_page_name_the_same_thing(stage: Stage):
    with urllib.request.urlopen(f"{stage.mary.url}/manifest.webmanifest", timeout=5) as answer:
        manifest = json.load(answer)
    assert manifest["name"] == "Chaticket" == re.findall(r'"app\.name": "(\w+)"', CATALOGUE)[0]
