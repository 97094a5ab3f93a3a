"""What a listener hears of the speakers where they are now; far from all of them, the project's sound for that."""

from audio_engine.planner.speakers import LEAST_GAIN, Wanted
from audio_engine.soundscape import Soundscape, SpeakerSource
from backend.hearing.listener import Listener
from backend.hearing.walking import SpeakersHeard, SpeakersOnTheWay
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
        self._heard: SpeakersHeard | None = None
        self.look(listener)

    def look(self, listener: Listener) -> bool:
        """The listener is there now; returns whether anything sounds otherwise than before."""
        heard = self._walk.heard_by(listener)
        if heard is self._heard:
            return False
        self._heard = heard
        self.is_in_range = heard.is_in_range
        self.gains, self.wanted = {}, {}
        if not heard.is_in_range:
            self.wanted = self._far
            return True
        audible = (heard.gains >= LEAST_GAIN).nonzero()[0]
        for index, gain in zip(audible.tolist(), heard.gains[audible].tolist(), strict=True):
            self.gains[self._ids[index]] = gain
            self.wanted[self._ids[index]] = Wanted(gain, self._sources[index])
        return True
