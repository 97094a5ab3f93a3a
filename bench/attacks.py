"""Documents made to cost the server dearly, and how much CPU each takes until it is refused or may be executed.

`python -m bench.attacks`; the last line is `worst_attack_ms=…`.
"""

import contextlib
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 3
ROWS = "nodes { id }"
# Just below what a document may have of each.
LETTERS, LINES, FIELDS, FRAGMENTS = 49_000, 1_990, 790, 99


@dataclass(frozen=True, slots=True)
class Attack:
    """A document, and the code that it is refused with; None for one that is allowed, because it is cheap."""

    name: str
    text: str
    code: str | None


def many(count: int, part: Callable[[int], str]) -> str:
    """That many parts, each made of its number."""
    return " ".join(part(number) for number in range(count))


def _query(selections: str, rest: str = "") -> str:
    return f"{{ {selections} }} {rest}"


def _project(selections: str, rest: str = "") -> str:
    return _query(f"projects(first: 1) {{ nodes {{ {selections} }} }}", rest)


def _fragments(count: int, body: Callable[[int], str], on: str = "Project") -> str:
    return many(count, lambda number: f"fragment F{number} on {on} {{ {body(number)} }}")


def _spreads(count: int) -> str:
    return many(count, lambda number: f"...F{number}")


def _nested(depth: int, opening: str, middle: str, closing: str) -> str:
    return opening * depth + middle + closing * depth


def _overlapping() -> dict[str, str]:
    """Fields of one name, and fragments in one place, are compared with each other."""
    typed = "... on Project { id } ... on Asset { id } "
    return {
        "one field often": _project("name " * FIELDS),
        "one list often": _project(f"tags {{ {ROWS} }} " * 240),
        "one list with arguments often": _query(f'projects(first: 1, after: "x") {{ {ROWS} }} ' * 110),
        "large arguments compared": _query("projects(first: {a: [1 2 3 4 5 6 7 8 9], b: {c: [1 2]}}) { x } " * 45),
        "differing arguments": _query(many(100, lambda n: f"projects(first: {n}) {{ {ROWS} }}")),
        "the schema often": _query("__schema { types { name fields { name type { name } } } } " * 25),
        "types often": _query(f'node(id: "1") {{ {typed * 140} }}'),
        "fragments in one place": _project(_spreads(FRAGMENTS), _fragments(FRAGMENTS, lambda n: "name id")),
        "fragments of many fields": _project(_spreads(FRAGMENTS), _fragments(FRAGMENTS, lambda n: "a b c d e f g")),
        "a chain of fragments": _project("...F0", _fragments(FRAGMENTS, lambda n: f"id name a b c ...F{n + 1}")),
    }


def _too_large() -> dict[str, tuple[str, str]]:
    """What is more than a document may have, by the code of its refusal."""
    grows = (
        _fragments(FRAGMENTS - 1, lambda n: f"...F{n + 1} " * 4) + f" fragment F{FRAGMENTS - 1} on Project {{ a: id }}"
    )
    deep_schema = _nested(4, "fields { type {", "name", "} } ")
    deep_list, deep_object = _nested(150, "[", "1", "]"), _nested(100, "{not: ", "{}", "}")
    return {
        "one field too often": ("TOO_MANY_FIELDS", _project("name " * 1_900)),
        "fields that nobody asks for": ("TOO_MANY_FIELDS", _query("__typename", _fragments(2, lambda n: "x " * 900))),
        "fragments that nobody spreads": (
            "TOO_MANY_FRAGMENTS",
            _query("__typename", _fragments(200, lambda n: "id name")),
        ),
        "fragments without end": (
            "TOO_MANY_FRAGMENTS",
            _project("...F0", _fragments(180, lambda n: f"id ...F{n + 1}")),
        ),
        "aliases in fragments of fragments": ("TOO_MANY_ALIASES", _project("...F0", grows)),
        "101 aliases": ("TOO_MANY_ALIASES", _query(many(101, lambda n: f"a{n}: __typename"))),
        "operations": (
            "TOO_MANY_OPERATIONS",
            many(110, lambda n: f"query Q{n} {{ ...F0 }}") + _fragments(99, lambda n: f"...F{n + 1}", "Query"),
        ),
        "40 fields deep": ("DOCUMENT_TOO_DEEP", _nested(40, "{ projects ", "{ id }", "}")),
        "900 fields deep": ("GRAPHQL_PARSE_FAILED", _nested(900, "{ a ", "{ a }", "}")),
        "400 inline fragments deep": ("GRAPHQL_PARSE_FAILED", _query(_nested(400, "... {", "__typename", "}"))),
        "a list in a list": ("ARGUMENT_TOO_DEEP", _query(f"projects(first: {deep_list}) {{ {ROWS} }}")),
        "an object in an object": ("ARGUMENT_TOO_DEEP", _query(f"assets(filter: {deep_object}) {{ {ROWS} }}")),
        "the schema, deep": ("GRAPHQL_VALIDATION_FAILED", _query(f"__schema {{ types {{ {deep_schema} }} }}")),
        "a long comment": ("DOCUMENT_TOO_LONG", _query("__typename") + "#" + "x" * 900_000),
        "many lines": ("DOCUMENT_TOO_LONG", "\n" * 900_000 + _query(many(700, lambda n: f"x{n}"))),
        "many tokens": ("GRAPHQL_PARSE_FAILED", _query("a " * 2_100)),
        "500 × 500 rows": (
            "COST_EXCEEDED",
            _query(f"projects(first: 500) {{ nodes {{ assets(first: 500) {{ {ROWS} }} }} }}"),
        ),
        "pages within pages": (
            "COST_EXCEEDED",
            _query(f"projects {{ nodes {{ assets {{ nodes {{ tags {{ {ROWS} }} }} }} }} }}"),
        ),
        "the schema five times": ("COST_EXCEEDED", _query(many(5, lambda n: f"a{n}: __schema {{ types {{ name }} }}"))),
        "rows of fragments of fragments": (
            "COST_EXCEEDED",
            _project("...F0", grows.replace("a: id", f"assets {{ {ROWS} }}")),
        ),
    }


def _invalid() -> dict[str, str]:
    """What has many faults, or takes long to be found faulty."""
    unused = _fragments(FRAGMENTS, lambda n: "id name latitude longitude")
    cycles = _fragments(FRAGMENTS, lambda n: f"...F{n} id", "Query")
    shared = (
        _fragments(FRAGMENTS, lambda n: f"...F{n + 1}", "Query") + f" fragment F{FRAGMENTS} on Query {{ __typename }}"
    )
    return {
        "fragments that nobody spreads": _query("__typename", unused),
        "fragments within themselves": _query("...F0", cycles),
        "a ring of fragments": _query(
            "...F0", _fragments(FRAGMENTS, lambda n: many(6, lambda k: f"...F{(n + k * k + 1) % FRAGMENTS}"), "Query")
        ),
        "operations over one chain of fragments": many(20, lambda n: f"query Q{n}($a: Int) {{ ...F0 }}") + shared,
        "variables that nobody uses": f"query ({many(450, lambda n: f'$a{n}: Int')}) {{ __typename }}",
        "variables that nobody defined": _query(many(150, lambda n: f"projects(first: $a{n}) {{ {ROWS} }}")),
        "directives that do not exist": _query("__typename " + "@x " * 900),
        "directives that may stand once": _query("__typename " + "@skip(if: false) " * 270),
        "arguments that do not exist": _query(f"projects({many(600, lambda n: f'frst{n}: 1')}) {{ {ROWS} }}"),
        "values that do not exist": _query(f"assets(filter: {{mediaType: {{in: [{'AUDI ' * 1_800}]}}}}) {{ {ROWS} }}"),
        "fields that do not exist": _query(many(FIELDS, lambda n: f"projcts{n}")),
        "fields that do not exist, after many lines": "\n" * LINES + _query(many(FIELDS, lambda n: f"x{n}")),
        "a long name": _query("x" * LETTERS),
    }


def _allowed() -> dict[str, str]:
    """What is large, but may be asked."""
    row = "id name latitude longitude bitrateKbps filesUrl description ordering sharingUrl createdAt"
    page = f"nodes {{ {row} }} totalCount pageInfo {{ hasNextPage }} edges {{ cursor node {{ {row} }} }}"
    lines = "x\n" * (LINES // 2)
    return {
        "a comment": _query("__typename") + "#" + "x" * LETTERS,
        "a text": _query(f'node(id: "{"x" * LETTERS}") {{ id }}'),
        "a text of many lines": _query(f'node(id: """{lines + "x" * (LETTERS - len(lines))}""") {{ id }}'),
        "a text of escapes": _query(
            f'node(id: "{chr(92) + "u0041"}") {{ id }}'.replace("0041", "0041" + r"\u0041" * 8_000)
        ),
        "many fields": _query(many(28, lambda n: f"a{n}: projects(first: 1) {{ {page} }}")),
    }


ATTACKS = (
    *(Attack(name, text, "TOO_MANY_OVERLAPS") for name, text in _overlapping().items()),
    *(Attack(name, text, code) for name, (code, text) in _too_large().items()),
    *(Attack(f"invalid: {name}", text, "GRAPHQL_VALIDATION_FAILED") for name, text in _invalid().items()),
    *(Attack(f"allowed: {name}", text, None) for name, text in _allowed().items()),
)


def milliseconds(text: str) -> float:
    """The CPU time of this thread until it is known whether this document may be executed: the least of some."""
    from schema.documents import Refused, approved, forget
    from schema.root import schema

    spent = []
    for _ in range(RUNS):
        forget()
        began = time.thread_time()
        with contextlib.suppress(Refused):
            approved(schema._schema, text)
        spent.append(time.thread_time() - began)
    return min(spent) * 1_000


def main() -> None:
    """Print a line for each, and the worst."""
    os.environ |= {"SECRET_KEY": "bench", "DATA_DIR": tempfile.gettempdir(), "DEMO": "false"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "backend.config.settings"
    import django

    django.setup()
    milliseconds("{ __typename }")
    worst = 0.0
    for attack in ATTACKS:
        spent = milliseconds(attack.text)
        worst = max(worst, spent)
        print(f"{spent:7.1f} ms  {attack.code or 'allowed':26} {attack.name}")
    print(f"worst_attack_ms={worst:.1f}")


if __name__ == "__main__":
    main()
