"""How Chromium shows a picture: the authority for ours."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from PIL import Image
from playwright.sync_api import Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")

PIXELS = """async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d', {willReadFrequently: true});
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
  let text = '';
  for (let at = 0; at < pixels.length; at += 32768)
    text += String.fromCharCode(...pixels.subarray(at, at + 32768));
  return [canvas.width, canvas.height, btoa(text)];
}"""


class Chromium:
    def __init__(self, page: Page) -> None:
        self._page = page

    def shown(self, data: bytes, kind: str) -> Image.Image:
        """In RGBA; raises an `Error` of playwright's for what it doesn't show."""
        address = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
        width, height, pixels = self._page.evaluate(PIXELS, address)
        return Image.frombytes("RGBA", (width, height), base64.b64decode(pixels))


@contextmanager
def chromium() -> Generator[Chromium]:
    """Skips the test where none is installed."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        sentence = "NO CHROMIUM: colours are not compared; install Debian's chromium"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    flags = ["--no-sandbox", "--force-color-profile=srgb"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield Chromium(browser.new_page())
        browser.close()
