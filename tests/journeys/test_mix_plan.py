"""A client that mixes by itself never opens the audio, and learns in time what sounds."""

import asyncio
import secrets
import time
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.journeys.conftest import DemoServer
from tests.journeys.graphql_client import GraphQLClient
from tests.journeys.test_frontend import PATIENCE_SECONDS, opened, zones_of_tones
from tests.patience import wall_clock

SELECTION = """
beginsAt delaySeconds
speakers { speaker { code } url gains { value } }
assets { url }
"""
TOLD_WITHIN_SECONDS = 2.0


@pytest.fixture
def client(demo_server: DemoServer) -> GraphQLClient:
    return GraphQLClient(demo_server, secrets.token_hex(16))


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def heard_at_last(plan: dict[str, Any]) -> set[str]:
    return {voice["speaker"]["code"] for voice in plan["speakers"] if voice["gains"][-1]["value"] > 0}


@wall_clock
async def test_the_plan_comes_in_time_and_its_sounds_can_be_fetched(client: GraphQLClient) -> None:
    project_id, (here, there, *_) = zones_of_tones(client)
    stream = opened(client, project_id, here["place"])
    async with client.followed("mixPlan", stream["id"], SELECTION) as plans:
        async with asyncio.timeout(TOLD_WITHIN_SECONDS):
            told = [await anext(plans)]
        for zone in (here, there):
            client.mutate("moveListener", "stream { id }", streamId=stream["id"], **zone["place"])
            async with asyncio.timeout(PATIENCE_SECONDS):
                while heard_at_last(told[-1]) != {zone["code"]} or not any(plan["assets"] for plan in told):
                    told.append(await anext(plans))
                    play_at = moment(told[-1]["beginsAt"]) + told[-1]["delaySeconds"]
                    assert play_at > time.time(), "it is known before it is to be heard"
    urls = {voice["url"] for plan in told for voice in (*plan["speakers"], *plan["assets"])}
    assert len(urls) >= 3
    async with httpx.AsyncClient() as http:
        assert {(await http.get(url)).status_code for url in urls} == {200}
