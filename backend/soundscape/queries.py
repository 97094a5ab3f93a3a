"""What may sound in a project, and whether a place is within its reach."""

from dataclasses import dataclass

from django.db.models import QuerySet

from backend.geo.position import Position
from backend.hearing.speakers import SpeakerField, SpeakerZone, is_in_range
from backend.ids import SpeakerId
from backend.projects.models import Project
from backend.projects.queries import project
from backend.resources.viewer import Viewer
from backend.soundscape.models import Audiotrack, Speaker
from backend.soundscape.resources import AUDIOTRACK, SPEAKER


def speakers(project_id: object, viewer: Viewer) -> QuerySet[Speaker]:
    """The speakers of a project. Raises NotFound when the viewer may not see the project."""
    return SPEAKER.rows(viewer).filter(project=project(project_id, viewer))


def audiotracks(project_id: object, viewer: Viewer) -> QuerySet[Audiotrack]:
    """The tracks of a project. Raises NotFound when the viewer may not see the project."""
    return AUDIOTRACK.rows(viewer).filter(project=project(project_id, viewer))


def speaker_zones(project_id: int) -> tuple[SpeakerZone, ...]:
    """The active speakers of a project as hearing knows them, by id; for our own rules, whoever asks."""
    rows = Speaker.objects.filter(project_id=project_id, is_active=True).only(
        "min_volume", "max_volume", "attenuation_metres", "shape"
    )
    return tuple(zone(row) for row in rows.order_by("id"))


@dataclass(frozen=True, slots=True)
class AudibleSpeaker:
    """How loud a speaker is at a place: linear, above 0."""

    speaker_id: SpeakerId
    gain: float


def speakers_at(project_id: object, viewer: Viewer, position: Position) -> list[AudibleSpeaker]:
    """What a listener there hears of the speakers, loudest first. Raises NotFound for the project."""
    of = project(project_id, viewer)
    field = SpeakerField.of(speaker_zones(of.pk))
    gains = field.gains(position, is_geo=of.geo_listen_enabled).tolist()
    audible = [AudibleSpeaker(speaker, gain) for speaker, gain in zip(field.ids, gains, strict=True) if gain > 0]
    return sorted(audible, key=lambda each: -each.gain)


def zone(speaker: Speaker) -> SpeakerZone:
    """A speaker as hearing knows it."""
    return SpeakerZone(
        id=SpeakerId(speaker.pk),
        min_volume=speaker.min_volume,
        max_volume=speaker.max_volume,
        attenuation_metres=speaker.attenuation_metres,
        polygons=speaker.shape.coords if speaker.shape else (),
    )


def is_within_reach(of: Project, position: Position | None, *, is_geo: bool) -> bool:
    """Whether a stream may start here, and an upload is of this place (hearing's range rule)."""
    if not is_geo or position is None:
        return True
    field = SpeakerField.of(speaker_zones(of.pk))
    return is_in_range(field, position, is_geo=is_geo, out_of_range_metres=of.out_of_range_distance_metres)
