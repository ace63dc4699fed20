"""Accounts with a username and a password: made, opened, changed, and joined with a phone number."""

import secrets
import time

from conftest import Person, code_for, new_phone, watch
from playwright.sync_api import Browser, BrowserContext, Page, expect
from stage import DESKTOP, TOUCH

FIRST = "correct horse battery"
SECOND = "staple of another kind"


def to_password(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Use a username and password").click()
    expect(page.get_by_role("textbox", name="Username")).to_be_focused()


def sign_up(context: BrowserContext, url: str, name: str) -> Person:
    page = context.new_page()
    person = Person(page, name, f"{name.split()[0].lower()}_{secrets.token_hex(4)}", "", url)
    watch(page, person.problems)
    to_password(page, url)
    page.get_by_role("button", name="Create an account").click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("textbox", name="Username").fill(person.username)
    page.get_by_label("Password", exact=True).fill(FIRST)
    page.get_by_role("button", name="Create an account").click()
    expect(page.get_by_test_id("chat-list")).to_be_visible()
    person.expect_live()
    return person


def give(page: Page, username: str, password: str) -> None:
    page.get_by_role("textbox", name="Username").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Next").click()


def open_access(page: Page) -> None:
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("menuitem", name="Settings").click()
    page.get_by_role("button", name="Phone and password").click()
    expect(page.get_by_role("heading", name="Phone and password")).to_be_visible()


def test_an_account_without_a_phone_is_made_here_and_opened_there(
    browser: Browser, nodes: list[dict]
):
    context = browser.new_context(viewport=DESKTOP)
    wanda = sign_up(context, nodes[-1]["url"], "Wanda Wordy")
    phone = browser.new_context(**TOUCH)
    page = phone.new_page()
    problems: list[str] = []
    watch(page, problems)
    to_password(page, nodes[0]["url"])
    # A wrong password and a name that nobody has are told the same.
    for username, password in [(wanda.username, SECOND), ("nobody_at_all", FIRST)]:
        give(page, username, password)
        expect(page.get_by_role("alert")).to_have_text("The username or the password is wrong. Check both.")
    # How it is written does not matter.
    give(page, f"@{wanda.username.upper()}", FIRST)
    expect(page.get_by_test_id("chat-list")).to_be_visible()
    name = f"t{secrets.token_hex(4)}"
    wanda.create(name, "Words")
    wanda.write("seen on both")
    page.get_by_test_id("chat-row").filter(has=page.get_by_text(name, exact=True)).click()
    expect(page.get_by_test_id("text").filter(has_text="seen on both")).to_be_visible()
    assert problems + wanda.problems == []
    for opened in (context, phone):
        opened.close()


def test_what_is_wrong_with_a_new_account_is_said_and_nothing_typed_is_lost(
    browser: Browser, nodes: list[dict]
):
    context = browser.new_context(viewport=DESKTOP)
    taken = sign_up(context, nodes[-1]["url"], "Taken Already")
    other = browser.new_context(viewport=DESKTOP)
    page = other.new_page()
    to_password(page, nodes[-1]["url"])
    page.get_by_role("button", name="Create an account").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Second Comer")
    create = page.get_by_role("button", name="Create an account")
    field = page.get_by_label("Password", exact=True)
    page.get_by_role("textbox", name="Username").fill(taken.username)
    field.fill("short")
    expect(create).to_be_disabled()
    field.fill("password123")
    create.click()
    expect(page.get_by_role("alert")).to_contain_text("A password has 8 to 128 characters")
    field.fill(FIRST)
    create.click()
    expect(page.get_by_role("alert")).to_have_text("This name is taken already. Choose another.")
    expect(field).to_have_value(FIRST)
    expect(field).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show the password").click()
    expect(field).to_have_attribute("type", "text")
    for opened in (context, other):
        opened.close()


def test_another_password_shuts_the_other_devices_out_and_a_phone_lets_in_who_forgot_it(
    browser: Browser, nodes: list[dict]
):
    context = browser.new_context(viewport=DESKTOP)
    paula = sign_up(context, nodes[-1]["url"], "Paula Pass")
    elsewhere = browser.new_context(viewport=DESKTOP)
    other = elsewhere.new_page()
    to_password(other, nodes[0]["url"])
    give(other, paula.username, FIRST)
    expect(other.get_by_test_id("chat-list")).to_be_visible()

    page = paula.page
    open_access(page)
    number, asked = new_phone(), time.time()
    page.get_by_role("textbox", name="Phone number").fill(number)
    page.get_by_role("button", name="Send a code").click()
    page.get_by_role("textbox", name="Code").fill(code_for(number, asked))
    # Whoever only found the page open has no way to another way in.
    page.get_by_label("Password", exact=True).fill("not this one")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_have_text("The username or the password is wrong. Check both.")
    page.get_by_label("Password", exact=True).fill(FIRST)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Send a code")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Code")).to_have_count(0)

    old = page.get_by_label("Password until now")
    old.fill("not this one")
    page.get_by_label("New password").fill(SECOND)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("alert")).to_have_text("The username or the password is wrong. Check both.")
    old.fill(FIRST)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("The password is changed.")).to_be_visible()
    # The other device is out, and the old password opens nothing.
    expect(other.get_by_role("textbox", name="Phone number")).to_be_visible()
    to_password(other, nodes[0]["url"])
    give(other, paula.username, FIRST)
    expect(other.get_by_role("alert")).to_be_visible()

    # A code sent to the phone opens the account, in which a password is set without the old one.
    other.get_by_role("button", name="Use a phone number").click()
    other.get_by_role("textbox", name="Phone number").fill(number)
    # Between two codes for one phone lie 30 s.
    other.wait_for_timeout(max(0.0, 31 - (time.time() - asked)) * 1_000)
    asked = time.time()
    other.get_by_role("button", name="Next").click()
    expect(other.get_by_role("textbox", name="Code")).to_be_visible()
    other.get_by_role("textbox", name="Code").press_sequentially(code_for(number, asked))
    expect(other.get_by_test_id("chat-list")).to_be_visible()
    open_access(other)
    other.get_by_label("New password").fill(FIRST)
    other.get_by_role("button", name="Change the password").click()
    expect(other.get_by_text("The password is changed.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Phone number")).to_be_visible()
    assert paula.problems == []
    for opened in (context, elsewhere):
        opened.close()
