"""The commands of docs/rest.md, typed into one shell after the other beside a running demo."""

import json
import shutil
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from tests.guide import REST_GUIDE, blocks
from tests.journeys.conftest import ROOT, DemoServer, environment_of_a_person
from tests.journeys.sound import decoded
from tests.journeys.test_guide import typed

pytestmark = pytest.mark.load


def kept(answer: Any, path: str) -> str:
    """What stands in an answer at a path such as `0.id`."""
    return str(reduce(lambda value, name: value[int(name) if name.isdigit() else name], path.split("."), answer))


def test_every_command_does_what_the_guide_says(demo_server: DemoServer, tmp_path: Path) -> None:
    shutil.copy(ROOT / "demo/sounds/sound-gulls.mp3", tmp_path / "recording.mp3")
    environment = environment_of_a_person(EARSHOT=demo_server.url)
    answers = []
    for block in blocks("sh", guide=REST_GUIDE):
        said = typed(block, tmp_path, environment)
        if said:
            answers.append(json.loads(said))
        for name, _, path in (word.partition("=") for word in block.words):
            environment[name] = kept(answers[-1], path)
    assert [answer for answer in answers if isinstance(answer, dict) and "id" not in answer] == [
        {"listen": answers[4]["listen"], "speak": answers[4]["speak"]},
        {"stream_id": int(environment["SESSION"]), "stream_url": environment["STREAM_URL"]},
        {"stream_id": int(environment["SESSION"]), "success": True},
        {"stream_id": int(environment["SESSION"]), "success": True},
    ]
    assert answers[-1]["duration_in_seconds"] == 12.5
    for name in ("speakers", "audiotracks", "timedassets"):
        assert isinstance(json.loads((tmp_path / f"{name}.json").read_text()), list)
    assert len(decoded((tmp_path / "stream.mp3").read_bytes())) > 0
