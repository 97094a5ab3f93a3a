"""The tag rule: OR within a category, AND across categories."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from backend.errors import InvalidInput
from backend.ids import TagCategoryId, TagId

NO_TAGS: Mapping[TagId, TagCategoryId] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TagRule:
    """How a project's listening tags narrow what is heard.

    `listen_categories` are those of its active listen groups: tags of others narrow nothing, so without such a group
    there is no restriction. `default_tags` are the tags of the active items of these groups.
    """

    category_of: Mapping[TagId, TagCategoryId] = field(default_factory=lambda: NO_TAGS)
    listen_categories: frozenset[TagCategoryId] = frozenset()
    default_tags: frozenset[TagId] = frozenset()

    def listener_demands(self, chosen: Iterable[TagId]) -> tuple[frozenset[TagId], ...]:
        """What an asset must carry for a listener with these tags (none: the default): one tag of every set."""
        tags = frozenset(chosen) or self.default_tags
        return self.demands(tag for tag in tags if self.category_of.get(tag) in self.listen_categories)

    def demands(self, tags: Iterable[TagId]) -> tuple[frozenset[TagId], ...]:
        """The tags as one set a category; tags that the project does not know are left out."""
        by_category: dict[TagCategoryId, set[TagId]] = {}
        for tag in tags:
            if tag in self.category_of:
                by_category.setdefault(self.category_of[tag], set()).add(tag)
        return tuple(frozenset(alternatives) for alternatives in by_category.values())


def checked_tag_ids(tag_ids: Iterable[object]) -> tuple[TagId, ...]:
    """Each once, in order. Raises InvalidInput for what is no id; the tag rule leaves out ids of no tag."""
    return tuple(dict.fromkeys(TagId(_whole(tag_id)) for tag_id in tag_ids))


def _whole(value: object) -> int:
    text = str(value).strip()
    # 18 digits fit every database's integer.
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise InvalidInput("tag_ids must be numbers.", field="tag_ids")
    return int(text)
