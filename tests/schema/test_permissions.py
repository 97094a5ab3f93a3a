"""The stranger is tried against every type, every relation, every filter and every mutation: nothing leaks or changes.

Generated of the schema, so what is added is tried too.
"""

import orjson
import pytest
from django.db import transaction
from graphql import get_named_type
from strawberry.utils.str_converters import to_snake_case

from backend.resources.viewer import ANONYMOUS
from schema.ids import global_id
from tests.schema.asking import ask, data
from tests.schema.generated_inputs import MODELS, generated
from tests.schema.secrets import SECRET, keep_secrets
from tests.schema.selections import everything, type_named

QUERY, MUTATION = type_named("Query"), type_named("Mutation")
# Those of a visit are asked with its id, apart.
LISTS = [
    name
    for name, field in QUERY.fields.items()
    if get_named_type(field.type).name.endswith("Connection") and "sessionId" not in field.args
]
# What is a stranger's own to do, whatever ids they know.
OWN = {"registerDevice", "createSession"}
REFUSALS = {"NOT_FOUND", "NOT_PERMITTED", "NOT_AUTHENTICATED"}


@pytest.fixture(autouse=True)
def no_cost_limit(settings):
    settings.GRAPHQL_MAX_COST = 10**9


@pytest.fixture
def secrets(walk, cast):
    return keep_secrets(walk, cast)


@pytest.fixture(params=["stranger", "nobody"])
def outsider(request, cast):
    return cast.stranger if request.param == "stranger" else ANONYMOUS


def leaks(answer, secrets):
    """What of the secrets an answer gives away."""
    text = orjson.dumps(answer).decode()
    return {each for each in (SECRET, *(f'"{each}"' for each in secrets.ids())) if each in text}


def list_query(name, depth):
    kind = get_named_type(QUERY.fields[name].type)
    required = "(sessionId: $id, first: 50)" if "sessionId" in QUERY.fields[name].args else "(first: 50)"
    variables = "($id: ID!)" if "$id" in required else ""
    return f"query {variables} {{ {name}{required} {{ {everything(kind, depth)} }} }}"


class TestReading:
    def test_no_list_nor_what_it_leads_to_leaks(self, secrets, outsider):
        found = {name: leaks(ask(list_query(name, 2), outsider), secrets) for name in LISTS}
        assert {name: leaked for name, leaked in found.items() if leaked} == {}

    def test_what_a_visit_has_blocked_is_its_own(self, secrets, outsider):
        answer = ask(list_query("blockedAssets", 1), outsider, id=secrets.of(MODELS["Session"]).pk)
        assert answer["errors"][0]["extensions"]["code"] in {"NOT_FOUND", "NOT_AUTHENTICATED"}
        assert leaks(answer, secrets) == set()

    def test_no_id_opens_what_is_hidden(self, secrets, outsider):
        ids = sorted(secrets.ids())
        found = data("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", outsider, ids=ids)["nodes"]
        assert [node for node in found if node is not None and node["id"] in ids] == []
        for row in secrets.hidden:
            name = type(row).__name__
            field = name[0].lower() + name[1:]
            query = f"query ($id: ID!) {{ node(id: $id) {{ id }} one: {field}(id: $id) {{ id }} }}"
            assert data(query, outsider, id=global_id(name, row.pk)) == {"node": None, "one": None}

    def test_no_filter_tells_of_what_is_hidden(self, secrets, outsider):
        found = {}
        for name in LISTS:
            filters = QUERY.fields[name].args["filter"].type
            query = f"query ($filter: {filters.name}) {{ {name}(filter: $filter) {{ totalCount }} }}"
            for row in secrets.hidden:
                for field, condition in conditions(filters, model_of_list(name), row):
                    answer = data(query, outsider, filter={field: condition})
                    found[name, field, row] = answer[name]["totalCount"]
        assert len(found) > 20
        assert set(found.values()) == {0}, found

    def test_nothing_is_found_near_counted_or_sought(self, walk, secrets, outsider):
        query = """query ($id: ID!, $text: String!) {
          assetsNear(projectId: $id, latitude: 60.17, longitude: 24.94) { asset { id description } }
          search(projectId: $id, text: $text) { text }
          assetStats(projectId: $id, groupBy: DAY) { count }
          listenEventStats(projectId: $id, groupBy: DAY) { count }
        }"""
        answer = data(query, outsider, id=walk.project.pk, text=SECRET[:8])
        assert leaks(answer, secrets) == set()
        assert answer["search"] == [] and answer["listenEventStats"] == []
        assert [each["count"] for each in answer["assetStats"]] == [1]

    def test_those_who_may_do_read_it(self, secrets, cast):
        answers = [ask(list_query(name, 2), cast.curator) for name in ("assets", "sessions", "events", "users")]
        assert all(leaks(answer, secrets) for answer in answers)


def model_of_list(name):
    return MODELS[get_named_type(get_named_type(QUERY.fields[name].type).fields["nodes"].type).name]


def conditions(filters, model, row):
    """The filters by which a list is narrowed to what belongs to this row."""
    for field, each in filters.fields.items():
        kind = get_named_type(each.type).name
        column = next((column for column in model._meta.get_fields() if column.name == to_snake_case(field)), None)
        if kind in ("IdFilter", "IdsFilter") and column is not None and column.related_model is type(row):
            key = global_id(type(row).__name__, row.pk)
            yield field, {"exact": key} if kind == "IdFilter" else {"any": [key]}


class TestWriting:
    def test_no_mutation_changes_what_is_not_ones_own(self, walk, secrets, outsider, recording_bus):
        kinds = {name: field.args["input"].type.of_type for name, field in MUTATION.fields.items()}
        inputs = {name: generated(kind, walk, secrets) for name, kind in kinds.items()}
        before, refusals = rows_of_all_tables(), {}
        for name in sorted(kinds.keys() - OWN):
            refusals[name] = tried(name, kinds[name].name, inputs[name], outsider)
            assert rows_of_all_tables() == before, name
        assert {name: each for name, each in refusals.items() if each not in REFUSALS} == {}
        assert recording_bus.sent == []


def tried(name, kind, given, viewer):
    """The code of the refusal, or the whole answer when it is none."""
    payload = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ __typename ... on Error {{ code }} }} }}"
    with transaction.atomic():
        answer = ask(payload, viewer, input=given)
    return answer.get("errors") or answer["data"][name].get("code") or answer


def rows_of_all_tables():
    return {name: list(model._default_manager.order_by("pk").values()) for name, model in MODELS.items()}
