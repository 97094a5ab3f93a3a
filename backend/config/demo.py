"""The demo's projects, put into the database from the files in `demo/`."""

import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import transaction

from backend.accounts.models import User
from backend.assets.models import Asset, MediaType, TimedAsset
from backend.config.demo_description import (
    AssetPart,
    AudiotrackPart,
    CategoryPart,
    Description,
    Offer,
    SpeakerPart,
    TagPart,
    Texts,
    read,
)
from backend.config.environment import ROOT
from backend.decoding.decode import probe
from backend.projects.models import Language, LocalizedString, Project
from backend.resources.cleaning import cleaned
from backend.soundscape.models import Audiotrack, Speaker
from backend.tagging.models import Tag, TagCategory, UIGroup, UIItem, UIMode
from backend.visits.models import Session

DEMO = ROOT / "demo"
DESCRIPTIONS = (DEMO / "helsinki.toml", DEMO / "tones.toml")
FOLDERS = {MediaType.AUDIO: "sounds", MediaType.PHOTO: "photos", MediaType.TEXT: "texts"}
CURATOR = "curator"


def load() -> list[Project]:
    """The demo's projects, made where they are missing; one that is there is left as people have edited it."""
    curator, _ = User.objects.get_or_create(username=CURATOR, defaults={"is_staff": True, "is_superuser": True})
    return [_loaded(read(path), curator) for path in DESCRIPTIONS]


def set_password(password: str | None) -> str | None:
    """Gives the curator this password; without one a new random password, which is returned to be shown."""
    curator = User.objects.get(username=CURATOR)
    generated = None if password else secrets.token_urlsafe(9)
    if generated or not curator.check_password(password or ""):
        curator.set_password(generated or password)
        curator.save(update_fields=["password"])
    return generated


def _loaded(description: Description, curator: User) -> Project:
    _copy_files(description)
    existing = Project.objects.filter(name=description.project.name).order_by("id").first()
    return existing or _Installation(description, curator).project


def _copy_files(description: Description) -> None:
    """Every file of the project, into the media folder where it is not there yet."""
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    sources = [_source("sounds", speaker.sound) for speaker in description.speakers]
    sources += [_source(FOLDERS[MediaType(asset.media_type)], asset.file) for asset in description.assets]
    for source in sources:
        target = Path(settings.MEDIA_ROOT) / _media_name(source.name)
        if not target.exists() or target.stat().st_size != source.stat().st_size:
            shutil.copyfile(source, target)


def _source(folder: str, name: str) -> Path:
    return DEMO / folder / name


def _media_name(name: str) -> str:
    return f"demo-{name}"


class _Installation:
    """One project as it comes into being: what its parts need of each other."""

    @transaction.atomic
    def __init__(self, description: Description, curator: User) -> None:
        self.curator = curator
        self.languages = {
            code: Language.objects.get_or_create(code=code, defaults={"name": name})[0]
            for code, name in description.languages.items()
        }
        self.project = self._project(description)
        self.session = cleaned(
            Session(project=self.project, user=curator, language=self.languages["en"], client_type="demo")
        )
        self.session.save()
        self.tags: dict[str, Tag] = {}
        for index, category in enumerate(description.categories):
            self._add_category(category, index)
        for track in description.audiotracks:
            self._add_audiotrack(track)
        for speaker in description.speakers:
            self._add_speaker(speaker)
        for asset in description.assets:
            self._add_asset(asset)

    def _project(self, description: Description) -> Project:
        project = cleaned(Project(name=description.project.name, **description.project.fields))
        project.save()
        project.sharing_url = f"{settings.PUBLIC_URL}/listen/{project.pk}"
        project.save(update_fields=["sharing_url"])
        project.languages.set(self.languages.values())
        project.owners.add(self.curator)
        for field, texts in description.project.texts.items():
            getattr(project, f"{field}_texts").set(self._strings(texts))
        return project

    def _strings(self, texts: Texts) -> list[LocalizedString]:
        return [
            LocalizedString.objects.create(language=self.languages[code], text=text) for code, text in texts.items()
        ]

    def _tagged(self, values: Iterable[str]) -> list[Tag]:
        return [self.tags[value] for value in values]

    def _add_category(self, part: CategoryPart, index: int) -> None:
        category = TagCategory.objects.create(name=part.name)
        tags = [self._tag(tag, category) for tag in part.tags]
        self._add_group(UIMode.LISTEN, part.listen, category, index, tags)
        self._add_group(UIMode.SPEAK, part.speak, category, index, tags)

    def _tag(self, part: TagPart, category: TagCategory) -> Tag:
        tag = cleaned(
            Tag(project=self.project, category=category, value=part.value, description=part.description.get("en"))
        )
        tag.save()
        tag.message_texts.set(self._strings(part.message))
        tag.description_texts.set(self._strings(part.description))
        self.tags[part.value] = tag
        return tag

    def _add_group(self, mode: UIMode, offer: Offer, category: TagCategory, index: int, tags: list[Tag]) -> None:
        group = cleaned(
            UIGroup(
                project=self.project,
                category=category,
                name=category.name,
                ui_mode=mode,
                select=offer.select,
                index=index,
            )
        )
        group.save()
        group.header_texts.set(self._strings(offer.header))
        for place, tag in enumerate(tags):
            is_default = mode == UIMode.LISTEN
            cleaned(UIItem(group=group, tag=tag, index=place, is_active=True, is_default=is_default)).save()

    def _add_audiotrack(self, part: AudiotrackPart) -> None:
        track = cleaned(Audiotrack(project=self.project, **part.fields))
        track.save()
        track.tag_filters.set(self._tagged(part.tags))

    def _add_speaker(self, part: SpeakerPart) -> None:
        cleaned(
            Speaker(
                project=self.project,
                is_active=True,
                code=part.code,
                uri=f"{settings.MEDIA_URL}{_media_name(part.sound)}",
                shape=MultiPolygon(*(Polygon(*rings) for rings in part.shape), srid=4326),
                attenuation_metres=part.attenuation_metres,
                max_volume=part.max_volume,
            )
        ).save()

    def _add_asset(self, part: AssetPart) -> None:
        longitude, latitude = part.at or (None, None)
        is_audio = part.media_type == MediaType.AUDIO
        seconds = probe(_source("sounds", part.file)).seconds if is_audio else None
        asset = cleaned(
            Asset(
                project=self.project,
                session=self.session,
                user=self.curator,
                media_type=part.media_type,
                language=self.languages[part.language] if part.language else None,
                latitude=latitude,
                longitude=longitude,
                file=_media_name(part.file),
                filename=_media_name(part.file),
                duration_seconds=seconds,
                start_seconds=0.0 if is_audio else None,
                end_seconds=seconds,
                description=part.description,
            )
        )
        asset.save()
        asset.tags.set(self._tagged(part.tags))
        asset.description_texts.set(self._strings(part.texts))
        asset.alt_texts.set(self._strings(part.alt_texts))
        if part.timed:
            start, end = part.timed
            cleaned(TimedAsset(project=self.project, asset=asset, start_seconds=start, end_seconds=end)).save()
