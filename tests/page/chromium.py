# SPDX-License-Identifier: GPL-2.0-only
"""
Headless Chromium by its DevTools protocol, over the two pipes of
--remote-debugging-pipe: messages in JSON, each with a NUL behind it.
"""

import base64
import json
import os
import pathlib
import subprocess
import tempfile


class Chromium:
    """One page in a browser of its own; events holds all that it told of."""

    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self.out = os.pipe()
        self.come, from_browser = os.pipe()
        # It reads descriptor 3 and writes to 4, which may be in use here.
        self.browser = subprocess.Popen(
            ["sh", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "sh",
             "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--remote-debugging-pipe",
             f"--user-data-dir={self.profile.name}", "about:blank"],
            pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.rest, self.events, self.session = 0, b"", [], None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime", "DOM"):
            self.ask(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.browser.terminate()
        self.browser.wait()
        os.close(self.out)
        os.close(self.come)
        self.profile.cleanup()

    def message(self):
        """The next one that comes"""
        while b"\0" not in self.rest:
            more = os.read(self.come, 1 << 20)
            if not more:
                raise EOFError("Chromium has ended")
            self.rest += more
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **parameters):
        """A command's result"""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") != self.number:
                self.events.append(answer)
            elif "error" in answer:
                raise ValueError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def wait(self, method):
        """Until this event has come"""
        while not any(e.get("method") == method for e in self.events):
            self.events.append(self.message())

    def told(self, method):
        """What the events of a kind say"""
        return [e["params"] for e in self.events if e.get("method") == method]

    def open(self, path):
        """Opens a file, until all of it is there"""
        self.events.clear()
        self.ask("Page.navigate", url=pathlib.Path(path).absolute().as_uri())
        self.wait("Page.loadEventFired")

    def look(self, width, height=900, dark=False):
        """Shows the page so wide, in pixels"""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=width < 600)
        self.ask("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def value(self, expression):
        """What an expression of JavaScript is. The page's own policy does not hold for it."""
        result = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise ValueError(result["exceptionDetails"]["text"])
        return result["result"].get("value")

    def picture(self, path):
        """All of the page as it is shown now, as a PNG"""
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))

    def printed(self):
        """The page on paper, as a PDF"""
        return base64.b64decode(self.ask("Page.printToPDF")["data"])
