"""Pictures are drawn anew: what else was in the file (another file, a place on the map, a trap for a viewer) is gone.

A flood of pixels is noticed by what the head says, before anything is drawn, and one is drawn at a time.
"""

import asyncio
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from chatserver.errors import Refused
from chatserver.files.kinds import JPEG, Kind

_ONE_AT_A_TIME = ThreadPoolExecutor(max_workers=1, thread_name_prefix="draw")

QUALITY = 90


async def redraw(source: BinaryIO, target: BinaryIO, kind: Kind, max_pixels: int) -> None:
    """Write the picture in `source` to `target`, upright, in its own format, first frame only. Raises `Refused`."""
    await asyncio.get_running_loop().run_in_executor(_ONE_AT_A_TIME, _redraw, source, target, kind, max_pixels)


def _redraw(source: BinaryIO, target: BinaryIO, kind: Kind, max_pixels: int) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own cap is asked, just below
            picture = Image.open(source, formats=[kind.name.upper()])
        with picture:
            if picture.width * picture.height > max_pixels:
                raise Refused("file_pixels", f"A picture has at most {max_pixels} pixels.", field="file")
            upright = ImageOps.exif_transpose(picture)
            if kind is JPEG and upright.mode not in ("L", "RGB"):
                upright = upright.convert("RGB")
            upright.info = {name: value for name, value in upright.info.items() if name == "transparency"}
            upright.save(target, kind.name.upper(), quality=QUALITY)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise Refused("file_damaged", "The picture cannot be read.", field="file") from error
