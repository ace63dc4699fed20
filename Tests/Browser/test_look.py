"""The numbers of the look: what `look.txt` says, asked of a real page in two themes and four widths.

A row of the table is one assertion; it holds at every width and in every theme that it names.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import request_code
from playwright.sync_api import Page, expect
from stage import LONG, Stage, say, settle

WIDTHS = (390, 900, 1280, 1920)
THEMES = ("light", "dark")
HEIGHT = 900

#: Finds an element that is shown and answers one fact about it, as text; null when there is no such element.
MEASURE = """
(rows) => {
    const shown = (selector) =>
        [...document.querySelectorAll(selector)].find((one) => one.getClientRects().length > 0) ??
        document.querySelector(selector);
    const edges = (element) => {
        const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
        return { left, top, right, bottom, width, height };
    };
    return rows.map(({ element, property }) => {
        const [selector, pseudo] = element.split("::");
        const found = shown(selector);
        if (found === null) return null;
        const box = edges(found);
        const other = / (?:in|of) (.+)$|^(?:below|beside) (.+)$/.exec(property);
        const anchor = other === null ? null : other[1] ?? other[2];
        const near = anchor === null ? null : found.closest(anchor) ?? shown(anchor);
        const beside = anchor === null ? null : found.parentElement.querySelector(anchor) ?? near;
        if (anchor !== null && near === null && beside === null) return null;
        if (pseudo === undefined) {
            if (property === "right") return String(innerWidth - box.right);
            if (property === "bottom") return String(innerHeight - box.bottom);
            if (property in box) return String(box[property]);
            if (/^left in /.test(property)) return String(box.left - edges(near).left);
            if (/^top in /.test(property)) return String(box.top - edges(near).top);
            if (/^right in /.test(property)) return String(edges(near).right - box.right);
            if (/^bottom in /.test(property)) return String(edges(near).bottom - box.bottom);
            if (/^beside /.test(property)) return String(box.left - edges(beside).right);
            if (/^below /.test(property)) return String(box.top - edges(beside).bottom);
            if (/^middle of /.test(property)) {
                const around = edges(near);
                return String((box.left + box.right) / 2 - (around.left + around.right) / 2);
            }
        }
        const style = getComputedStyle(found, pseudo === undefined ? null : `::${pseudo}`);
        return style.getPropertyValue(property.replace(/ css$/, "")).trim();
    });
}
"""


@dataclass(frozen=True)
class Row:
    screen: str
    what: str
    element: str
    property: str
    value: str
    widths: tuple[int, ...]
    themes: tuple[str, ...]


def read_table() -> list[Row]:
    rows, screen = [], ""
    for line in (Path(__file__).parent / "look.txt").read_text().splitlines():
        if line.startswith("["):
            screen = line.strip("[]")
        elif line and not line.startswith("#"):
            what, element, name, value, *where = re.split(r" {2,}", line.strip())
            words = where[0].split() if where else []
            widths = tuple(int(word) for word in words if word.isdigit()) or WIDTHS
            themes = tuple(word for word in words if word in THEMES) or THEMES
            assert len(words) == 0 or len(widths) < 4 or len(themes) < 2, f"odd place: {line}"
            rows.append(Row(screen, what, element, name, value, widths, themes))
    return rows


def as_browser_writes(value: str) -> str:
    """#rrggbb as the browser computes it."""
    digits = re.fullmatch(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", value)
    return value if digits is None else "rgb({}, {}, {})".format(*(int(one, 16) for one in digits.groups()))


def fits(found: str | None, value: str) -> bool:
    if found is None:
        return False
    try:
        return abs(float(found) - float(value)) <= 0.6
    except ValueError:
        return found == as_browser_writes(value)


def wrong(page: Page, rows: list[Row], width: int, theme: str) -> list[str]:
    """What does not fit, in words."""
    asked = [row for row in rows if width in row.widths and theme in row.themes]
    found = page.evaluate(MEASURE, [{"element": row.element, "property": row.property} for row in asked])
    return [
        f"{row.screen}, {theme}, {width}: {row.what} ({row.element}, {row.property}) is {is_now}, not {row.value}"
        for row, is_now in zip(asked, found, strict=True)
        if not fits(is_now, row.value)
    ]


def test_the_table_is_long_enough_and_names_each_thing_once():
    rows = read_table()
    assert len(rows) >= 120
    facts = {(row.screen, row.element, row.property, row.value, row.widths, row.themes) for row in rows}
    assert len(facts) == len(rows)


# MARK: Screens

#: Names the long messages of either side, which the table asks for their widths.
NAME_LONG = """
(long) => {
    for (const message of document.querySelectorAll(".bubble")) {
        const text = message.querySelector(".text-message")?.textContent ?? "";
        if (text.startsWith(long)) message.dataset.long = message.classList.contains("bubble--out") ? "out" : "in";
    }
}
"""


def show(screen: str, page: Page, stage: Stage) -> None:
    """Brings one screen of the table onto the page, which is wide and shows the group or the list."""
    base = stage.mary.url
    group = f"{base}/#/{stage.chat_id()}"
    match screen:
        case "frame" | "list":
            page.goto(f"{base}/#/")
            expect(page.get_by_test_id("chat-row").first).to_be_visible()
        case "chat":
            page.goto(group)
            expect(page.get_by_test_id("message").last).to_be_visible()
        case "unread":
            # Nobody of hers reads it before: another browser may still show the group.
            stage.mary.page.goto(f"{base}/#/")
            page.goto(f"{base}/#/")
            say(stage.niels, stage.group, "Nobody has read this")
            expect(stage.niels.page.get_by_test_id("message").last).to_be_visible()
            expect(page.get_by_test_id("chat-row").first.get_by_test_id("unread")).to_be_visible()
            page.goto(group)
            expect(page.get_by_test_id("unread-line")).to_be_visible()
        case "scrolled":
            page.goto(group)
            expect(page.get_by_test_id("message").last).to_be_visible()
        case "info":
            page.goto(f"{group}/info")
            expect(page.get_by_test_id("member")).to_have_count(3)
        case "menu":
            page.goto(f"{base}/#/")
            page.get_by_role("button", name="Menu", exact=True).click()
            expect(page.get_by_role("menu")).to_be_visible()
        case "dialog":
            page.goto(f"{base}/#/")
            page.get_by_role("button", name="New chat", exact=True).click()
            expect(page.get_by_role("dialog")).to_be_visible()
        case "settings":
            page.goto(f"{base}/#/?settings=overview")
            expect(page.get_by_role("heading", name="Settings")).to_be_visible()
        case _:
            raise AssertionError(f"there is no screen {screen}")


def at_width(page: Page, screen: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT if screen != "scrolled" else 420})
    if screen == "menu":
        # A page that changes its size closes its menus.
        expect(page.get_by_role("menu")).to_have_count(0)
        page.get_by_role("button", name="Menu", exact=True).click()
    if screen == "scrolled":
        # A window that just changed its size holds the end; whoever scrolls after that gets away.
        page.wait_for_function(
            "() => { document.querySelector('[data-testid=timeline]').scrollTop = 0;"
            " return document.querySelector('.timeline__to-bottom') !== null; }"
        )
    settle(page)
    if screen == "chat":
        expect(page.get_by_text(LONG, exact=True)).to_be_attached()
        page.evaluate(NAME_LONG, LONG[:40])


def measured(page: Page, stage: Stage, screens: list[str], theme: str) -> list[str]:
    table = read_table()
    found = []
    for screen in screens:
        page.set_viewport_size({"width": 1280, "height": HEIGHT})
        show(screen, page, stage)
        for width in WIDTHS:
            at_width(page, screen, width)
            found += wrong(page, [row for row in table if row.screen == screen], width, theme)
    return found


@pytest.mark.parametrize("theme", THEMES)
def test_the_page_has_the_numbers_of_the_table(stage: Stage, theme: str):
    page = stage.visit(color_scheme=theme).page
    # Something of everything that a row may show: what is unread, a draft, a message of mine.
    lobby = page.locator("[data-kind=public][data-owner=cluster]")
    # It is read when the page begins, as a draft of an earlier visit is.
    page.evaluate("(chat) => localStorage.setItem(`chaticket.draft.${chat}`, 'Half a thought')", lobby.last.get_attribute("data-chat"))
    page.reload()
    say(stage.niels, lobby.first.locator(".chat-row__title").inner_text(), f"Hello, {theme}")
    screens = list(dict.fromkeys(row.screen for row in read_table() if row.screen != "signIn"))
    found = measured(page, stage, screens, theme)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("theme", THEMES)
def test_the_way_in_has_the_numbers_of_the_table(stage: Stage, theme: str):
    context = stage.browser.new_context(color_scheme=theme, viewport={"width": 1280, "height": HEIGHT})
    page = context.new_page()
    page.goto(stage.mary.url)
    expect(page.get_by_role("textbox", name="Phone number")).to_be_focused()
    rows = [row for row in read_table() if row.screen == "signIn"]
    found = []
    for width in WIDTHS:
        at_width(page, "signIn", width)
        found += wrong(page, rows, width, theme)
    context.close()
    assert found == [], "\n".join(found)


# MARK: The table can fail

#: A token or a declaration that is changed, and a word of the complaint that has to follow.
PLANTED = [
    (":root { --accent: #ff0000; }", "round button"),
    (":root { --bubble-out: #ffffff; }", "bubble out"),
    (":root { --secondary: #999999; }", "status of the head"),
    (".chat-row { height: 71px; }", "row"),
    (".chat-row .avatar { width: 53px; }", "avatar"),
    (".chat-header { height: 57px; }", "head"),
    (".timeline__lane { max-width: 740px; }", "lane at most"),
    (".bubble { margin-bottom: 7px; }", "gap within a group"),
    (".bubble__body { border-radius: 12px; }", "first of a group"),
    (".composer__field { border-radius: 13px; }", "composer"),
]


def test_a_changed_token_is_complained_about(stage: Stage):
    page = stage.visit(color_scheme="light", path=f"#/{stage.chat_id()}").page
    expect(page.get_by_test_id("message").last).to_be_visible()
    rows = [row for row in read_table() if row.screen in ("list", "chat")]
    settle(page)
    before = set(wrong(page, rows, 1280, "light"))
    for rule, word in PLANTED:
        page.evaluate("(rule) => { const last = [...document.styleSheets].at(-1); last.insertRule(rule, last.cssRules.length); }", rule)
        page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
        complaints = [line for line in wrong(page, rows, 1280, "light") if line not in before]
        page.evaluate("() => { const last = [...document.styleSheets].at(-1); last.deleteRule(last.cssRules.length - 1); }")
        assert any(f": {word}" in line for line in complaints), f"nobody complained about {rule}: {complaints}"


def test_the_code_step_fits_every_width(stage: Stage):
    context = stage.browser.new_context(viewport={"width": 1280, "height": HEIGHT})
    page = context.new_page()
    request_code(page, stage.mary.url, "+4915100000001")
    for width in WIDTHS:
        at_width(page, "signIn", width)
        box = page.get_by_role("textbox", name="Code").bounding_box()
        assert box is not None and box["x"] >= 16 and box["x"] + box["width"] <= width - 16
    context.close()
