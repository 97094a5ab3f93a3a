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


def do(mutation: str, selection: str, viewer: Viewer, **given: Any) -> dict[str, Any]:
    """The payload of one mutation, in which errors say all they have."""
    kind = mutation[0].upper() + mutation[1:]
    query = f"""mutation ($input: {kind}Input!) {{ {mutation}(input: $input) {{
      __typename ... on {kind}Success {{ {selection} }} ... on Error {{ code message field clientMutationId }}
    }} }}"""
    payload: dict[str, Any] = data(query, viewer, input=given)[mutation]
    return payload
