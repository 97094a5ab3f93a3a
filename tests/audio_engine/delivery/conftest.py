"""The server runs on uvloop; its tests run on asyncio's own loop too, which tells more when something is wrong."""

import asyncio

import uvloop


def pytest_asyncio_loop_factories(config, item):
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
