"""Somebody at the screen: fills fields by their label, presses buttons by their words, follows links. Never an address."""

import re
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from support.accessibility import violations

expect.set_options(timeout=15_000)


def open_context(browser: Browser, *, width: int = 1280, height: int = 900, scripts: bool = True) -> BrowserContext:
    """A fresh browser, as somebody in Chile has it."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="es-CL",
        timezone_id="America/Santiago",
        java_script_enabled=scripts,
        accept_downloads=True,
    )
    context.set_default_timeout(15_000)
    return context


class Walker:
    """A person with a browser. Every page they stop at is checked: no server error, no rule of accessibility broken."""

    def __init__(self, context: BrowserContext, home: str, *, scripts: bool = True) -> None:
        self.page: Page = context.new_page()
        self.home = home
        self.scripts = scripts

    def start(self) -> None:
        """Open the site at its front page: the only address ever typed."""
        self.page.goto(self.home)

    def follow(self, words: str, *, within: str | None = None, exact: bool = False) -> None:
        """Click the first link that says this."""
        scope: Page | Locator = self.page.locator(within) if within else self.page
        scope.get_by_role("link", name=words, exact=exact).locator("visible=true").first.click()
        self.page.wait_for_load_state()

    def open_menu(self, words: str) -> None:
        """On a phone: open «Más» and go to this place; where the place is in the bar itself, go straight."""
        bar = self.page.get_by_role("link", name=words, exact=True).locator("visible=true")
        if not bar.count():
            self.page.locator("summary:visible", has_text="Más").first.click()
        self.page.get_by_role("link", name=words, exact=True).locator("visible=true").first.click()
        self.page.wait_for_load_state()

    def press(self, words: str, *, within: str | None = None, exact: bool = False) -> None:
        """Click the button that says this, and agree if the page asks whether we are sure."""
        scope: Page | Locator = self.page.locator(within) if within else self.page
        scope.get_by_role("button", name=words, exact=exact).locator("visible=true").first.click()
        dialog = self.page.locator("dialog[open]")
        if dialog.count():
            dialog.locator("button[value=go]").click()
        if not self.scripts and self.page.get_by_role("link", name="No, volver").count():
            self.page.locator("main form button").first.click()
        expect(self.page.locator("form[aria-busy=true]")).to_have_count(0)
        self.page.wait_for_load_state()

    def fill(self, label: str, value: str, *, within: str | None = None) -> None:
        """Type in the field with this label; choose in it when it is a list."""
        scope: Page | Locator = self.page.locator(within) if within else self.page
        fields = scope.get_by_label(re.compile(rf"^\s*{re.escape(label)}")).and_(
            self.page.locator("input, textarea, select")
        )
        field = fields.locator("visible=true").first
        if field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)

    def tick(self, label: str, *, within: str | None = None) -> None:
        """Tick a box or choose a radio by its words."""
        scope: Page | Locator = self.page.locator(within) if within else self.page
        scope.get_by_label(re.compile(re.escape(label))).locator("visible=true").first.check()

    def attach(
        self, label: str, name: str, content: bytes, media_type: str = "application/pdf", *, within: str | None = None
    ) -> None:
        """Choose a file in the field with this label."""
        scope: Page | Locator = self.page.locator(within) if within else self.page
        scope.get_by_label(re.compile(rf"^\s*{re.escape(label)}")).first.set_input_files(
            {"name": name, "mimeType": media_type, "buffer": content}
        )

    def open_drawer(self, words: str) -> None:
        """Open a drawer by its title, if it is closed."""
        drawer = self.page.locator("details", has=self.page.locator("summary", has_text=words)).first
        if drawer.get_attribute("open") is None:
            drawer.locator("summary").first.click()

    def sees(self, *texts: str) -> None:
        """Each text is on the page."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def does_not_see(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)

    def download(self, words: str, into: Path) -> bytes:
        """Click the link that says this and keep what comes."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=words).locator("visible=true").first.click()
        target = into / waiting.value.suggested_filename
        waiting.value.save_as(target)
        return target.read_bytes()

    def look(self, name: str) -> None:
        """Stop at this page: axe reads it, and nothing may be wider than the window. Both are scripts."""
        if not self.scripts:
            return
        found = violations(self.page)
        assert found == [], f"{name}: {found}"
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px wider than the window"
