"""A phone: columns that slide, the browser's Back, long press, keyboards and corners, and the home screen."""

import re
import struct
import urllib.parse
import urllib.request

from conftest import Person, read_cluster
from playwright.sync_api import CDPSession, Page, expect
from stage import PHONE, TOUCH, Stage, composer, say, settle

LONG_PRESS = 700


def left_of(page: Page, selector: str) -> float:
    return page.evaluate("(selector) => document.querySelector(selector).getBoundingClientRect().left", selector)


def await_left(page: Page, selector: str, left: float) -> None:
    page.wait_for_function(
        "([selector, left]) => Math.abs(document.querySelector(selector).getBoundingClientRect().left - left) < 1",
        arg=[selector, left],
    )


def slides(page: Page) -> list[str]:
    """The classes of what is on its way sideways."""
    return page.evaluate(
        "() => document.getAnimations().filter((one) => one.playState === 'running'"
        " && (one.transitionProperty === 'transform' || /^app-/.test(one.animationName ?? '')))"
        ".map((one) => one.effect.target.classList[0])"
    )


# MARK: Slides and Back


def test_list_chat_and_info_slide_over_each_other_and_back_walks_out(stage: Stage):
    page = stage.visit(**TOUCH).page
    assert left_of(page, ".app__left") == 0
    page.get_by_test_id("chat-row").filter(has_text=stage.group).tap()
    assert {"app__left", "app__centre"} <= set(slides(page))
    await_left(page, ".app__centre", 0)
    await_left(page, ".app__left", -78)
    expect(page.locator(".app__left")).to_have_css("visibility", "hidden")
    # The keyboard of a phone does not come by itself.
    expect(composer(page)).not_to_be_focused()
    page.get_by_role("button", name=f"Info about {stage.group}").tap()
    assert "app__right" in slides(page)
    await_left(page, ".app__right", 0)
    expect(page.locator(".app__centre")).to_have_css("visibility", "hidden")
    page.go_back()
    # What slides out is there until it is out.
    assert page.locator(".app__right").count() == 1
    expect(page.locator(".app__right")).to_have_count(0)
    await_left(page, ".app__centre", 0)
    page.go_back()
    assert page.get_by_test_id("chat-title").count() == 1
    await_left(page, ".app__left", 0)
    await_left(page, ".app__centre", 390)
    expect(page.get_by_test_id("chat-title")).to_have_count(0)


def test_the_arrow_of_the_head_is_the_same_way_as_back(stage: Stage):
    page = stage.visit(**TOUCH).page
    depth = page.evaluate("() => history.length")
    page.get_by_test_id("chat-row").filter(has_text=stage.group).tap()
    page.get_by_role("button", name=f"Info about {stage.group}").tap()
    page.get_by_role("button", name="Close the info").tap()
    expect(page.get_by_role("complementary")).to_have_count(0)
    page.get_by_role("button", name="Back to the chats").tap()
    expect(page.get_by_test_id("chat-title")).to_have_count(0)
    assert page.evaluate("() => history.state?.depth ?? 0") == 0
    assert page.evaluate("() => history.length") <= depth + 2


def test_whoever_wants_no_motion_has_none(stage: Stage):
    page = stage.visit(**TOUCH, reduced_motion="reduce").page
    page.get_by_test_id("chat-row").filter(has_text=stage.group).tap()
    assert slides(page) == []
    assert left_of(page, ".app__centre") == 0
    still = stage.visit().page
    still.evaluate("() => { location.hash = '#/?settings=look'; }")
    still.get_by_role("group", name="Animations").get_by_role("radio", name="Off").check()
    still.go_back()
    still.get_by_role("button", name="Menu", exact=True).click()
    assert still.evaluate("() => getComputedStyle(document.querySelector('.menu-panel')).animationDuration") == "0s"


# MARK: Fingers


def finger(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def press(session: CDPSession, x: float, y: float) -> None:
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})


def move(session: CDPSession, x: float, y: float) -> None:
    session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})


def lift(session: CDPSession) -> None:
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def middle(locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_long_press_opens_the_menu_of_a_row_and_not_the_chat(stage: Stage):
    page = stage.visit(**TOUCH).page
    session = finger(page)
    press(session, *middle(page.get_by_test_id("chat-row").filter(has_text=stage.group)))
    expect(page.get_by_role("menuitem", name="Open in new tab")).to_be_visible()
    lift(session)
    page.wait_for_timeout(LONG_PRESS)
    expect(page.get_by_role("menu")).to_be_visible()
    expect(page.get_by_test_id("chat-title")).to_have_count(0)
    page.get_by_role("menuitem", name="Rename").tap()
    expect(page.get_by_role("dialog", name="Rename")).to_be_visible()


def test_a_long_press_opens_the_menu_of_a_message_and_a_tap_outside_closes_it(stage: Stage):
    page = stage.visit(path=f"#/{stage.chat_id()}", **TOUCH).page
    settle(page)
    session = finger(page)
    press(session, *middle(page.get_by_test_id("text").last))
    expect(page.get_by_role("menuitem", name="Copy text")).to_be_visible()
    lift(session)
    page.touchscreen.tap(195, 30)
    expect(page.get_by_role("menu")).to_have_count(0)


def test_a_finger_that_moves_scrolls_and_opens_nothing(stage: Stage):
    page = stage.visit(path=f"#/{stage.chat_id()}", **TOUCH).page
    settle(page)
    session = finger(page)
    x, y = middle(page.get_by_test_id("text").last)
    press(session, x, y)
    for step in range(6):
        move(session, x, y + 12 * (step + 1))
    page.wait_for_timeout(LONG_PRESS)
    expect(page.get_by_role("menu")).to_have_count(0)
    lift(session)


def test_enter_makes_a_line_and_the_button_sends(stage: Stage):
    guest = stage.visit(path=f"#/{stage.chat_id()}", **TOUCH)
    page = guest.page
    composer(page).tap()
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    expect(composer(page)).to_have_value("one\ntwo")
    page.get_by_role("button", name="Send", exact=True).tap()
    expect(page.get_by_test_id("text").last).to_have_text("one\ntwo")
    # The keyboard stays for the next one.
    expect(composer(page)).to_be_focused()


# MARK: The keyboard on the screen


def test_a_keyboard_that_takes_room_leaves_the_composer_and_the_last_message(stage: Stage):
    page = stage.visit(path=f"#/{stage.chat_id()}", **TOUCH).page
    content = page.locator("meta[name=viewport]").get_attribute("content") or ""
    assert "interactive-widget=resizes-content" in content
    last = page.get_by_test_id("text").last
    expect(last).to_be_in_viewport()
    page.set_viewport_size({"width": 390, "height": 460})
    expect(composer(page)).to_be_in_viewport(ratio=1)
    expect(last).to_be_in_viewport(ratio=1)


def test_a_keyboard_that_lies_over_the_page_hides_neither(stage: Stage):
    page = stage.visit(path=f"#/{stage.chat_id()}", **TOUCH).page
    last = page.get_by_test_id("text").last
    expect(last).to_be_in_viewport()
    # As iOS does it: the page stays as high as it is, and only the visual viewport shrinks.
    page.evaluate(
        """() => {
            Object.defineProperty(VisualViewport.prototype, "height", { configurable: true, get: () => 460 });
            visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    page.wait_for_function("() => document.querySelector('.app').getBoundingClientRect().height === 460")
    for locator in (composer(page), last):
        box = locator.bounding_box()
        assert box is not None and box["y"] + box["height"] <= 460
    header = page.locator(".chat-header").bounding_box()
    assert header is not None and header["y"] == 0


# MARK: Corners


def test_nothing_lies_under_the_corners_and_the_bar_of_a_phone(stage: Stage):
    page = stage.visit(**TOUCH).page
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setSafeAreaInsetsOverride", {"insets": {"top": 47, "bottom": 34}})
    page.reload()
    button = page.get_by_role("button", name="New chat", exact=True).bounding_box()
    assert button is not None and button["y"] + button["height"] <= PHONE["height"] - 34 - 16
    menu = page.get_by_role("button", name="Menu", exact=True).bounding_box()
    assert menu is not None and menu["y"] >= 47
    page.get_by_test_id("chat-row").filter(has_text=stage.group).tap()
    await_left(page, ".app__centre", 0)
    title = page.get_by_test_id("chat-title").bounding_box()
    assert title is not None and title["y"] >= 47
    header = page.locator(".chat-header").bounding_box()
    assert header is not None and header["y"] == 0 and abs(header["height"] - (56 + 47)) < 1
    field = page.locator(".composer__field").bounding_box()
    assert field is not None and abs(field["y"] + field["height"] - (PHONE["height"] - 34 - 8)) < 1
    page.get_by_role("button", name=f"Info about {stage.group}").tap()
    await_left(page, ".app__right", 0)
    close = page.get_by_role("button", name="Close the info").bounding_box()
    assert close is not None and close["y"] >= 47


def test_the_narrowest_phones_scroll_nothing_sideways(stage: Stage):
    guest = stage.visit(**{**TOUCH, "viewport": {"width": 320, "height": 568}})
    page = guest.page
    places = ["#/", f"#/{stage.chat_id()}", f"#/{stage.chat_id()}/info"]
    places += [f"#/?settings={name}" for name in ("overview", "profile", "look", "devices", "language", "keys")]
    for place in places:
        page.evaluate("(place) => { location.hash = place; }", place)
        page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
        expect(page.locator(".app__right--leaving")).to_have_count(0)
        wide = page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter((element) => {
                if (element.closest(".app__said, .chat-list__title, svg")) return false;
                const box = element.getBoundingClientRect();
                if (box.width === 0 || getComputedStyle(element).visibility === "hidden") return false;
                if (element.closest(".app__left") && box.left < 0) return false;
                return box.right > innerWidth + 1 || box.left < -1;
            }).map((element) => `${element.className}`)"""
        )
        assert wide == [], (place, wide)
        assert page.evaluate("() => document.scrollingElement.scrollWidth <= innerWidth")


# MARK: The home screen


def test_the_page_can_be_put_on_the_home_screen(stage: Stage):
    page = stage.visit(**TOUCH).page
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    session = page.context.new_cdp_session(page)
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A browser for tests keeps nothing, as one in private mode: that is its only complaint.
    assert [one["errorId"] for one in errors if one["errorId"] != "in-incognito"] == []
    for icon, size in re.findall(r'"src": "([^"]+\.png)", "sizes": "(\d+)x', manifest["data"]):
        with urllib.request.urlopen(urllib.parse.urljoin(stage.mary.url, icon), timeout=5) as answer:
            head = answer.read(24)
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", head[16:24]) == (int(size), int(size))
    assert page.locator("link[rel=apple-touch-icon]").count() == 1
    assert {meta.get_attribute("media") for meta in page.locator("meta[name=theme-color]").all()} == {
        "(prefers-color-scheme: light)",
        "(prefers-color-scheme: dark)",
    }


def test_what_waits_is_in_the_icon_and_in_the_title(stage: Stage):
    page = stage.visit().page
    icon = page.locator("link[rel=icon]")
    say(stage.niels, stage.group, "Look at the icon")
    stage.niels.page.goto(f"{stage.niels.url}/#/")
    expect(page).to_have_title(re.compile(r"^\(\d+\) Chaticket$"))
    # The number is drawn on the icon, which is a picture of its own then.
    expect(icon).to_have_attribute("href", re.compile("^data:image/png;base64,"))
    unread = page.get_by_test_id("chat-row").filter(has=page.get_by_test_id("unread"))
    for left in range(unread.count() - 1, -1, -1):
        unread.first.click(button="right")
        page.get_by_role("menuitem", name="Mark as read").click()
        expect(unread).to_have_count(left)
    expect(page).to_have_title("Chaticket")
    expect(icon).to_have_attribute("href", re.compile(r"^/assets/icon\."))


def test_phone_and_desktop_show_the_same(stage: Stage):
    phone = stage.visit(path=f"#/{stage.chat_id()}", **TOUCH)
    desktop = stage.visit(path=f"#/{stage.chat_id()}")
    assert isinstance(phone, Person) and len(read_cluster()["nodes"]) >= 2
    desktop.write("From the desktop")
    expect(phone.message("From the desktop").last).to_be_visible()
    composer(phone.page).fill("From the phone")
    phone.page.get_by_role("button", name="Send", exact=True).tap()
    expect(desktop.message("From the phone").last).to_be_visible()
    expect(desktop.page.get_by_test_id("text").last).to_have_text("From the phone")
    assert phone.texts()[-2:] == desktop.texts()[-2:] == ["From the desktop", "From the phone"]
