"""More rows of every resource, each with all of its relations."""

from dataclasses import dataclass

from backend.assets.models import Asset, TimedAsset, Vote
from backend.listening.models import ListenEvent
from backend.projects.models import Language, LocalizedString, Project, ProjectGroup, UIElement, UIElementName
from backend.soundscape.models import Audiotrack
from backend.tagging.models import Tag, TagCategory, TagRelationship, UIGroup, UIItem, UIMode
from backend.visits.models import Event, Session
from tests.cast import (
    Cast,
    Walk,
    make_asset,
    make_envelope,
    make_project,
    make_session,
    make_speaker,
    make_user,
    square,
)


@dataclass(frozen=True)
class Place:
    """Where a crowd gathers: a project with a group of projects, and the contributor's visit to it."""

    walk: Walk
    cast: Cast
    group: ProjectGroup
    visit: Session

    @classmethod
    def of(cls, walk: Walk, cast: Cast) -> "Place":
        # One author whom the contributor may see.
        Asset.objects.filter(pk=walk.asset.pk).update(user=cast.contributor)
        group = ProjectGroup.objects.create(name="all")
        return cls(walk, cast, group, make_session(walk.project, cast.contributor))


def gather(place: Place, number: int) -> None:
    """One more row of each resource; those of visits are the contributor's."""
    texts = _texts(number)
    _add_project(place, number, texts)
    tag = _add_tag(place.walk.project, number, texts)
    _add_picture(place.walk.project, number, texts)
    make_speaker(place.walk.project, code=str(number))
    Audiotrack.objects.create(project=place.walk.project).tag_filters.add(tag)
    asset = _add_asset(place, number, tag, texts)
    _add_visit(place, asset)


def _texts(number: int) -> list[LocalizedString]:
    language = Language.objects.create(code=f"l{number}")
    return [LocalizedString.objects.create(text="x", language_id=pk) for pk in (1, language.pk)]


def _add_project(place: Place, number: int, texts: list[LocalizedString]) -> None:
    project = make_project(name=str(number), geo_listen_enabled=False)
    project.owners.add(place.cast.owner)
    place.group.projects.add(project)
    ProjectGroup.objects.create(name=str(number)).projects.add(project, place.walk.project)
    for name in Project._meta.local_many_to_many:
        if name.related_model is LocalizedString:
            getattr(project, name.name).set(texts)


def _add_tag(project: Project, number: int, texts: list[LocalizedString]) -> Tag:
    category = TagCategory.objects.create(name=f"category {number}")
    tag = Tag.objects.create(project=project, category=category, value=str(number), location=square())
    tag.description_texts.set(texts)
    tag.message_texts.set(texts)
    parent = TagRelationship.objects.create(tag=tag)
    TagRelationship.objects.create(tag=tag, parent=parent)
    for mode in (UIMode.LISTEN, UIMode.SPEAK):
        group = UIGroup.objects.create(project=project, name=mode, category=category, index=number, ui_mode=mode)
        group.header_texts.set(texts)
        parent_item = UIItem.objects.create(group=group, tag=tag, index=0, is_active=True)
        UIItem.objects.create(group=group, tag=tag, index=1, is_active=True, parent=parent_item)
    return tag


def _add_picture(project: Project, number: int, texts: list[LocalizedString]) -> None:
    name = UIElementName.objects.create(name=f"logo {number}", view="home")
    picture = UIElement.objects.create(project=project, element_name=name, variant="@2x", file_extension="png")
    picture.label_texts.set(texts)


def _add_asset(place: Place, number: int, tag: Tag, texts: list[LocalizedString]) -> Asset:
    author = make_user(f"visitor {number}")
    asset = make_asset(place.walk.project, session=place.visit, user=author, shape=square(), language=texts[1].language)
    asset.tags.set([*place.walk.tags, tag])
    asset.description_texts.set(texts)
    asset.alt_texts.set(texts)
    TimedAsset.objects.create(project=place.walk.project, asset=asset, start_seconds=0, end_seconds=1)
    # Withdrawn by an editor: a shell for who asks what has changed.
    make_asset(place.walk.project, user=author, submitted=False, version=2)
    return asset


def _add_visit(place: Place, asset: Asset) -> None:
    contributor = place.cast.contributor
    visit = make_session(place.walk.project, contributor, device_id="x")
    make_envelope(visit, asset, place.walk.asset)
    Event.objects.create(session=visit, event_type="x", latitude="1", longitude="2")
    ListenEvent.objects.create(session=visit, asset=asset, audiotrack=place.walk.audiotrack)
    for kind, value in (("like", None), ("rate", 3), ("block_asset", None)):
        Vote.objects.create(session=visit, voter=contributor, asset=asset, vote_type=kind, value=value)
    Vote.objects.create(session=visit, voter=contributor, asset=place.walk.asset, vote_type="flag")
