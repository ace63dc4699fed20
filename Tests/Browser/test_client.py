"""What makes the page a place to be at home in: tabs, visits without a network, keys, settings."""

import re
import urllib.request

import pytest
from conftest import Person, sign_in
from playwright.sync_api import Browser, Page, expect
from stage import DESKTOP, Stage


@pytest.fixture
def eve(stage: Stage) -> Person:
    """Somebody whose browser nobody else uses."""
    return stage.visit(stage.olga)


def sockets_opened(url: str) -> int:
    with urllib.request.urlopen(f"{url}/metrics", timeout=5) as answer:
        found = re.search(r"^chaticket_gateway_sockets_opened_total (\d+)", answer.read().decode(), re.M)
    assert found is not None
    return int(found.group(1))


def kept_records(page: Page) -> int:
    """How many records the browser keeps for the page."""
    return page.evaluate(
        """() => new Promise((resolve, reject) => {
            const request = indexedDB.open("chaticket");
            request.onerror = () => reject(request.error);
            request.onsuccess = () => {
                const names = [...request.result.objectStoreNames];
                const reads = request.result.transaction(names);
                let sum = 0;
                for (const name of names) {
                    const count = reads.objectStore(name).count();
                    count.onsuccess = () => (sum += count.result);
                }
                reads.oncomplete = () => { request.result.close(); resolve(sum); };
            };
        })"""
    )


# MARK: Tabs and visits


def test_two_tabs_show_the_same_over_one_socket(eve: Person, unique: str):
    eve.create(unique, "Tabs")
    eve.write("From the first")
    expect(eve.message("From the first")).to_have_attribute("data-delivery", "sent")
    before = sockets_opened(eve.url)
    second = Person(eve.page.context.new_page(), eve.name, eve.username, eve.phone, eve.url)
    second.page.goto(eve.page.url)
    expect(second.message("From the first")).to_be_visible()
    second.write("From the second")
    expect(eve.message("From the second")).to_have_attribute("data-delivery", "sent")
    expect(second.message("From the second")).to_have_attribute("data-delivery", "sent")
    assert sockets_opened(eve.url) == before
    second.page.close()
    eve.write("Alone again")
    expect(eve.message("Alone again")).to_have_attribute("data-delivery", "sent")


def test_a_visit_without_a_network_shows_what_was_loaded(eve: Person, unique: str):
    eve.create(unique, "Tunnel")
    eve.write("Read me in the tunnel")
    expect(eve.message("Read me in the tunnel")).to_have_attribute("data-delivery", "sent")
    eve.page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    eve.page.wait_for_function("async () => (await caches.keys()).length > 0")
    eve.page.context.set_offline(True)
    later = eve.page.context.new_page()
    later.goto(eve.page.url)
    visit = Person(later, eve.name, eve.username, eve.phone, eve.url)
    expect(visit.message("Read me in the tunnel")).to_be_visible()
    eve.page.context.set_offline(False)
    later.close()


def test_nothing_of_a_person_stays_after_the_sign_out(browser: Browser, nodes: list[dict], unique: str):
    context = browser.new_context(viewport=DESKTOP)
    eve = sign_in(context, nodes[0]["url"], "Eve Adams")
    eve.create(unique, "Traces")
    eve.page.wait_for_function("() => indexedDB.databases().then((all) => all.length > 0)")
    eve.page.get_by_role("button", name="Menu", exact=True).click()
    eve.page.get_by_role("menuitem", name="Sign out").click()
    expect(eve.page.get_by_role("textbox", name="Phone number")).to_be_visible()
    for _ in range(50):
        if kept_records(eve.page) == 0:
            break
        eve.page.wait_for_timeout(100)
    assert kept_records(eve.page) == 0
    context.close()


def test_a_browser_that_forbids_storage_works_as_long_as_the_page(browser: Browser, nodes: list[dict], unique: str):
    context = browser.new_context(viewport=DESKTOP)
    context.add_init_script(
        "delete window.SharedWorker; Object.defineProperty(window, 'indexedDB', "
        "{ get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    person = sign_in(context, nodes[0]["url"], "Ivy Stone")
    person.create(unique, "Forgetful")
    person.write("Not kept here")
    expect(person.message("Not kept here")).to_have_attribute("data-delivery", "sent")
    person.page.get_by_role("button", name="Menu", exact=True).click()
    person.page.get_by_role("menuitem", name="Settings").click()
    expect(person.page.get_by_text("This browser keeps nothing: chats")).to_be_visible()
    context.close()


# MARK: Keys


def test_the_palette_goes_to_a_chat_by_a_few_letters(eve: Person, unique: str):
    eve.create(unique, "Palette")
    eve.open("lobby")
    eve.page.keyboard.press("Control+k")
    eve.page.get_by_role("combobox").press_sequentially(unique[:6])
    expect(eve.page.get_by_role("option")).to_have_count(1)
    eve.page.keyboard.press("Enter")
    expect(eve.page.get_by_test_id("chat-title")).to_have_text(unique)


def test_alt_and_arrows_walk_the_list_and_digits_choose(eve: Person, unique: str):
    eve.create(unique, "Walk")
    rows = eve.page.get_by_test_id("chat-row")
    first = rows.nth(0).locator(".chat-row__title").inner_text()
    second = rows.nth(1).locator(".chat-row__title").inner_text()
    eve.page.keyboard.press("Control+1")
    expect(eve.page.get_by_test_id("chat-title")).to_have_text(first)
    eve.page.keyboard.press("Alt+ArrowDown")
    expect(eve.page.get_by_test_id("chat-title")).to_have_text(second)
    eve.page.keyboard.press("Alt+ArrowUp")
    expect(eve.page.get_by_test_id("chat-title")).to_have_text(first)


def test_a_question_mark_lists_the_keys_and_escape_walks_out(eve: Person, unique: str):
    eve.create(unique, "Keys")
    eve.page.get_by_test_id("timeline").click()
    eve.page.evaluate("() => document.activeElement.blur()")
    eve.page.keyboard.press("?")
    expect(eve.page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    eve.page.keyboard.press("Escape")
    expect(eve.page.get_by_role("dialog")).to_have_count(0)
    eve.page.keyboard.press("Escape")
    expect(eve.page.get_by_test_id("chat-title")).to_have_count(0)


# MARK: Settings


def test_the_size_of_the_text_is_chosen_kept_and_seen(eve: Person, unique: str):
    eve.create(unique, "Size")
    eve.write("How large")
    eve.page.get_by_role("button", name="Menu", exact=True).click()
    eve.page.get_by_role("menuitem", name="Settings").click()
    eve.page.get_by_role("button", name="Look and text").click()
    eve.page.get_by_role("slider").fill("20")
    size = "() => getComputedStyle(document.querySelector('.bubble__body')).fontSize"
    assert eve.page.evaluate(size) == "20px"
    eve.page.reload()
    expect(eve.message("How large")).to_be_visible()
    assert eve.page.evaluate(size) == "20px"
    expect(eve.page.get_by_role("heading", name="Look and text")).to_be_visible()
    eve.page.go_back()
    expect(eve.page.get_by_role("heading", name="Settings")).to_be_visible()
    eve.page.go_back()
    expect(eve.page.get_by_test_id("chat-list")).to_be_visible()
