"""The photos of the demo, which are drawings: no camera was there."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SIZE = (640, 440)
COLOURS = 48


def canvas(top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
    """A sky that changes its colour in broad bands, so that the file stays small."""
    steps = np.floor(np.linspace(0, 11.99, SIZE[1])) / 11
    rows = np.array(top) + steps[:, None] * (np.array(bottom) - np.array(top))
    return Image.fromarray(np.repeat(rows[:, None, :], SIZE[0], axis=1).astype(np.uint8))


def cathedral() -> Image.Image:
    """A white church over steps, at dusk."""
    image = canvas((58, 62, 110), (240, 170, 130))
    draw = ImageDraw.Draw(image)
    for step in range(8):
        draw.rectangle([40 + 6 * step, 420 - 14 * step, 600 - 6 * step, 440 - 14 * step], "#b9a88f", "#a3937c")
    draw.rectangle([150, 200, 490, 318], "#f2efe6")
    draw.polygon([(190, 200), (320, 150), (450, 200)], "#e4dfd2")
    for x in range(210, 440, 36):
        draw.rectangle([x, 206, x + 14, 318], "#d8d2c2")
    draw.rectangle([265, 105, 375, 165], "#f2efe6")
    draw.pieslice([255, 45, 385, 165], 180, 360, "#5d8f7a")
    draw.rectangle([316, 22, 324, 48], "#e0b84f")
    for x in (165, 445):
        draw.rectangle([x, 150, x + 30, 200], "#f2efe6")
        draw.pieslice([x - 4, 128, x + 34, 172], 180, 360, "#5d8f7a")
    return image


def harbour() -> Image.Image:
    """The sun over a calm sea, a ferry, gulls."""
    image = canvas((150, 190, 225), (255, 225, 190))
    draw = ImageDraw.Draw(image)
    draw.ellipse([90, 120, 180, 210], "#fff0c8")
    draw.rectangle([0, 250, 640, 440], "#5b8fb0")
    for y in range(262, 436, 16):
        for x in range((y * 7) % 60, 640, 92):
            draw.line([x, y, x + 38, y], "#86b0cb", 3)
    draw.polygon([(330, 240), (600, 240), (570, 285), (350, 285)], "#f7f7f2")
    for deck, (left, right) in enumerate(((370, 570), (390, 540), (420, 510))):
        draw.rectangle([left, 214 - 24 * deck, right, 238 - 24 * deck], "#ffffff", "#c9ced2")
    draw.rectangle([455, 130, 480, 166], "#c8463c")
    for x, y in ((230, 90), (290, 130), (200, 150)):
        draw.arc([x - 22, y, x, y + 20], 200, 340, "#444", 3)
        draw.arc([x, y, x + 22, y + 20], 200, 340, "#444", 3)
    return image


def tram() -> Image.Image:
    """A tram in the rain."""
    image = canvas((120, 130, 145), (170, 175, 182))
    draw = ImageDraw.Draw(image)
    for index, colour in enumerate(("#b98b6a", "#c7b299", "#a4836f", "#c9bfae")):
        left = 160 * index
        draw.rectangle([left, 60 + 12 * (index % 2), left + 158, 330], colour)
        for window in range(12):
            x, y = left + 18 + 34 * (window % 4), 90 + 62 * (window // 4)
            draw.rectangle([x, y, x + 18, y + 34], "#5d6774")
    draw.rectangle([0, 330, 640, 440], "#6d6f73")
    draw.rounded_rectangle([110, 220, 540, 380], 18, "#2f7d4f")
    draw.rectangle([110, 236, 540, 310], "#e8c547")
    for x in range(130, 520, 66):
        draw.rectangle([x, 242, x + 50, 300], "#bcd3df")
    for x in (190, 430):
        draw.ellipse([x, 362, x + 36, 398], "#333")
    draw.line([0, 398, 640, 398], "#3a3a3d", 4)
    draw.line([325, 220, 300, 176, 340, 150], "#333", 3)
    draw.line([0, 150, 640, 150], "#444", 2)
    for x in range(-40, 640, 23):
        draw.line([x + 40, (x * 37) % 90, x, (x * 37) % 90 + 330], "#c6ccd4", 1)
    return image


PICTURES = (cathedral, harbour, tram)


def build(folder: Path) -> None:
    """Writes the pictures, with few colours."""
    for picture in PICTURES:
        picture().quantize(COLOURS).save(folder / f"{picture.__name__}.png", optimize=True)
