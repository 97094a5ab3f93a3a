"""The tag rule: OR within a category, AND across categories."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

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
