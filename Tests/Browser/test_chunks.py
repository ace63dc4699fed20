"""Parts of the page that are loaded later: before they are needed, without a network, and when no node has them."""

import re

from playwright.sync_api import BrowserContext, Page, expect
from stage import DESKTOP, Stage

EXTRAS = re.compile(r"/assets/extras\.\w+\.js$")


def visit(stage: Stage, is_missing: bool) -> tuple[BrowserContext, Page, list[str]]:
    """A browser without a service worker, for which the chunk may be missing, and what it asked of it."""
    asked: list[str] = []
    context = stage.browser.new_context(
        storage_state=stage.mary.page.context.storage_state(), viewport=DESKTOP, service_workers="block"
    )

    def answer(route) -> None:
        asked.append(route.request.url)
        if is_missing:
            route.fulfill(status=404, body="")
        else:
            route.continue_()

    context.route(EXTRAS, answer)
    page = context.new_page()
    page.goto(stage.mary.url)
    expect(page.get_by_test_id("connection")).to_have_attribute("data-phase", "live")
    return context, page, asked


def test_a_chunk_is_here_before_somebody_asks_for_it(stage: Stage):
    context, page, asked = visit(stage, is_missing=False)
    page.wait_for_function("() => performance.getEntriesByType('resource').some((one) => one.name.includes('/extras.'))")
    context.set_offline(True)
    page.get_by_role("button", name="New chat", exact=True).click()
    expect(page.get_by_role("dialog", name="New chat")).to_be_visible()
    assert len(asked) == 1
    context.close()


def test_a_page_whose_chunk_no_node_has_loads_itself_anew_once_and_then_says_so(stage: Stage):
    context, page, asked = visit(stage, is_missing=True)
    # The page wants it at once, for what stands in the rows of the list; or it does when it is asked for more.
    page.get_by_role("button", name="New chat", exact=True).click()
    expect(page.get_by_text("This part of the page did not load.")).to_be_visible()
    expect(page.get_by_test_id("connection")).to_have_attribute("data-phase", "live")
    expect(page.get_by_test_id("chat-list")).to_be_visible()
    # A page that loaded itself anew has asked a second time, and does not do it once more.
    assert page.evaluate("() => performance.getEntriesByType('navigation')[0].type") == "reload"
    assert len(asked) > 1
    began = page.evaluate("() => performance.timeOrigin")
    page.get_by_role("button", name="New chat", exact=True).click()
    expect(page.get_by_text("This part of the page did not load.")).to_be_visible()
    assert page.evaluate("() => performance.timeOrigin") == began
    # And when it is there again, it is shown.
    context.unroute(EXTRAS)
    page.reload()
    page.get_by_role("button", name="New chat", exact=True).click()
    expect(page.get_by_role("dialog", name="New chat")).to_be_visible()
    context.close()
