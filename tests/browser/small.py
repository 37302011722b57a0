"""Pictures small enough to commit: the same PNG with a palette of 256 colours. The browser decodes and counts; what is
left to do here is to write the file down."""

import struct
import zlib
from base64 import b64decode, b64encode
from pathlib import Path

from playwright.sync_api import Browser

# The most frequent colours stay as they are; every other becomes the nearest of them.
QUANTISE = """async (data) => {
  const bitmap = await createImageBitmap(await (await fetch(data)).blob());
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = [...counts].sort((one, other) => other[1] - one[1]).slice(0, 256).map(([pixel]) => pixel);
  const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const far = (one, other) => parts(one).reduce((sum, part, i) => sum + (part - parts(other)[i]) ** 2, 0);
  const nearest = (pixel) =>
    palette.reduce((best, each, index) => (far(pixel, each) < far(pixel, palette[best]) ? index : best), 0);
  const index = new Map([...counts.keys()].map((pixel) => [pixel, nearest(pixel)]));
  const indices = Uint8Array.from(pixels, (pixel) => index.get(pixel));
  return { width, height, palette: palette.flatMap(parts), indices: indices.toBase64() };
}"""


def shrink(browser: Browser, source: Path, target: Path) -> None:
    page = browser.new_page()
    data = f"data:image/png;base64,{b64encode(source.read_bytes()).decode()}"
    picture = page.evaluate(QUANTISE, data)
    page.close()
    target.write_bytes(
        _png(picture["width"], picture["height"], bytes(picture["palette"]), b64decode(picture["indices"]))
    )


def _png(width: int, height: int, palette: bytes, indices: bytes) -> bytes:
    """An indexed picture of eight bits (PNG specification, colour type 3), its rows unfiltered."""
    rows = b"".join(b"\0" + indices[start : start + width] for start in range(0, width * height, width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
