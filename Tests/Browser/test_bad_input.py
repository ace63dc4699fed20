"""Whatever people type and servers send: nothing runs, breaks the layout, stalls the page or loses what was
typed."""

import base64
import json
import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute, expect

from conftest import Person, new_phone, sign_in

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

# Each runs if any field is ever taken for HTML, an address or code.
SCRIPTS = [
    "<img src=x onerror=\"window.pwned='img'\">",
    "<script>window.pwned='script'</script>",
    "\"><svg onload=\"window.pwned='svg'\">",
    "javascript:window.pwned='address'",
    "{{constructor.constructor('window.pwned=1')()}}",
]

FLOOD = "Z" + "\u0301\u0321\u0489" * 600
TEXTS = {
    "a flood of combining marks": FLOOD,
    "overrides that never end": "\u202e\u202d\u2067\u2066\u202eabc 123",
    "ends of what never began": "abc\u202c\u2069\u202c\u2069 def",
    "zero-width": "a\u200b\u200c\u200d\u2060\ufeff\u00adb" * 50,
    "one word without an end": "W" * 4_000,
    "lines": "\n".join(str(number) for number in range(200)),
    "right to left": "مرحبا بالعالم، هذه رسالة طويلة " * 20,
    "emoji of many parts": "👩‍👩‍👧‍👦🏳️‍🌈👨🏽‍🚀" * 100,
    "tall and wide signs": "﷽𒐫𒈙⸻꧅" * 40,
    "scripts": "\n".join(SCRIPTS),
}

NO_WORKER = "delete window.SharedWorker;"


@pytest.fixture(scope="module")
def una(browser: Browser, nodes: list[dict]):
    context = browser.new_context(viewport=DESKTOP)
    person = sign_in(context, nodes[1]["url"], "Una Typing")
    yield person
    assert person.problems == []
    context.close()


@pytest.fixture(scope="module")
def vera(browser: Browser, nodes: list[dict]):
    context = browser.new_context(viewport=DESKTOP, color_scheme="dark")
    person = sign_in(context, nodes[2]["url"], "Vera Reading")
    yield person
    assert person.problems == []
    context.close()


@pytest.fixture
def quiet(browser: Browser):
    """A context in which every request and socket is the page's own, so that a test may answer it."""
    context = browser.new_context(viewport=DESKTOP, service_workers="block")
    context.add_init_script(NO_WORKER)
    yield context
    context.close()


@pytest.fixture(scope="module")
def answered(browser: Browser, nodes: list[dict]):
    """Somebody whose requests a test may answer; the sockets go through `Answers`."""
    context = browser.new_context(viewport=DESKTOP, service_workers="block")
    context.add_init_script(NO_WORKER)
    answers = Answers()
    context.route_web_socket(re.compile(r"/ws$"), answers.pass_on)
    person = sign_in(context, nodes[1]["url"], "Kim Answered")
    answers.person = person
    yield answers
    assert person.problems == []
    context.close()


class Answers:
    """What stands between a page and its node."""

    def __init__(self) -> None:
        self.person: Person | None = None
        self.refuses_messages = False

    def pass_on(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: socket.send(message))

        def from_page(message: str | bytes) -> None:
            frame = json.loads(message)
            if not (self.refuses_messages and frame["kind"] == "send"):
                server.send(message)
                return
            refusal = {"code": "badText", "message": "no", "retryable": False}
            socket.send(json.dumps({"kind": "error", "cmid": frame["cmid"], **refusal}))

        socket.on_message(from_page)


def expect_nothing_ran(*people: Person) -> None:
    for person in people:
        assert person.page.evaluate("() => window.pwned ?? null") is None


def expect_fits(page: Page) -> None:
    """Nothing is wider than the page, and each message's frame holds its text and its time."""
    wrong = page.evaluate(
        """() => {
            const wrong = [];
            if (document.documentElement.scrollWidth > innerWidth) wrong.push("the page scrolls sideways");
            const scroll = document.querySelector("[data-testid=timeline]");
            if (scroll !== null && scroll.scrollWidth > scroll.clientWidth + 1) wrong.push("the thread scrolls sideways");
            for (const row of document.querySelectorAll("[data-testid=message]")) {
                const body = row.querySelector(".bubble__body").getBoundingClientRect();
                for (const name of [".bubble__content", ".bubble__meta"]) {
                    const box = row.querySelector(name)?.getBoundingClientRect();
                    if (box === undefined) continue;
                    if (box.left < body.left - 1 || box.right > body.right + 1 || box.bottom > body.bottom + 1)
                        wrong.push(`${name} leaves its bubble: ${row.innerText.slice(0, 40)}`);
                }
            }
            return wrong;
        }"""
    )
    assert wrong == []


# MARK: What people type


def test_text_of_any_kind_arrives_as_it_was_and_breaks_nothing(una: Person, vera: Person, unique: str):
    una.create(unique, "Unicode")
    una.invite(f"@{vera.username}", vera.name)
    vera.open(unique)
    for name, text in TEXTS.items():
        una.write(text)
        sent = una.page.get_by_test_id("message").last
        expect(sent, name).to_have_attribute("data-delivery", re.compile("sent|read"))
        una.write(f"after {name}")
        expect(vera.message(f"after {name}")).to_be_visible()
        seen = vera.page.get_by_test_id("text").all_text_contents()
        assert text.strip() in seen, name
    for person in (una, vera):
        try:
            for viewport in (PHONE, DESKTOP):
                person.page.set_viewport_size(viewport)
                expect_fits(person.page)
        finally:
            person.page.set_viewport_size(DESKTOP)
    expect_nothing_ran(una, vera)


# How many pixels of two pictures differ by more than the edges of one shape that is drawn twice.
DIFFER = """async (pictures) => {
    const [one, other] = await Promise.all(pictures.map(async (picture) => {
        const image = new Image();
        image.src = `data:image/png;base64,${picture}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas.drawImage(image, 0, 0);
        return canvas.getImageData(0, 0, image.width, image.height).data;
    }));
    let count = 0;
    for (let at = 0; at < one.length; at += 4)
        if ([0, 1, 2].some((colour) => Math.abs(one[at + colour] - other[at + colour]) > 48)) count += 1;
    return count;
}"""


def pixels_shown(browser: Browser, page: Page, area: dict, text: str) -> int:
    """How much of a message is drawn in an area of the page."""
    hide = """([text, value]) => {
        for (const node of document.querySelectorAll(".text-message"))
            if (node.textContent === text) node.style.visibility = value;
    }"""
    pictures = []
    for visibility in ("", "hidden"):
        page.evaluate(hide, [text, visibility])
        pictures.append(base64.b64encode(page.screenshot(clip=area, animations="disabled")).decode())
    page.evaluate(hide, [text, ""])
    # Not in the page itself, whose policy lets no such picture in.
    blank = browser.new_page()
    count = blank.evaluate(DIFFER, pictures)
    blank.close()
    return count


def test_a_flood_of_marks_stays_in_its_own_message(browser: Browser, una: Person, unique: str):
    una.create(unique, "Flood")
    una.write("above")
    una.write(FLOOD)
    una.write("below")
    expect(una.message("below")).to_have_attribute("data-delivery", "sent")
    page = una.page
    box = page.get_by_test_id("message").nth(1).locator(".bubble__body").bounding_box()
    assert box is not None
    assert pixels_shown(browser, page, box, FLOOD) > 500
    # The marks are higher than their line: what is drawn beyond the bubble would cover the others.
    for area in (
        {**box, "y": box["y"] - 60, "height": 58},
        {**box, "y": box["y"] + box["height"] + 2, "height": 30},
        {**box, "x": box["x"] - 60, "width": 50},
        {**box, "x": box["x"] + box["width"] + 12, "width": 40},
    ):
        assert pixels_shown(browser, page, area, FLOOD) == 0, f"marks are drawn outside of their message: {area}"


def test_halves_of_characters_and_control_characters_do_not_stop_the_outbox(
    una: Person, vera: Person, unique: str
):
    una.create(unique, "Halves")
    una.invite(f"@{vera.username}", vera.name)
    vera.open(unique)
    field = una.page.get_by_role("textbox", name="Message", exact=True)
    una.page.evaluate(
        """() => {
            const field = document.querySelector("textarea");
            const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
            set.call(field, "half \\ud83d and \\udc00 \\u0000\\u0007\\u001b whole \\ud83d\\ude00");
            field.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    field.press("Enter")
    una.write("the next one")
    expect(una.message("the next one")).to_have_attribute("data-delivery", "read")
    assert vera.texts() == ["half \ufffd and \ufffd  whole 😀", "the next one"]
    una.expect_live()


def test_html_and_script_in_every_field_is_text(browser: Browser, nodes: list[dict], unique: str):
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.goto(nodes[0]["url"])
    number = page.get_by_role("textbox", name="Phone number")
    for script in SCRIPTS:
        number.fill(script)
    page.close()
    mallory = sign_in(context, nodes[2]["url"], f"Mallory {SCRIPTS[0]}")
    page = mallory.page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    name = f"{SCRIPTS[1][:20]}{unique[:8]}"
    mallory.create(name, SCRIPTS[0])
    for script in SCRIPTS:
        mallory.write(script)
        expect(mallory.message(script)).to_have_attribute("data-delivery", "sent")
    page.get_by_role("searchbox").fill(SCRIPTS[0])
    page.get_by_role("searchbox").press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill(SCRIPTS[0])
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Invite people").click()
    dialog = page.get_by_role("dialog", name="Invite people")
    for script in SCRIPTS[:3]:
        dialog.get_by_role("textbox").fill(script)
        dialog.get_by_role("button", name="Invite", exact=True).click()
        expect(dialog.get_by_role("alert")).to_be_visible()
        expect(dialog.get_by_role("textbox")).to_have_value(script)
    page.keyboard.press("Escape")
    # An address that only looks like one to click.
    assert page.locator("[data-testid=text] a[href^=javascript]").count() == 0
    for address in (f"#/{SCRIPTS[0]}", "#/<script>", f"#/?settings={SCRIPTS[1]}"):
        page.evaluate("(address) => { location.hash = address; }", address)
        expect(page.get_by_test_id("chat-list")).to_be_visible()
    page.reload()
    mallory.open(name)
    expect(mallory.message(SCRIPTS[0])).to_be_visible()
    expect_nothing_ran(mallory)
    assert dialogs == [] and mallory.problems == []
    context.close()


def test_a_paste_of_a_hundred_thousand_characters_stalls_nothing_and_is_kept(una: Person, unique: str):
    page = una.page
    una.create(unique, "Paste")
    field = page.get_by_role("textbox", name="Message", exact=True)
    field.focus()
    pasted = ("a long text of many lines and words\n" * 3_000)[:100_000]
    page.keyboard.insert_text(pasted)
    expect(page.get_by_role("alert")).to_contain_text("too long")
    expect(page.get_by_role("button", name="Send")).to_be_disabled()
    page.keyboard.press("Enter")
    # It can still be written in: the keys come, and none takes so long that the page stands still.
    page.evaluate(
        "() => { window.tasks_ = []; new PerformanceObserver((list) => { for (const { duration }"
        " of list.getEntries()) window.tasks_.push(duration); }).observe({ type: 'longtask' }); }"
    )
    page.keyboard.type(" and on")
    expect(field).to_have_value(pasted + " and on")
    assert max([0, *page.evaluate("() => window.tasks_")]) < 2_000
    expect_fits(page)
    # Another chat and back, and a reload: it is still there.
    una.open("lobby")
    una.open(unique)
    assert field.input_value() == pasted + " and on"
    page.reload()
    expect(field).to_be_visible()
    assert field.input_value() == pasted + " and on"
    field.fill("short again")
    field.press("Enter")
    expect(una.message("short again")).to_have_attribute("data-delivery", "sent")


# MARK: What servers send


NONSENSE: list[str | bytes] = [
    "",
    "null",
    "[]",
    "{",
    '"text"',
    "\u0000",
    b"\x00\xff",
    '{"kind":7}',
    '{"kind":"news of next year","log":"inbox"}',
    '{"kind":"push"}',
    '{"kind":"welcome"}',
    '{"kind":"live"}',
    '{"kind":"resync"}',
    '{"kind":"__proto__"}',
    '{"__proto__":{"polluted":1},"kind":"live"}',
    '{"kind":"slowDown","retryAfter":-1}',
    '{"kind":"advanced","log":"inbox","head":{"seq":1e400,"n":0}}',
    '{"kind":"ack","cmid":"' + "0" * 32 + '","chat":"' + "0" * 32 + '","seq":1,"n":1,"ts":1}',
    '{"kind":"error","code":"<b>x</b>","message":"<img src=x onerror=window.pwned=1>","retryable":false}',
    '{"kind":"marks","chat":"' + "f" * 32 + '","marksVersion":1,"marks":[]}',
]


class Spoiler:
    """Passes everything on, but adds nonsense, says some things twice, and holds pushes back for others."""

    def __init__(self) -> None:
        self.held: list[str] = []
        self.count = 0
        self.socket: WebSocketRoute | None = None

    def spoil(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        self.socket = socket
        self.held.clear()
        server.on_message(self.from_server)
        socket.on_message(lambda message: server.send(message))

    def from_server(self, message: str | bytes) -> None:
        self.count += 1
        frame = json.loads(message)
        if frame["kind"] == "push" and frame["log"] != "inbox":
            self.held.append(message)
            if len(self.held) == 3:
                self.release()
                old = dict(frame, epoch=max(0, frame["epoch"] - 1))
                self.socket.send(json.dumps(old))
                seq = frame["seq"] + 500
                self.socket.send(json.dumps(dict(frame, seq=seq, entry=dict(frame["entry"], seq=seq))))
        else:
            self.socket.send(message)
        self.socket.send(NONSENSE[self.count % len(NONSENSE)])

    def release(self) -> None:
        """What is held comes now: backwards, and each twice."""
        for late in reversed(self.held):
            self.socket.send(late)
            self.socket.send(late)
        self.held.clear()

    def expect_seen(self, person: Person, text: str) -> None:
        """The last of the held pushes come too, though no third one follows them."""
        for _ in range(200):
            self.release()
            if person.message(text).count() > 0:
                return
            person.page.wait_for_timeout(100)
        raise AssertionError(f"{person.name} does not see {text}")


def test_frames_that_are_unknown_broken_doubled_or_out_of_order_change_nothing(
    quiet: BrowserContext, una: Person, nodes: list[dict], unique: str
):
    spoiler = Spoiler()
    quiet.route_web_socket(re.compile(r"/ws$"), spoiler.spoil)
    sam = sign_in(quiet, nodes[2]["url"], "Sam Spoilt")
    una.create(unique, "Spoilt")
    una.invite(f"@{sam.username}", sam.name)
    sam.open(unique)
    texts = [f"line {number}" for number in range(24)]
    for text in texts:
        una.write(text)
    spoiler.expect_seen(sam, texts[-1])
    sam.write("and mine")
    expect(sam.message("and mine")).to_have_attribute("data-delivery", re.compile("sent|read"))
    spoiler.expect_seen(sam, "and mine")
    expect(una.message("and mine")).to_be_visible()
    assert sam.texts() == una.texts() == [*texts, "and mine"]
    assert sam.page.evaluate("() => ({}).polluted ?? null") is None
    expect_nothing_ran(sam)
    assert sam.problems == []


REFUSAL = {"error": {"code": "internal", "message": "Nothing works.", "retryable": False}}


def refuse_everything(context: BrowserContext, body: str, content_type: str, status: int) -> None:
    context.route(
        re.compile(r"/api/"),
        lambda route: route.fulfill(status=status, body=body, content_type=content_type),
    )


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (json.dumps(REFUSAL), "application/json", 500),
        ("<h1>Bad gateway</h1>", "text/html", 502),
        ('{"surprise":[1,2,3]}', "application/json", 200),
        ("", "application/json", 404),
    ],
)
def test_a_server_that_refuses_everything_leaves_what_was_typed(
    quiet: BrowserContext, nodes: list[dict], body: str, content_type: str, status: int
):
    refuse_everything(quiet, body, content_type, status)
    page = quiet.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(nodes[2]["url"])
    number = page.get_by_role("textbox", name="Phone number")
    expect(number).to_be_visible()
    phone = new_phone()
    number.fill(phone)
    written = number.input_value()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("button", name="Next")).to_be_enabled(timeout=40_000)
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(number).to_have_value(written)
    # And as soon as it answers, all goes on from there.
    quiet.unroute(re.compile(r"/api/"))
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("textbox", name="Code")).to_be_visible()
    assert problems == []


def test_messages_that_are_refused_say_so_and_can_be_sent_again(answered: Answers, unique: str):
    kim = answered.person
    kim.create(unique, "Refused")
    answered.refuses_messages = True
    kim.write("first")
    kim.write("second")
    for text in ("first", "second"):
        expect(kim.message(text)).to_have_attribute("data-delivery", "failed")
    # The texts survive a reload, too.
    kim.page.reload()
    for text in ("first", "second"):
        expect(kim.message(text)).to_have_attribute("data-delivery", "failed")
    kim.page.get_by_role("button", name="Delete").first.click()
    expect(kim.message("first")).to_have_count(0)
    assert kim.page.evaluate("() => document.activeElement.tagName") == "TEXTAREA"
    answered.refuses_messages = False
    kim.page.get_by_role("button", name="Try again").click()
    expect(kim.message("second")).to_have_attribute("data-delivery", "sent")
    assert kim.texts() == ["second"]


def test_history_that_cannot_be_loaded_says_so_and_comes_when_asked_again(
    answered: Answers, una: Person, unique: str
):
    una.create(unique, "History")
    for number in range(5):
        una.write(f"old {number}")
    expect(una.message("old 4")).to_have_attribute("data-delivery", "sent")
    kim = answered.person
    context = kim.page.context
    pattern = re.compile(r"/api/chats/[0-9a-f]+/entries")
    refusal = {"error": {"code": "other", "message": "no", "retryable": False}}
    context.route(pattern, lambda route: route.fulfill(status=400, json=refusal))
    una.invite(f"@{kim.username}", kim.name)
    kim.open(unique)
    again = kim.page.get_by_test_id("timeline").get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    field = kim.page.get_by_role("textbox", name="Message", exact=True)
    field.fill("typed meanwhile")
    context.unroute(pattern)
    again.click()
    expect(kim.message("old 0")).to_be_visible()
    expect(field).to_have_value("typed meanwhile")
    assert kim.page.evaluate("() => document.activeElement.tagName") == "TEXTAREA"
    field.fill("")


def test_a_dialog_keeps_what_was_typed_when_the_server_refuses(answered: Answers, unique: str):
    kim = answered.person
    pattern = re.compile(r"/api/chats$")
    kim.page.context.route(pattern, lambda route: route.fulfill(status=500, json=REFUSAL))
    kim.page.get_by_role("button", name="New chat", exact=True).click()
    dialog = kim.page.get_by_role("dialog", name="New chat")
    dialog.get_by_role("textbox", name="Short name").fill(unique)
    dialog.get_by_role("textbox", name="Full name").fill("A long name")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    expect(dialog.get_by_role("textbox", name="Short name")).to_have_value(unique)
    expect(dialog.get_by_role("textbox", name="Full name")).to_have_value("A long name")
    kim.page.context.unroute(pattern)
    dialog.get_by_role("button", name="Create").click()
    expect(kim.page.get_by_test_id("chat-title")).to_have_text(unique)
