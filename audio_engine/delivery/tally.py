"""What has happened to listeners since the engine's start, of all streams together."""

from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """Counts that only grow. One for the engine: a series for every stream would never end."""

    # A player that starts with two seconds and plays what it is given had nothing left.
    underruns: int = 0
    # What a listener who was too far behind did not get.
    lost_chunks: int = 0
    # Who gave way to a newer listener of the same stream.
    replaced: int = 0
    # Who took nothing for so long that they were cut off.
    cut_off: int = 0
    refused: int = 0
