"""Which of a text's languages somebody reads: theirs, else one of the project, else English, else any."""

from collections.abc import Iterable, Sequence

from backend.ids import LanguageId
from backend.projects.models import LocalizedString, Project

ENGLISH_ID = LanguageId(1)


def reading_order(project: Project | None, language_id: int | None) -> tuple[LanguageId, ...]:
    """The languages to look for, best first; reads `project.languages`, which may be prefetched."""
    own = [] if language_id is None else [LanguageId(language_id)]
    offered = [] if project is None else sorted(LanguageId(language.pk) for language in project.languages.all())
    return tuple(dict.fromkeys([*own, *offered, ENGLISH_ID]))


def localized(texts: Iterable[LocalizedString], languages: Sequence[int]) -> str | None:
    """The text in the first of these languages that it has, else in any; None when there is no text at all."""
    rank = {language: place for place, language in enumerate(languages)}
    best = min(texts, key=lambda text: (rank.get(text.language_id, len(rank)), text.pk), default=None)
    return None if best is None else best.text
