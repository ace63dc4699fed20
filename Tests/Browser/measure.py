"""Measures what the page promises (its weight and its feel) and prints the figures.

    CHATICKET_CLUSTER=…/cluster.json python measure.py [--messages 100000] [--only weight feel memory]

Needs a running cluster, like the tests, and is no part of them: the figures are of the machine that it runs
on, so it should have nothing else to do. Ends with 1 when a figure is beyond its limit.
"""

import argparse
import statistics
import sys
import time

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from conftest import CHROMIUM, CLUSTER, Person, read_cluster, sign_in
from fill import Person as Writer
from fill import fill_now
from line import line_to, wire_to

DESKTOP = {"width": 1280, "height": 800}
# A mid phone: its processor, its line and its screen.
PHONE = {"width": 390, "height": 844}
PHONE_SLOWDOWN = 4
PHONE_BITS = 1_600_000
PHONE_RTT = 0.15

FIRST_LOAD_BYTES = 150_000
INTERACTIVE_SECONDS = 1.5
# One refresh at 60 Hz is 16.667 ms, which reads as up to 16.8: the page's clock has steps of 0.1 ms.
FRAME_P95 = 16.8
FRAME_MAX = 50.0
SWITCH_SECONDS = 0.1
AGREE_SECONDS = 2.0
SCROLL_SECONDS = 10
SCROLL_SPEED = 2_400
SWITCHES = 1_000
# What two heaps of the same page differ by anyhow, after a collection.
HEAP_GROWTH_BYTES = 2_000_000
RUNS = 5

failures: list[str] = []


def figure(name: str, value: float, limit: float | None = None, unit: str = "") -> None:
    verdict = ""
    if limit is not None:
        verdict = f"   (at most {limit:g}{unit})"
        if value > limit:
            verdict += "   BEYOND"
            failures.append(name)
    print(f"  {name:<52} {value:>10.6g}{unit}{verdict}", flush=True)


def measure_sync(browser: Browser, urls: list[str]) -> None:
    print("Sync: from the moment at which a connection is possible to the view of the server")
    with wire_to(urls) as wire:
        own = browser.browser_type.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", *wire.arguments]
        )
        context = browser.new_context(viewport=DESKTOP)
        ada = sign_in(context, urls[0], "Ada Measured")
        leo = sign_in(own.new_context(viewport=DESKTOP), urls[1], "Leo Measured")
        name = f"sync{int(time.time()) % 100_000}"
        ada.create(name, "Sync")
        ada.invite(f"@{leo.username}", leo.name)
        leo.open(name)
        sleeps, networks = [], []
        for number in range(RUNS):
            wire.stall()
            ada.write(f"asleep {number}")
            expect(ada.message(f"asleep {number}")).to_have_attribute("data-delivery", "sent")
            sleeps.append(seconds_to_agree(leo, f"asleep {number}"))
            wire.mend()
            leo.expect_live()
            wire.cut()
            leo.write(f"from the tunnel {number}")
            ada.write(f"meanwhile {number}")
            expect(ada.message(f"meanwhile {number}")).to_have_attribute("data-delivery", "sent")
            leo.page.wait_for_timeout(3_000)
            wire.mend()
            networks.append(seconds_to_agree(leo, f"meanwhile {number}"))
            expect(ada.message(f"from the tunnel {number}")).to_be_visible()
            assert leo.texts()[-3:] == ada.texts()[-3:]
        figure("after a sleep, over a socket that died: median", statistics.median(sleeps), AGREE_SECONDS, " s")
        figure("  slowest", max(sleeps), None, " s")
        figure("after a network was away: median", statistics.median(networks), AGREE_SECONDS, " s")
        figure("  slowest", max(networks), None, " s")
        own.close()
        context.close()


def seconds_to_agree(person: Person, text: str) -> float:
    """The system says that there is a network; how long until a message is there and nothing waits."""
    return person.page.evaluate(
        """(text) => new Promise((resolve) => {
            const started = performance.now();
            dispatchEvent(new Event("online"));
            const look = () => {
                const rows = [...document.querySelectorAll("[data-testid=message]")];
                const isHere = rows.some((row) => row.querySelector("[data-testid=text]").innerText === text);
                const waits = rows.some((row) => row.dataset.delivery === "sending");
                if (isHere && !waits) resolve((performance.now() - started) / 1000);
                else setTimeout(look, 5);
            };
            look();
        })""",
        text,
    )


# What the page itself notes: layout shifts, long tasks, and when a field that can be used was drawn.
WATCH = """
    window.seen = { shift: 0, tasks: [], field: null };
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.seen.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries())
            window.seen.tasks.push([startTime, startTime + duration]);
    }).observe({ type: "longtask", buffered: true });
    const look = () => {
        const field = document.querySelector(".sign-in input:not([disabled]), [data-testid=chat-row]");
        if (field === null || field.getBoundingClientRect().width === 0) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => { window.seen.field = performance.now(); }));
    };
    requestAnimationFrame(look);
"""


def on_phone(browser: Browser) -> BrowserContext:
    return browser.new_context(
        viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True
    )


def visit(context: BrowserContext, url: str) -> tuple[float, float]:
    """Opens the page on a slow processor; when it can be used (seconds), and how much it moved."""
    page = context.new_page()
    page.add_init_script(WATCH)
    cdp = context.new_cdp_session(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": PHONE_SLOWDOWN})
    page.goto(url, wait_until="commit")
    page.wait_for_function("() => window.seen.field !== null", timeout=60_000)
    page.wait_for_timeout(2_500)
    seen = page.evaluate("() => window.seen")
    # A page that was drawn and still computes cannot be used: the end of the long task that was at it.
    usable = max([seen["field"]] + [end for start, end in seen["tasks"] if start < seen["field"]])
    page.close()
    return usable / 1000, seen["shift"]


def measure_weight(browser: Browser, url: str) -> None:
    print("Weight, on a mid phone (processor / 4, 1.6 Mbit/s, 150 ms round trip)")
    times, shifts, loads = [], [], []
    for _ in range(RUNS):
        with line_to(url, PHONE_BITS, PHONE_RTT) as line:
            context = on_phone(browser)
            usable, shift = visit(context, line.url)
            times.append(usable)
            shifts.append(shift)
            loads.append(line.bytes_down)
            context.close()
    figure("first load, all bytes with headers", statistics.median(loads), FIRST_LOAD_BYTES, " B")
    figure("first visit: the sign-in can be used after", statistics.median(times), INTERACTIVE_SECONDS, " s")
    figure("  slowest of the runs", max(times), None, " s")
    figure("first visit: layout shift", max(shifts), 0.0)
    times, shifts = [], []
    with line_to(url, PHONE_BITS, PHONE_RTT) as line:
        context = on_phone(browser)
        person = sign_in(context, line.url, "Mona Phone")
        person.page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
        person.page.wait_for_function("async () => (await caches.keys()).length > 0")
        person.page.wait_for_timeout(1_000)
        for _ in range(RUNS):
            usable, shift = visit(context, line.url)
            times.append(usable)
            shifts.append(shift)
        context.close()
    figure("later visit: the list can be used after", statistics.median(times), INTERACTIVE_SECONDS, " s")
    figure("later visit: layout shift", max(shifts), 0.0)


# Notes every frame, and of the message in the middle where it was in the frame before.
FRAMES = """() => {
    const scroll = document.querySelector("[data-testid=timeline]");
    window.frames_ = { times: [], back: 0, jump: 0, isOver: false, way: 0 };
    const seen = window.frames_;
    let row = null, top = 0, last = 0;
    const frame = (now) => {
        if (last > 0) seen.times.push(now - last);
        last = now;
        if (row !== null && row.isConnected) {
            const moved = row.getBoundingClientRect().top - top;
            seen.back = Math.max(seen.back, -moved);
            seen.jump = Math.max(seen.jump, moved);
            seen.way += moved;
        }
        const box = scroll.getBoundingClientRect();
        const found = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        row = found?.closest("[data-key]") ?? null;
        top = row?.getBoundingClientRect().top ?? 0;
        if (!seen.isOver) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""


def scroll_up(context: BrowserContext, page: Page, seconds: float, speed: float) -> dict:
    box = page.get_by_test_id("timeline").bounding_box()
    assert box is not None
    cdp = context.new_cdp_session(page)
    page.evaluate(FRAMES)
    cdp.send(
        "Input.synthesizeScrollGesture",
        {
            "x": box["x"] + box["width"] / 2,
            "y": box["y"] + box["height"] / 2,
            "yDistance": int(seconds * speed),
            "speed": int(speed),
            "preventFling": True,
            "gestureSourceType": "mouse",
        },
    )
    seen = page.evaluate("() => { window.frames_.isOver = true; return window.frames_; }")
    cdp.detach()
    return seen


def tell_frames(name: str, seen: dict) -> None:
    times = sorted(seen["times"])
    p95 = times[int(len(times) * 0.95)]
    print(f"  {name}: {len(times)} frames, {seen['way']:.0f} px")
    figure("p95 of a frame", round(p95, 2), FRAME_P95, " ms")
    figure("longest frame", round(times[-1], 2), FRAME_MAX, " ms")
    figure("frames over 17 ms", sum(1 for time in times if time > 17) / len(times) * 100, None, " %")
    figure("a message moved against the scroll by at most", seen["back"], 1.0, " px")


def measure_feel(browser: Browser, urls: list[str], count: int) -> None:
    print(f"Feel, in a chat of {count} messages")
    context = browser.new_context(viewport=DESKTOP)
    person = sign_in(context, urls[0], "Fay Scroll")
    page = person.page
    writers = [Writer(urls, CLUSTER.parent / "sign-in-codes.jsonl").sign_in(f"Writer {number}") for number in range(4)]
    chat = writers[0].create(f"long{int(time.time()) % 100_000}", "A long chat")
    for writer in writers[1:]:
        writers[0].invite(chat, writer)
    writers[0].persist("POST", f"/api/chats/{chat}/members", {"username": person.username})
    # Another page is open in the chat all the time.
    flooded = sign_in(browser.new_context(viewport=DESKTOP), urls[-1], "Flo Open")
    writers[0].persist("POST", f"/api/chats/{chat}/members", {"username": flooded.username})
    flooded.page.locator(f"[data-chat='{chat}']").click()
    seconds = fill_now(urls, writers, chat, count)
    print(f"  {count} messages were sent in {seconds:.0f} s, {count / seconds:.0f} a second")
    sent = time.monotonic()
    fill_now(urls, writers[:1], chat, 1, first=count + 1, say=lambda line: None)
    expect(flooded.page.get_by_test_id("text").last).to_contain_text(f"{count + 1}: ", timeout=60_000)
    figure("a page that was open meanwhile shows one more after", time.monotonic() - sent, AGREE_SECONDS, " s")
    flooded.page.context.close()
    page.locator(f"[data-chat='{chat}']").click()
    expect(page.get_by_test_id("message").last).to_be_visible()
    page.wait_for_timeout(1_000)
    tell_frames("scroll of 10 s, history comes from the nodes", scroll_up(context, page, SCROLL_SECONDS, SCROLL_SPEED))
    # To the end and up again: what was loaded is here now.
    page.get_by_role("button", name="Go to the newest message").click()
    page.wait_for_timeout(1_500)
    page.get_by_role("button", name="Go to the newest message").wait_for(state="hidden")
    tell_frames("the same again, from the store", scroll_up(context, page, SCROLL_SECONDS, SCROLL_SPEED))
    measure_switches(page, chat)
    context.close()


# Presses a row of the list; when the thread of its chat was drawn, in milliseconds.
SWITCH = """(chat) => new Promise((resolve) => {
    const row = document.querySelector(`[data-chat="${chat}"]`);
    const started = performance.now();
    row.click();
    const look = () => {
        const isOpen = location.hash.includes(chat)
            && document.querySelector("[data-testid=timeline] [data-key]") !== null
            && row.getAttribute("aria-current") === "page";
        if (!isOpen) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
    };
    requestAnimationFrame(look);
})"""


def measure_switches(page: Page, chat: str) -> None:
    others = [row.get_attribute("data-chat") for row in page.get_by_test_id("chat-row").all()]
    other = next(id for id in others if id != chat)
    times = []
    for _ in range(20):
        for id in (other, chat):
            times.append(page.evaluate(SWITCH, id) / 1000)
            page.wait_for_timeout(100)
    figure("switch of the chat: median", statistics.median(times), SWITCH_SECONDS, " s")
    figure("switch of the chat: slowest", max(times), SWITCH_SECONDS, " s")


def heap(cdp) -> dict:
    cdp.send("HeapProfiler.collectGarbage")
    cdp.send("HeapProfiler.collectGarbage")
    metrics = {item["name"]: item["value"] for item in cdp.send("Performance.getMetrics")["metrics"]}
    return {key: metrics[key] for key in ("JSHeapUsedSize", "Nodes", "JSEventListeners")}


def measure_memory(browser: Browser, url: str) -> None:
    print(f"Memory, over {SWITCHES} switches between six chats")
    context = browser.new_context(viewport=DESKTOP)
    person = sign_in(context, url, "Mem Ory")
    page = person.page
    for number in range(4):
        person.create(f"m{int(time.time() * 10) % 1_000_000}", f"Memory {number}")
        for line in range(20):
            person.write(f"{number} {line} " + "words " * 10)
    expect(page.locator("[data-delivery=sending]")).to_have_count(0)
    chats = [row.get_attribute("data-chat") for row in page.get_by_test_id("chat-row").all()]
    cdp = context.new_cdp_session(page)
    cdp.send("Performance.enable")
    # The first rounds fill caches.
    for number in range(100):
        page.evaluate(SWITCH, chats[number % len(chats)])
    before = heap(cdp)
    for number in range(SWITCHES):
        page.evaluate(SWITCH, chats[number % len(chats)])
    after = heap(cdp)
    for key, limit in (("JSHeapUsedSize", HEAP_GROWTH_BYTES), ("Nodes", 500), ("JSEventListeners", 50)):
        print(f"  {key}: {before[key]:.0f} before, {after[key]:.0f} after")
        figure(f"{key} grew by", after[key] - before[key], limit)
    context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--only", nargs="*", choices=["weight", "sync", "memory", "feel"])
    options = parser.parse_args()
    wanted = options.only or ["weight", "sync", "memory", "feel"]
    urls = [node["url"] for node in read_cluster()["nodes"]]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        if "weight" in wanted:
            measure_weight(browser, urls[0])
        if "sync" in wanted:
            measure_sync(browser, urls)
        if "memory" in wanted:
            measure_memory(browser, urls[0])
        if "feel" in wanted:
            measure_feel(browser, urls, options.messages)
        browser.close()
    print(f"beyond their limits: {', '.join(failures)}" if failures else "everything is within its limits")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
