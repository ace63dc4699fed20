"""Makes the picture of the README from a running cluster: a conversation on a desktop, the same on a phone.

    CHATICKET_CLUSTER=/path/to/.chaticket/cluster.json python picture.py [FILE]
"""

import base64
import re
import sys
from pathlib import Path

from conftest import CHROMIUM, ROOT, Person, read_cluster, sign_in
from playwright.sync_api import Browser, expect, sync_playwright
from stage import PHONE, settle

FILE = ROOT / "Sources/Chaticket/Documentation.docc/Resources/client.jpg"
BYTES_MAX = 300_000

CHATS = [
    ("Reading group", "Papers, one a week", "hedy", "Thursday: Paxos made moderately complex"),
    ("Garden", "Who waters when", "katherine", "The tomatoes say thank you 🍅"),
    ("شركة القهوة", "القهوة والشاي", "hedy", "القهوة جاهزة، تعالوا"),
    ("Balcony radio", "Antennas and other wires", "katherine", "73 from the roof"),
]
TALK = [
    ("hedy", "Good morning! Did all nodes survive the night?"),
    ("hedy", "I pulled the plug of the second one at three."),
    ("ada", "They did. It was back with the same messages before I had my coffee."),
    ("katherine", "I counted them: 24,317 sent, 24,317 there, in the order in which they were written."),
    ("ada", "The checkers say the same: https://example.org/run/4711"),
    ("hedy", "🎉"),
    ("katherine", "Then let us try it with two of five next. Who brings the scissors?"),
    ("ada", "I do. See you at noon ✂️"),
]


def compose(browser: Browser, desktop: bytes, phone: bytes) -> bytes:
    """Both pictures as one."""
    page = browser.new_context(viewport={"width": 1600, "height": 900}).new_page()
    wide, tall = (base64.b64encode(one).decode() for one in (desktop, phone))
    page.set_content(
        f"""<body style="margin:0;width:1600px;height:900px;background:linear-gradient(135deg,#e9eef5,#d5dfec)">
        <style>img {{ position:absolute; border-radius:14px; box-shadow:0 12px 48px #0005 }}</style>
        <img style="left:32px;top:44px;width:1240px" src="data:image/png;base64,{wide}">
        <img style="right:36px;bottom:32px;height:640px;border:8px solid #111;border-radius:36px"
            src="data:image/png;base64,{tall}">"""
    )
    page.wait_for_function("() => [...document.images].every((one) => one.complete)")
    return page.screenshot(type="jpeg", quality=82)


def draw(browser: Browser) -> bytes:
    nodes = read_cluster()["nodes"]
    wide = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
    people: dict[str, Person] = {}
    for index, name in enumerate(["Ada Lovelace", "Hedy Lamarr", "Katherine Johnson"]):
        context = browser.new_context(**wide)
        people[name.split()[0].lower()] = sign_in(context, nodes[index % len(nodes)]["url"], name)
    ada = people["ada"]
    for name, full_name, writer, words in [*reversed(CHATS), ("Engine room", "Nodes, and what they go through", "", "")]:
        ada.create(name, full_name)
        for guest in ("hedy", "katherine"):
            ada.invite(f"@{people[guest].username}", people[guest].name)
            expect(people[guest].chat(name)).to_be_visible()
        if writer:
            ada.page.goto(f"{ada.url}/#/")
            people[writer].open(name)
            people[writer].write(words)
            expect(ada.chat(name).get_by_test_id("unread")).to_be_visible()
    for person in people.values():
        person.open("Engine room")
    for writer, words in TALK:
        people[writer].write(words)
        expect(people[writer].message(words)).to_have_attribute("data-delivery", re.compile("sent|read"))
        expect(ada.page.get_by_test_id("text").last).to_have_text(words)
    expect(ada.message(TALK[-1][1])).to_have_attribute("data-delivery", "read")
    settle(ada.page)
    desktop = ada.page.screenshot()
    context = browser.new_context(
        storage_state=ada.page.context.storage_state(), viewport=PHONE, device_scale_factor=2, is_mobile=True,
        has_touch=True, color_scheme="dark", reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.goto(ada.page.url)
    expect(page.get_by_test_id("text").last).to_have_text(TALK[-1][1])
    settle(page)
    return compose(browser, desktop, page.screenshot())


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        picture = draw(browser)
        browser.close()
    if len(picture) > BYTES_MAX:
        sys.exit(f"The picture has {len(picture)} bytes, {BYTES_MAX} are the limit.")
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(picture)
    print(f"{file}: {len(picture) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
