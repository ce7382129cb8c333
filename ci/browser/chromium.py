"""A headless Chromium, talked to over a pipe; nothing but Python's own library is needed."""

import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find():
    """The program, or None."""
    given = os.environ.get("CHROMIUM")
    names = (given,) if given else NAMES
    return next((path for path in map(shutil.which, names) if path), None)


class BrowserError(Exception):
    """The browser did not do what it was told."""


class Browser:
    """One page of a browser that reaches no network. A context manager: nothing is left of it."""

    def __init__(self, program, limit):
        """`limit`: seconds after which nothing is waited for any more."""
        self.until = time.monotonic() + limit
        self.last = 0
        self.buffer = b""
        self.events = []
        self.profile = tempfile.mkdtemp(prefix="lavalink-pages-")
        hears, self.to = os.pipe()
        self.of, says = os.pipe()
        options = [
            "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
            "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-extensions",
            "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
            "--allow-file-access-from-files", f"--user-data-dir={self.profile}", "about:blank",
        ]
        self.process = subprocess.Popen(
            ["sh", "-c", f'exec "$@" 3<&{hears} 4>&{says}', "sh", program, *options],
            pass_fds=(hears, says), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(hears)
        os.close(says)
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for end in (self.to, self.of):
            os.close(end)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, **params):
        """Sends a command and gives back its result."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        try:
            os.write(self.to, json.dumps(message).encode() + b"\0")
        except BrokenPipeError:
            raise BrowserError("it ended") from None
        number = self.last
        while True:
            answer = self.read()
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error'].get('message')}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def read(self):
        """The next message."""
        while b"\0" not in self.buffer:
            left = self.until - time.monotonic()
            if left <= 0 or not select.select([self.of], [], [], left)[0]:
                raise BrowserError("it took too long")
            more = os.read(self.of, 1 << 20)
            if not more:
                raise BrowserError("it ended")
            self.buffer += more
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def open(self, url):
        """Loads a page; gives back what was sent for and what was complained of meanwhile."""
        self.events.clear()
        problem = self.call("Page.navigate", url=url).get("errorText")
        if problem:
            raise BrowserError(f"{url}: {problem}")
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self.read())

    def run(self, script):
        """The value of an expression of JavaScript, which may be a promise."""
        result = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description") or details["text"])
        return result["result"].get("value")

    def size(self, width, height):
        """Of the window, in CSS pixels; narrow ones are phones."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )

    def media(self, scheme="light", kind="screen"):
        """Light or dark; screen or print."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=kind, features=features)

    def picture(self):
        """What is to be seen, as PNG in base64."""
        return self.call("Page.captureScreenshot", format="png", optimizeForSpeed=False)["data"]

    def sent_for(self):
        """The addresses that were asked for since the page was opened."""
        sent = [e for e in self.events if e["method"] == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in sent]

    def complaints(self):
        """What the console has been told since the page was opened."""
        told = []
        for event in self.events:
            params = event.get("params", {})
            if event["method"] == "Runtime.consoleAPICalled":
                words = (str(a.get("value", a.get("description"))) for a in params["args"])
                told.append(f"console.{params['type']}: {' '.join(words)}")
            elif event["method"] == "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                told.append(details.get("exception", {}).get("description") or details["text"])
            elif event["method"] == "Log.entryAdded":
                told.append(f"{params['entry']['level']}: {params['entry']['text']}")
        return told
