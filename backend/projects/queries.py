"""Projects and languages, for a viewer."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from backend.errors import NotFound
from backend.ids import LanguageId
from backend.projects.models import Language, Project
from backend.projects.resources import LANGUAGE, PROJECT
from backend.projects.texts import ENGLISH_ID
from backend.resources.viewer import ANONYMOUS, Viewer


def projects(viewer: Viewer) -> QuerySet[Project]:
    """All that the viewer may see."""
    return PROJECT.rows(viewer)


def project(project_id: object, viewer: Viewer) -> Project:
    """Raises NotFound."""
    return PROJECT.find(project_id, viewer, field="project_id")


def project_rows(project_id: object, viewer: Viewer) -> QuerySet[Project]:
    """The project as a subquery, empty when the viewer may not see it. Raises NotFound for what is no id."""
    try:
        key = Project._meta.pk.to_python(project_id)
    except ValidationError:
        raise NotFound("Project not found.", field="project_id") from None
    return PROJECT.rows(viewer).filter(pk=key)


def language_of_code(code: str) -> Language | None:
    """The language of a code such as `fi` or `fi-FI` (what follows the hyphen is left out), or None."""
    return Language.objects.filter(code__iexact=code.strip().partition("-")[0]).first()


def language_ids_by_code() -> dict[str, LanguageId]:
    """All languages; the codes in lower case."""
    return {code.lower(): LanguageId(pk) for pk, code in Language.objects.values_list("pk", "code")}


def languages_offered() -> dict[int, list[LanguageId]]:
    """The languages of every project that has any, by its id."""
    offered = defaultdict(list)
    pairs = Project.languages.through.objects.order_by("language_id").values_list("project_id", "language_id")
    for project_id, language_id in pairs:
        offered[project_id].append(LanguageId(language_id))
    return offered


def chosen_language(*, code: str | None = None, language_id: object = None) -> LanguageId:
    """The language of a visit. A code beats an id; an unknown code is English, an unknown id raises NotFound."""
    if code:
        language = language_of_code(code)
        return LanguageId(language.pk) if language else ENGLISH_ID
    if language_id is None:
        return ENGLISH_ID
    return LanguageId(LANGUAGE.find(language_id, ANONYMOUS, field="language_id").pk)
