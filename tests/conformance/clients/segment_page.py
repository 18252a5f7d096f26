"""Sends with @segment/analytics-next from a page in Chromium: ADDRESS KEY VISITS.

The page has another origin than the server, so the browser asks first whether it may. Prints the
message ids that were sent, and what else than the shop and the server was asked for anything.
"""

import json
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, Response, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
SCRIPTS = Path(__file__).parents[1] / "node/node_modules/@segment/analytics-next/dist/umd"
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PATIENCE_MS = 60_000
SHOP = """<!doctype html><meta charset="utf-8"><title>단골 상점</title>
<script src="/index.js"></script>"""
SEND = """async ([cdnURL, writeKey, visits]) => {
    const analytics = AnalyticsNext.AnalyticsBrowser.load({ writeKey, cdnURL });
    const calls = [
        analytics.page("Home"),
        analytics.identify("minji", { email: "minji@shop.example", name: "민지" }),
        analytics.screen("Basket"),
        analytics.group("regulars", { size: 3 }),
        analytics.alias("minji", "anonymous-1"),
    ];
    for (let n = 0; n < Number(visits); n++) calls.push(analytics.track("Visited", { n }));
    return (await Promise.all(calls)).map((context) => context.event.messageId);
}"""


class Shop(SimpleHTTPRequestHandler):
    """The shop's own server: one page, and the scripts beside it."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments, directory=str(SCRIPTS))

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        body = SHOP.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def send(page: Page, origin: str, arguments: list[str]) -> dict[str, list[str]]:
    """Send, and wait until the page has seen a 200 for each event."""
    asked: set[str] = set()
    taken: list[str] = []

    def note(answer: Response) -> None:
        asked.add(answer.url)
        if answer.request.method == "POST" and answer.status == 200:
            taken.append(answer.url)

    page.on("response", note)
    page.goto(f"{origin}/")
    page.set_default_timeout(PATIENCE_MS)
    sent = page.evaluate(SEND, arguments)
    for _ in range(PATIENCE_MS // 100):
        if len(taken) >= len(sent):
            break
        page.wait_for_timeout(100)
    known = (origin, arguments[0])
    return {"sent": sent, "strangers": [url for url in asked if not url.startswith(known)]}


def main(*arguments: str) -> None:
    shop = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        origin = f"http://127.0.0.1:{shop.server_port}"
        said = send(browser.new_page(), origin, list(arguments))
        browser.close()
    shop.shutdown()
    print(json.dumps(said))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])  # noqa: TID251
