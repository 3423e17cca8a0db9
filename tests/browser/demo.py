"""A running ``quarterdeck demo`` and a person in front of it: what they see and do, by roles and names as a reader hears them."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Locator, Page, expect

from tests.harness.processes import Child
from tests.unit.quarterdeck.run import BARE

SECONDS = 60.0
"""Within which whatever a test waits for is on the page, or never will be."""
expect.set_options(timeout=SECONDS * 1000)


def begun(folder: Path, *words: str, before: tuple[str, ...] = ()) -> Child:
    """A demo that has just been asked for; all that it writes goes into the folder."""
    env = BARE | {"PYTHONPATH": str(Path.cwd()), "TMPDIR": str(folder)}
    command = [sys.executable, "-m", "quarterdeck", *before, "demo", "--no-browser", "--port", "0", *words]
    return Child(command, folder / "demo.log", env)


class Demo:
    """The process; ended by ``stop``. ``words`` are further options."""

    def __init__(self, folder: Path, *words: str, before: tuple[str, ...] = ()) -> None:
        self.child = begun(folder, *words, before=before)
        self.child.wait_for_line("quarterdeck demo: http", SECONDS)

    @property
    def url(self) -> str:
        return self._said(r"quarterdeck demo: (http\S+)")

    @property
    def kubeconfig(self) -> str:
        return self._said(r"kubectl --kubeconfig (\S+)")

    def ready(self) -> None:
        self.child.wait_for_line("all is ready", SECONDS)

    def pids(self) -> dict[str, int]:
        """Of the children, the newest of each name."""
        return {name: int(pid) for name, pid in re.findall(r"(\w+) runs as process (\d+)", self.log)}

    def is_ready(self, name: str) -> bool:
        """What the child itself says of it where the supervisor asks; one that is down is not."""
        try:
            words = Path(f"/proc/{self.pids()[name]}/cmdline").read_text().split("\0")
            with urlopen(f"http://{words[words.index('--health') + 1]}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, ValueError):  # no such process any more, or it is ending, or it says no
            return False

    @property
    def log(self) -> str:
        return self.child.log.read_text(errors="replace")

    def _said(self, pattern: str) -> str:
        found = re.search(pattern, self.log)
        assert found, self.log
        return found[1]


@dataclass
class Person:
    """One browser tab, being somebody."""

    page: Page

    def say(self, text: str) -> None:
        box = self.page.get_by_role("combobox", name="Message, or a command beginning with /")
        box.fill(text)
        box.press("Enter")

    def be(self, name: str) -> None:
        self.page.get_by_label("You are").select_option(label=name)
        expect(self.page.get_by_label("You are").locator("option:checked")).to_have_text(name)

    def go(self, channel: str) -> None:
        self.page.get_by_role("navigation", name="Channels").get_by_role("button", name=channel).click()
        expect(self.page.locator("#place h2")).to_contain_text(channel)

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("log", name="Messages").get_by_role("article")

    def message(self, *texts: str) -> Locator:
        """The newest message that has all these texts, once there is one."""
        found = self.messages
        for text in texts:
            found = found.filter(has_text=text)
        expect(found.last).to_be_visible()
        return found.last

    def press(self, message: Locator, button: str) -> None:
        message.get_by_role("button", name=re.compile(rf"^{button}(:|$)")).click()
        asked = self.page.locator("dialog#confirm[open]")
        if asked.count():
            asked.get_by_role("button").last.click()

    def ends(self, what: str, state: str) -> Locator:
        """The operation's message once it has ended so."""
        return self.message(what, f": {state}")
