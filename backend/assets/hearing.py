"""Recordings as hearing knows them: for the engine's planner and for questions about what is near, one code."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from backend.assets.models import Asset, MediaType
from backend.geo.position import Position
from backend.hearing.assets import AssetFacts
from backend.hearing.tags import TagRule
from backend.ids import AssetId, LanguageId, TagCategoryId, TagId
from backend.tagging.models import Tag, UIGroup, UIItem, UIMode

# What `asset_facts` reads of a row; its likes, when the query counted them, are the attribute `likes`.
FACT_COLUMNS = (
    "language",
    "media_type",
    "submitted",
    "latitude",
    "longitude",
    "shape",
    "duration_seconds",
    "start_seconds",
    "end_seconds",
    "volume",
    "weight",
)


def asset_facts(rows: Iterable[Asset], tags: Mapping[int, frozenset[TagId]]) -> list[AssetFacts]:
    """The rows in their order, each with its tags as `tags_by_asset` gives them."""
    return [
        AssetFacts(
            id=AssetId(asset.pk),
            position=position_of(asset.latitude, asset.longitude),
            shape=asset.shape.coords if asset.shape else None,
            language_id=None if asset.language_id is None else LanguageId(asset.language_id),
            tag_ids=tags.get(asset.pk, frozenset()),
            is_submitted=asset.submitted,
            is_audio=asset.media_type == MediaType.AUDIO,
            duration_seconds=asset.duration_seconds,
            start_seconds=asset.start_seconds,
            end_seconds=asset.end_seconds,
            volume=asset.volume,
            weight=asset.weight,
            likes=getattr(asset, "likes", 0),
        )
        for asset in rows
    ]


def position_of(latitude: float | None, longitude: float | None) -> Position | None:
    """Where an asset lies, if it has a place."""
    return None if latitude is None or longitude is None else Position(latitude, longitude)


def tags_by_asset(project_id: int) -> Mapping[int, frozenset[TagId]]:
    """The tags of every asset of a project that has any."""
    pairs = Asset.tags.through.objects.filter(asset__project_id=project_id)
    return tags_by_owner(pairs.values_list("asset", "tag"))


def tags_by_owner(pairs: Iterable[tuple[int, int]]) -> Mapping[int, frozenset[TagId]]:
    """Pairs of an owner and a tag, as one set an owner."""
    tags: dict[int, set[TagId]] = defaultdict(set)
    for owner, tag in pairs:
        tags[owner].add(TagId(tag))
    return {owner: frozenset(carried) for owner, carried in tags.items()}


def tag_rule(project_id: int) -> TagRule:
    """How a project's listening tags narrow what is heard."""
    listening = UIGroup.objects.filter(project_id=project_id, ui_mode=UIMode.LISTEN, is_active=True)
    chosen = UIItem.objects.filter(group__in=listening, is_active=True).values_list("tag_id", flat=True)
    return TagRule(
        category_of={
            TagId(tag): TagCategoryId(kind)
            for tag, kind in _known_tags(project_id, listening).values_list("id", "category_id").distinct()
        },
        listen_categories=frozenset(TagCategoryId(kind) for kind in listening.values_list("category_id", flat=True)),
        default_tags=frozenset(TagId(tag) for tag in chosen),
    )


def _known_tags(project_id: int, listening: QuerySet[UIGroup]) -> QuerySet[Tag]:
    """The project's own, those that its assets carry, and those that it offers for listening."""
    return Tag.objects.filter(
        Q(project_id=project_id) | Q(assets__project_id=project_id) | Q(ui_items__group__in=listening)
    )
