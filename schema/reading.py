"""In which language somebody reads: what their client prefers, else what a project offers, else English, else any."""

from backend.ids import LanguageId
from backend.projects.queries import language_ids_by_code, languages_offered
from backend.projects.texts import ENGLISH_ID
from backend.resources.viewer import Viewer
from backend.visits.queries import language_of_visit

MOST_PREFERENCES = 20


class Reader:
    """One reader's languages; `prepare` and `remember_visit` read what is needed of the database, once."""

    def __init__(self, accept_language: str = "") -> None:
        self._codes = preferred_codes(accept_language)
        self._own: tuple[LanguageId, ...] = ()
        self._offered: dict[int, list[LanguageId]] | None = None
        self._visits: dict[str, LanguageId | None] = {}

    @property
    def codes(self) -> tuple[str, ...]:
        """What the client prefers, best first."""
        return self._codes

    def fresh(self) -> "Reader":
        """The same reader, who has not looked at the database yet."""
        other = Reader()
        other._codes = self._codes
        return other

    def prepare(self) -> None:
        """Makes `order` answer."""
        if self._offered is not None:
            return
        ids = language_ids_by_code()
        self._own = tuple(ids[code] for code in self._codes if code in ids)
        self._offered = languages_offered()

    def remember_visit(self, session_id: str, viewer: Viewer) -> None:
        """Makes `order_of_visit` answer for this visit. Raises NotFound unless it is one of the viewer's own."""
        if session_id not in self._visits:
            self._visits[session_id] = language_of_visit(session_id, viewer)

    def order(self, project_id: int | None, first: int | None = None) -> tuple[LanguageId, ...]:
        """The languages to look for, best first; `first` is that of a visit. Call `prepare` before."""
        chosen = [] if first is None else [LanguageId(first)]
        return tuple(dict.fromkeys([*self._own, *chosen, *self._offered_by(project_id), ENGLISH_ID]))

    def order_of_visit(self, project_id: int | None, session_id: str) -> tuple[LanguageId, ...]:
        """As `order`, but for the language of a visit instead of what the client prefers."""
        language = self._visits[session_id]
        chosen = [] if language is None else [language]
        return tuple(dict.fromkeys([*chosen, *self._offered_by(project_id), ENGLISH_ID]))

    def _offered_by(self, project_id: int | None) -> list[LanguageId]:
        assert self._offered is not None
        return self._offered.get(project_id, []) if project_id is not None else []


def preferred_codes(accept_language: str) -> tuple[str, ...]:
    """The codes of an Accept-Language header (RFC 9110), best first: `fi-FI, en;q=0.5` is fi, en."""
    weighed = []
    for part in accept_language.split(",")[:MOST_PREFERENCES]:
        code, _, weight = part.partition(";")
        quality = _quality(weight)
        if quality > 0 and code.strip() not in ("", "*"):
            weighed.append((quality, code.strip().partition("-")[0].lower()))
    return tuple(dict.fromkeys(code for _, code in sorted(weighed, key=lambda each: -each[0])))


def _quality(weight: str) -> float:
    try:
        return float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0
