"""Pictures of pages have few colours: a palette makes them a third of their size. Needs Pillow."""
from pathlib import Path

from PIL import Image

for picture in Path(__file__).parent.glob("*.png"):
    image = Image.open(picture)
    if image.mode != "P":
        image.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(picture, optimize=True)
