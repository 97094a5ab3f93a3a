"""Documents that nobody would write, made of the schema: each gets an answer, and none of them is a fault of ours.

`GENERATED_DOCUMENTS` says how many, half of them mutations; 300 where it is not set.
"""

import os
import random
from pathlib import Path

import httpx
import pytest
from graphql import build_schema, parse_value
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import mutations, nodes, queries

from tests.journeys.conftest import PASSWORD
from tests.journeys.graphql_client import GraphQLClient

pytestmark = pytest.mark.load
EXAMPLES = int(os.environ.get("GENERATED_DOCUMENTS", "300")) // 2
SCHEMA = Path(__file__).resolve().parents[2] / "schema/schema.graphql"
MOMENTS = st.datetimes().map(lambda moment: moment.isoformat() + "Z")


def polygon(points):
    ring = [list(point) for point in (*points, points[0])]
    return parse_value(f'{{type: "Polygon", coordinates: [{ring}]}}')


DEGREES = st.floats(-200, 200, allow_nan=False).map(lambda value: round(value, 3))
SCALARS = {
    "DateTime": MOMENTS.map(nodes.String) | st.text(max_size=8).map(nodes.String),
    "GeoJSON": st.lists(st.tuples(DEGREES, DEGREES), min_size=1, max_size=6).map(polygon),
    "Upload": st.just(nodes.String("no file")),
    "Peaks": st.just(nodes.String("no peaks")),
}


@pytest.fixture(scope="module")
def callers(demo_server):
    """Nobody, somebody with a device, and staff, each with a connection."""
    device = GraphQLClient(demo_server, "".join(random.Random(3).choices("0123456789abcdef", k=32)))
    staff = device.mutate("login", "token", username="curator", password=PASSWORD)["token"]
    with httpx.Client(base_url=demo_server.url, timeout=30) as connection:

        def ask(document, token):
            headers = {"Authorization": f"Token {token}"} if token else {}
            return connection.post("/graphql/", json={"query": document}, headers=headers)

        yield [lambda document, token=token: ask(document, token) for token in ("", device.token, staff)]


def no_fault_of_ours(answer, document):
    assert answer.status_code < 500, (answer.status_code, answer.text, document)
    assert "INTERNAL_ERROR" not in answer.text, (answer.text, document)
    return "data" in answer.json()


@pytest.mark.parametrize("kind", [queries, mutations])
def test_every_document_is_answered(kind, callers):
    documents, executed = kind(build_schema(SCHEMA.read_text()), custom_scalars=SCALARS), []

    @seed(2026)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(documents, st.sampled_from(range(3)))
    def answered(document, caller):
        executed.append(no_fault_of_ours(callers[caller](document), document))

    answered()
    assert sum(executed) > EXAMPLES / 10, f"{sum(executed)} of {len(executed)} were executed"
