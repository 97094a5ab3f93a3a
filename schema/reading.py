"""In which language somebody reads: what their client prefers, else what a project offers, else English, else any."""

from backend.ids import LanguageId
from backend.projects.queries import language_ids_by_code, languages_offered
from backend.projects.texts import ENGLISH_ID

MOST_PREFERENCES = 20


class Reader:
    """One reader's languages; `prepare` reads what is needed of the database, once."""

    def __init__(self, accept_language: str = "") -> None:
        self._codes = preferred_codes(accept_language)
        self._own: tuple[LanguageId, ...] = ()
        self._offered: dict[int, list[LanguageId]] | None = None

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

    def order(self, project_id: int | None, first: int | None = None) -> tuple[LanguageId, ...]:
        """The languages to look for, best first; `first` is that of a visit. Call `prepare` before."""
        assert self._offered is not None
        offered = self._offered.get(project_id, []) if project_id is not None else []
        chosen = [] if first is None else [LanguageId(first)]
        return tuple(dict.fromkeys([*self._own, *chosen, *offered, ENGLISH_ID]))


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
