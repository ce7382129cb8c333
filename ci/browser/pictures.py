"""Takes pictures of pages in a headless Chromium; see ci/pictures.

    pictures.py PAGE PICTURE.png [HEIGHT [HASH]]
"""

import base64
import sys
from pathlib import Path

from chromium import Browser, BrowserError, find

# CSS pixels, which are those of the picture.
WIDTH = 1200
# Bytes that a picture in a README may have.
MOST = 200_000


def main(page, picture, height="900", place=""):
    program = find()
    if program is None:
        sys.exit("pictures: there is no Chromium")
    with Browser(program, 60) as browser:
        browser.media("light")
        browser.size(WIDTH, int(height))
        browser.open(Path(page).resolve().as_uri() + (f"#{place}" if place else ""))
        data = base64.b64decode(browser.picture())
    if len(data) > MOST:
        sys.exit(f"pictures: {picture} would have {len(data)} bytes, at most {MOST} are wanted")
    Path(picture).parent.mkdir(parents=True, exist_ok=True)
    Path(picture).write_bytes(data)
    print(f"{picture}: {WIDTH} x {height}, {len(data)} bytes")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BrowserError as error:
        sys.exit(f"pictures: the browser: {error}")
