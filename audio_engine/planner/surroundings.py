"""What a listener hears of the speakers where they are now; far from all of them, the project's sound for that."""

import numpy as np

from audio_engine.planner.speakers import LEAST_GAIN, Wanted
from audio_engine.soundscape import Soundscape, SpeakerSource
from backend.hearing.listener import Listener
from backend.hearing.walking import SpeakersOnTheWay
from backend.ids import SpeakerId

# No speaker's own: the sound that a listener out of range hears is mixed as if it were a speaker's.
OUT_OF_RANGE = SpeakerId(0)


class Surroundings:
    """One soundscape's speakers around one listener, as of the last look."""

    def __init__(self, soundscape: Soundscape, listener: Listener) -> None:
        self._ids = soundscape.speakers.ids
        self._sources = soundscape.speaker_sources
        self._far = {OUT_OF_RANGE: Wanted(1.0, SpeakerSource(soundscape.out_of_range_source))}
        self._walk = SpeakersOnTheWay(soundscape.speakers, out_of_range_metres=soundscape.out_of_range_metres)
        self.is_in_range = True
        # How loud the speakers are, and what is to sound; those left out are silent.
        self.gains: dict[SpeakerId, float] = {}
        self.wanted: dict[SpeakerId, Wanted] = {}
        self.look(listener)

    def look(self, listener: Listener) -> None:
        """The listener is there now."""
        heard = self._walk.heard_by(listener)
        self.is_in_range = heard.is_in_range
        if not heard.is_in_range:
            self.gains, self.wanted = {}, self._far
            return
        audible = np.flatnonzero(heard.gains >= LEAST_GAIN)
        self.gains, self.wanted = {}, {}
        for index, gain in zip(audible.tolist(), heard.gains[audible].tolist(), strict=True):
            self.gains[self._ids[index]] = gain
            self.wanted[self._ids[index]] = Wanted(gain, self._sources[index])
