"""Model players in a process of their own, so that their CPU is nobody else's."""

import json
import subprocess
import sys
from collections.abc import Sequence

from bench.peers import BITRATE
from bench.players import Playing


class Audience:
    """One player for each address, from now on for so many seconds."""

    def __init__(self, urls: Sequence[str], seconds: float) -> None:
        command = [sys.executable, "-m", "bench.players", str(seconds), str(BITRATE)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None
        self._process.stdin.write("\n".join(urls))
        self._process.stdin.close()
        self._process.stdin = None

    def __enter__(self) -> "Audience":
        return self

    def __exit__(self, *_: object) -> None:
        """They leave, whatever is left of their time."""
        self._process.terminate()
        self._process.communicate()

    def reports(self) -> list[Playing]:
        """What each lived through, as soon as all have ended. Raises RuntimeError when one was refused or cut off."""
        output, _ = self._process.communicate()
        if self._process.returncode != 0:
            raise RuntimeError("a player was refused or cut off")
        return [Playing(**report) for report in json.loads(output)]
