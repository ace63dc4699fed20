"""Every screen, light and dark, on a desktop and on a phone: written as a picture for a person to look at,
and asked by axe whether everybody can use it.

The pictures lie in `screenshots/` beside this file, which git ignores.
"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from screens import Screen, tour
from playwright.sync_api import expect
from stage import DESKTOP, PHONE, Stage

PICTURES = Path(__file__).parent / "screenshots"

#: Screens that a tour has to show at least: one that is missing is a tour that ended early.
SCREENS = {
    "sign-in-phone", "sign-in-country", "sign-in-code", "sign-in-wrong-code", "sign-in-profile", "list", "list-alert",
    "chat-unread", "chat-writing", "chat-format-bar", "chat-formatted", "chat-message-menu", "chat-reply-bar", "chat-reply", "chat-edit-bar",
    "chat-edited", "chat-select", "chat-forward", "chat-forwarded", "chat-delete-message", "starred", "chat-menu",
    "mute", "list-hint", "settings-alerts",
    "invite", "invite-nobody", "info", "rename", "delete", "offline", "list-menu", "list-row-menu",
    "search-nothing", "new-chat", "palette", "settings-overview", "settings-profile", "settings-look",
    "settings-devices", "settings-language", "settings-keys",
}  # fmt: skip


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_screen_is_pictured_and_axe_finds_nothing_serious(stage: Stage, size: str):
    is_phone = size == "phone"
    options = {
        "reduced_motion": "reduce",
        "viewport": PHONE if is_phone else DESKTOP,
        "has_touch": is_phone,
        "is_mobile": is_phone,
    }
    PICTURES.mkdir(exist_ok=True)
    seen, found = set(), []

    def look(screen: Screen) -> None:
        seen.add(screen.name)
        for scheme in ("light", "dark"):
            screen.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            expect(screen.page.locator("html")).to_have_attribute("data-theme", scheme)
            screen.page.screenshot(path=PICTURES / f"{screen.name}-{size}-{scheme}.png")
            for violation in Axe().run(screen.page).response["violations"]:
                if violation["impact"] in ("serious", "critical"):
                    targets = [node["target"] for node in violation["nodes"]][:3]
                    found.append(f"{screen.name}, {scheme}: {violation['id']} {targets}")

    tour(stage, is_phone, options, look)
    assert found == [], "\n".join(found)
    assert seen >= SCREENS, SCREENS - seen


def test_axe_would_find_what_is_wrong(stage: Stage):
    page = stage.visit(path=f"#/{stage.chat_id()}").page
    page.evaluate(
        """() => {
            document.styleSheets[0].insertRule(".chat-row__preview { color: #cccccc !important; }", 0);
            document.querySelector("[data-composer]").removeAttribute("aria-label");
            document.querySelector("[data-composer]").removeAttribute("placeholder");
        }"""
    )
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert {"color-contrast", "label"} <= found
