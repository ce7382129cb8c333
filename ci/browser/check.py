"""Opens pages in a headless Chromium and tells what is wrong with them; see ci/pages.

    check.py [--report FILE[=RULES]]… [FOLDER]…

A report has to tell a verdict and so many rules. Of a folder every page is opened.
"""

import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from chromium import Browser, BrowserError, find

# Seconds for everything, and for each page that has all of it looked at.
LIMIT = 240
# Pages of a folder that have all of it looked at; of the others what differs from page to page.
THOROUGH = 16

# What has to be found in wrong.html.
MISTAKES = (
    "no doctype or no lang", "a level is left out", "contrast 2.32", "px wide, the window has 360",
    "two elements have the id twice", "#nowhere is not there", "#colour=red chooses what",
    "nothing.html is not there", "without a name: <button", "kind=a shows 1, not 2",
    "is not in", "a search for nothing finds something", "there is no button for dark and light",
    "it does not look dark", "no verdict", "console.warning: something is odd",
    "nobody catches this", "loads https://example.invalid/style.css",
)

DESK = (1200, 900)
# No page is wider than any of these: a desk, a tablet, a phone, a small one.
SIZES = ((1280, 900), (800, 1000), (390, 800), (360, 740))


class Places(HTMLParser):
    """The ids of a page."""

    def __init__(self, path):
        super().__init__()
        self.ids = set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.ids.update(value for name, value in attrs if name == "id")


class Check:
    """Of pages, one after the other."""

    def __init__(self, browser):
        self.browser = browser
        self.script = Path(__file__).with_name("page.js").read_text("utf-8")
        self.places = {}
        self.wrong = 0

    def part(self, name):
        """Runs a part of page.js; gives back what it found besides what is wrong."""
        found = self.browser.run(f"({self.script.rstrip()}).{name}()")
        wrong = found.get("wrong", []) if isinstance(found, dict) else found or []
        return found, list(wrong)

    def page(self, path, thorough=True, rules=None):
        """Looks at a page."""
        wrong = []

        def look(name):
            found, more = self.part(name)
            wrong.extend(f"{name}: {line}" for line in more)
            return found

        url = path.resolve().as_uri()
        self.browser.media("light")
        self.browser.size(*DESK)
        self.browser.open(url)
        told = self.browser.run(f"({self.script.rstrip()}).report()")
        look("form")
        wrong.extend(self.elsewhere(path, look("links")["others"]))
        items = look("filter")["items"] if thorough else None
        if rules is not None:
            if not told or not told["verdict"].strip():
                wrong.append("no verdict")
            elif not 0 < told["rules"] <= items or (rules and told["rules"] != rules):
                wrong.append(f"{told['rules']} rules, {items} are listed, {rules} were checked")
        if thorough:
            look("places")
            look("toggle")
            look("search")
            for scheme in ("light", "dark"):
                self.browser.media(scheme)
                if look("contrast")["dark"] != (scheme == "dark"):
                    wrong.append(f"it does not look {scheme}")
            self.browser.media("light", "print")
            look("paper")
        self.browser.media("light")
        for size in SIZES if thorough else SIZES[-2:]:
            self.browser.size(*size)
            look("fits")
        wrong.extend(f"console: {line}" for line in self.browser.complaints())
        foreign = {address for address in self.browser.sent_for() if not self.is_own(address, url)}
        wrong.extend(f"loads {address}" for address in sorted(foreign))
        if thorough and self.browser.run("Boolean(document.getElementById('search'))"):
            # As by a link from another page: this one has to be loaded anew.
            self.browser.open("about:blank")
            self.browser.open(f"{url}#q=session")
            look("searched")
        return wrong, items or 0

    def tell(self, path, **how):
        """Looks at a page and says what is wrong with it; gives back how many items are listed."""
        wrong, items = self.page(path, **how)
        for line in wrong:
            print(f"{path}: {line}")
        self.wrong += len(wrong)
        return items

    def itself(self):
        """A check that finds nothing may be looking at nothing: there is a page of mistakes."""
        path = Path(__file__).with_name("wrong.html")
        wrong, _ = self.page(path, rules=1)
        missed = [words for words in MISTAKES if not any(words in line for line in wrong)]
        for words in missed:
            print(f"{path}: nobody has noticed: {words}")
        self.wrong += len(missed)

    @staticmethod
    def is_own(address, url):
        return address.split("#")[0] == url or address.startswith("data:")

    def elsewhere(self, path, links):
        """What is wrong with links to other pages."""
        for link in links:
            file, _, place = link.partition("#")
            target = (path.parent / unquote(file.split("?")[0])).resolve()
            if not target.is_file():
                yield f"links: {link} is not there"
            elif place and "=" not in place:
                if target not in self.places:
                    self.places[target] = Places(target).ids
                if unquote(place) not in self.places[target]:
                    yield f"links: {link} is not in that page"


def main(arguments):
    program = find()
    if program is None:
        print("pages: not run, there is no Chromium")
        return 0
    reports, folders, words = [], [], iter(arguments)
    for word in words:
        if word == "--report":
            file, _, rules = next(words).partition("=")
            reports.append((Path(file), int(rules or 0)))
        else:
            folders.append(Path(word))
    began = time.monotonic()
    count = 0
    with Browser(program, LIMIT) as browser:
        check = Check(browser)
        check.itself()
        for file, rules in reports:
            items = check.tell(file, rules=rules)
            print(f"{file}: {items} rules")
            count += 1
        for folder in folders:
            pages = sorted(folder.rglob("*.html"))
            if not pages:
                print(f"{folder}: there is no page")
                check.wrong += 1
            # Those nearest to the top, and some of every folder.
            pages.sort(key=lambda path: len(path.parts))
            step = max(1, len(pages) // THOROUGH)
            for at, path in enumerate(pages):
                check.tell(path, thorough=at < THOROUGH // 2 or at % (2 * step) == 0)
            count += len(pages)
    took = time.monotonic() - began
    print(f"pages: {count} looked at, {check.wrong} things are wrong ({took:.1f} s)")
    return 1 if check.wrong or not count else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrowserError as error:
        sys.exit(f"pages: the browser: {error}")
