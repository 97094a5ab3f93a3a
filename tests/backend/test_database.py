"""Database work in threads: kept connections, deadlines, and no queue without end."""

import asyncio
import threading
import time

import pytest
from django.db import connection, connections, transaction

from backend.database import DatabaseThreads, Overloaded, TookTooLong
from backend.projects.models import Project
from tests.cast import make_project

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workers():
    return DatabaseThreads(threads=1, most_jobs=3)


async def test_the_work_is_done_elsewhere_and_its_result_comes_back(workers):
    assert await workers.run(threading.get_ident) != threading.get_ident()


async def test_what_the_work_raises_comes_back_too(workers):
    def fail():
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        await workers.run(fail)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="psycopg's pool takes a connection back after each work")
async def test_a_thread_keeps_its_connection(workers):
    def handle():
        Project.objects.count()
        return id(connection.connection)

    assert len({await workers.run(handle) for _ in range(3)}) == 1


@pytest.mark.skipif(connection.vendor == "postgresql", reason="psycopg's pool takes a connection back after each work")
async def test_every_thread_can_be_connected_before_there_is_work(monkeypatch):
    opened, open_one = [], type(connections["default"]).get_new_connection

    def counting(wrapper, parameters):
        opened.append(threading.current_thread().name)
        return open_one(wrapper, parameters)

    monkeypatch.setattr(type(connections["default"]), "get_new_connection", counting)
    workers = DatabaseThreads(threads=3)
    await asyncio.to_thread(workers.connect)
    assert len(set(opened)) == len(opened) == 3
    await asyncio.gather(*(workers.run(Project.objects.count) for _ in range(6)))
    assert len(opened) == 3


async def test_a_connection_that_failed_is_not_used_again(workers):
    def handle():
        Project.objects.count()
        return connection.connection

    def break_it():
        connection.errors_occurred = True
        return connection.connection

    broken = await workers.run(break_it)
    assert await workers.run(handle) is not broken


async def test_work_past_its_deadline_is_given_up_and_undone(workers):
    let_go = threading.Event()

    def slow():
        with transaction.atomic():
            make_project(name="half")
            let_go.wait(5)
            make_project(name="whole")

    with pytest.raises(TookTooLong):
        await workers.run(slow, deadline_seconds=0.1)
    let_go.set()
    assert await workers.run(Project.objects.count) == 0


async def test_work_that_waited_too_long_is_not_begun(workers):
    begun = []
    first = asyncio.create_task(workers.run(lambda: time.sleep(0.15)))
    await asyncio.sleep(0.02)
    with pytest.raises(TookTooLong):
        await workers.run(lambda: begun.append(1), deadline_seconds=0.05)
    await first
    assert await workers.run(lambda: list(begun)) == []


async def test_more_work_than_can_be_done_is_refused_at_once(workers):
    let_go = threading.Event()
    waiting = [asyncio.create_task(workers.run(let_go.wait)) for _ in range(3)]
    await asyncio.sleep(0.02)
    with pytest.raises(Overloaded):
        await workers.run(threading.get_ident)
    let_go.set()
    await asyncio.gather(*waiting)
    assert await workers.run(threading.get_ident)
