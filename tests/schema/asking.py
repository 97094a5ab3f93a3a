"""How tests ask the schema: as the doors do, in the test's own thread and transaction."""

from typing import Any

from backend.resources.viewer import ANONYMOUS, Viewer
from schema.context import Context
from schema.execution import Operation, execute
from schema.reading import Reader


def ask(query: str, viewer: Viewer = ANONYMOUS, *, accept_language: str = "", **variables: Any) -> dict[str, Any]:
    """The whole answer, as JSON would hold it."""
    return execute(Operation(query, variables), Context(viewer, Reader(accept_language))).body()


def data(query: str, viewer: Viewer = ANONYMOUS, *, accept_language: str = "", **variables: Any) -> dict[str, Any]:
    """The data of an answer without errors."""
    answer = ask(query, viewer, accept_language=accept_language, **variables)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]
