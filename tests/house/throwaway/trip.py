"""In a process of its own: a house with lamps is asked for them. Prints what it answered, as JSON."""

import json
import sys
from dataclasses import replace
from importlib import import_module
from typing import Any

import django
from django.core.management import call_command

from tests.house.throwaway import lines

CREATE = """mutation ($input: CreateLampInput!) { createLamp(input: $input) { __typename
  ... on CreateLampSuccess { lamp { id name heightMetres note cone version project { name } tags { nodes { value } } } }
  ... on Error { code field } } }"""
UPDATE = """mutation ($input: UpdateLampInput!) { updateLamp(input: $input) { __typename
  ... on UpdateLampSuccess { lamp { name heightMetres version } } ... on Error { code field } } }"""
DELETE = """mutation ($input: DeleteLampsInput!) { deleteLamps(input: $input) { __typename
  ... on DeleteLampsSuccess { deletedIds } ... on Error { code field } } }"""
ONE = "query ($id: ID!) { lamp(id: $id) { name note } }"
MANY = """query ($filter: LampFilter, $orderBy: [LampOrder!]) {
  lamps(filter: $filter, orderBy: $orderBy) { totalCount nodes { name } } }"""
CONE = {"type": "Polygon", "coordinates": [[[24, 60], [25, 60], [25, 61], [24, 60]]]}


def main() -> dict[str, Any]:
    """What the house answered, by what it was asked."""
    lines.add()
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    # Only now is there a house to import.
    cast, asking, root = (import_module(name) for name in ("tests.cast", "tests.schema.asking", "schema.root"))
    walk = cast.make_walk()
    people = cast.make_cast(walk.project)

    def ask(query: str, viewer: Any = people.owner, **variables: Any) -> Any:
        return asking.data(query, viewer, **variables)

    new = {"project": walk.project.pk, "name": "first", "note": "loose", "tags": [walk.tags[0].pk], "cone": CONE}
    made = ask(CREATE, input=new)
    other = ask(CREATE, input={"project": walk.project.pk, "name": "second", "heightMetres": 2})
    key = made["createLamp"]["lamp"]["id"]
    return {
        "made": made,
        "refused": ask(CREATE, people.stranger, input=new),
        "invalid": ask(CREATE, input={**new, "heightMetres": 11}),
        "owner reads": ask(ONE, id=key),
        "stranger reads": ask(ONE, people.stranger, id=key),
        "filtered": ask(MANY, filter={"name": {"contains": "SEC"}}),
        "tagged": ask(MANY, filter={"tags": {"any": [str(walk.tags[0].pk)]}}),
        "ordered": ask(MANY, orderBy=[{"field": "HEIGHT_METRES"}]),
        "changed": ask(UPDATE, input={"id": key, "expectedVersion": 1, "name": "changed"}),
        "late": ask(UPDATE, input={"id": key, "expectedVersion": 1, "name": "late"}),
        "deleted": ask(DELETE, input={"ids": [key, other["createLamp"]["lamp"]["id"]]}),
        "left": ask(MANY),
        "undescribed": undescribed(root.schema._schema),
        "faults": faults(),
    }


def undescribed(schema: Any) -> list[str]:
    """The types and fields of lamps that have no description."""
    kinds = [kind for name, kind in schema.type_map.items() if "Lamp" in name]
    fields = [field for kind in kinds for field in getattr(kind, "fields", {}).items()]
    return [str(kind) for kind in kinds if not kind.description] + [
        name for name, field in fields if not field.description
    ]


def faults() -> dict[str, list[str]]:
    """What the boot checks find in the catalogue: as it is, and with a declaration of lamps that is wrong."""
    checks, catalogue = import_module("backend.resources.checks"), import_module("backend.catalogue")
    lamp = next(each for each in catalogue.CATALOGUE if each.model.__name__ == "Lamp")
    others = [each for each in catalogue.CATALOGUE if each is not lamp]
    declared = {
        "as it is": catalogue.CATALOGUE,
        "no such field": [*others, replace(lamp, read=("colour",))],
        "no index": [*others, replace(lamp, order=("lit_at",))],
        "unknown relation": [lamp],
    }
    return {name: sorted({fault.id for fault in checks.faults(each)}) for name, each in declared.items()}


if __name__ == "__main__":
    json.dump(main(), sys.stdout)
