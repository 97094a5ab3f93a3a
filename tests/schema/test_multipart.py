"""The multipart request specification: each file lands where `map` says, and every mistake has a sentence."""

import io
from tempfile import TemporaryFile

import httpx
import orjson
import pytest

from schema.http_messages import BadRequest, Request
from schema.multipart import MOST_FILES, operation_with_files

ONE = {"query": "mutation ($f: Upload!) { a }", "variables": {"f": None}}
MANY = {"query": "mutation ($f: [Upload!]!) { a }", "variables": {"f": [None, None]}}
NESTED = {"query": "mutation ($i: I!) { a }", "variables": {"i": {"file": None, "name": "x"}}, "operationName": "n"}


def encoded(parts):
    """What httpx sends of these parts (name, value) or (name, (filename, bytes)), in their order."""
    files = [(name, value if isinstance(value, tuple) else (None, value)) for name, value in parts]
    request = httpx.Request("POST", "http://testserver/graphql/", files=files)
    return request.headers["content-type"], request.read()


def read(parts, *, content_type=None, cut=0, take=lambda operation: operation):
    kind, data = encoded(parts)
    request = Request("POST", "/graphql/", "", {"content-type": content_type or kind})
    with TemporaryFile() as body:
        body.write(data[: len(data) - cut])
        body.seek(0)
        with operation_with_files(request, body) as operation:
            return take(operation)


def parts(operations, places, **files):
    text = operations if isinstance(operations, str) else orjson.dumps(operations).decode()
    given = [("operations", text)]
    if places is not None:
        given.append(("map", places if isinstance(places, str) else orjson.dumps(places).decode()))
    return [*given, *((name, (f"{name}.bin", data)) for name, data in files.items())]


class TestWhatIsRead:
    def test_a_file_becomes_a_variable(self):
        def take(operation):
            file = operation.variables["f"]
            return operation.query, file.name, file.size, file.read()

        assert read(parts(ONE, {"a": ["variables.f"]}, a=b"sound"), take=take) == (ONE["query"], "a.bin", 5, b"sound")

    def test_lists_and_inputs_are_reached(self):
        def take(operation):
            return [file.read() for file in operation.variables["f"]]

        assert read(
            parts(MANY, {"0": ["variables.f.0"], "1": ["variables.f.1"]}, **{"0": b"x", "1": b"y"}), take=take
        ) == [
            b"x",
            b"y",
        ]

        def take_nested(operation):
            return operation.variables["i"]["file"].read(), operation.variables["i"]["name"], operation.operation_name

        assert read(parts(NESTED, {"a": ["variables.i.file"]}, a=b"z"), take=take_nested) == (b"z", "x", "n")

    def test_one_file_may_stand_in_two_places(self):
        def take(operation):
            first, second = operation.variables["f"]
            return first is second

        assert read(parts(MANY, {"a": ["variables.f.0", "variables.f.1"]}, a=b"x"), take=take)

    def test_the_parts_may_come_in_any_order(self):
        given = parts(ONE, {"a": ["variables.f"]}, a=b"x")
        for order in (given, given[::-1], [given[1], given[0], given[2]]):
            assert read(order, take=lambda operation: operation.variables["f"].read()) == b"x"

    def test_an_operation_without_files_may_come_so_too(self):
        assert read(parts({"query": "{ a }"}, {})).query == "{ a }"
        assert read(parts({"documentId": "sha256:" + 64 * "a"}, {})).sha256 == 64 * "a"

    @pytest.mark.parametrize(("size", "in_memory"), [(10_000, True), (1_000_001, False)])
    def test_files_are_gone_afterwards_and_large_ones_were_never_in_memory(self, size, in_memory):
        def take(operation):
            file = operation.variables["f"]
            assert isinstance(file.file, io.BytesIO) is in_memory
            return file

        file = read(parts(ONE, {"a": ["variables.f"]}, a=bytes(size)), take=take)
        assert file.size == size
        assert file.file.closed
        if not in_memory:
            from pathlib import Path

            assert not Path(file.temporary_file_path()).exists()

    def test_files_are_gone_after_a_fault_too(self):
        kept = []

        def take(operation):
            kept.append(operation.variables["f"])
            raise RuntimeError

        with pytest.raises(RuntimeError):
            read(parts(ONE, {"a": ["variables.f"]}, a=bytes(2_000_000)), take=take)
        assert kept[0].file.closed


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ([("map", "{}")], "`operations` is missing"),
            (parts(ONE, None, a=b"x"), "`map` is missing"),
            (parts(ONE, {"a": ["variables.f"]}), "which did not come"),
            (parts(ONE, {}, a=b"x"), "does not say where"),
            (parts(ONE, {"b": ["variables.f"]}, a=b"x"), "does not say where"),
            (parts(ONE, {"a": ["variables.g"]}, a=b"x"), "is not in `operations`"),
            (parts(ONE, {"a": ["variables.f.0"]}, a=b"x"), "is not in `operations`"),
            (parts(MANY, {"a": ["variables.f.2"]}, a=b"x"), "is not in `operations`"),
            (parts(MANY, {"a": ["variables.f.x"]}, a=b"x"), "is not in `operations`"),
            (parts(MANY, {"a": ["variables.f"]}, a=b"x"), "must be null"),
            (parts(NESTED, {"a": ["variables.i.name"]}, a=b"x"), "must be null"),
            (parts(NESTED, {"a": ["variables.i.name.0"]}, a=b"x"), "is not in `operations`"),
            (parts(ONE, {"a": ["query"]}, a=b"x"), "files are variables"),
            (parts(ONE, {"a": ["variables"]}, a=b"x"), "files are variables"),
            (parts(ONE, {"a": []}, a=b"x"), "list of paths"),
            (parts(ONE, {"a": "variables.f"}, a=b"x"), "list of paths"),
            (parts(ONE, {"a": [3]}, a=b"x"), "list of paths"),
            (parts({"query": "{ a }"}, {"a": ["variables.f"]}, a=b"x"), "is not in `operations`"),
            (parts([ONE, ONE], {"a": ["0.variables.f"]}, a=b"x"), "batches are not taken"),
            (parts("{", {}), "not JSON"),
            (parts(ONE, "{"), "not JSON"),
            (parts(ONE, "[]"), "must be one JSON object"),
            (parts("3", {}), "must be one JSON object"),
            (parts({}, {}), "`query` is missing"),
            (parts({"query": 3}, {}), "must be a string"),
            ([*parts(ONE, {"a": ["variables.f"]}, a=b"x"), ("a", ("b", b"y"))], "a name of its own"),
        ],
    )
    def test_it_is_a_bad_request(self, given, words):
        with pytest.raises(BadRequest) as refused:
            read(given)
        assert refused.value.status == 400
        assert words in refused.value.message

    def test_so_many_files_are_too_many(self):
        files = {f"f{number}": b"x" for number in range(MOST_FILES + 1)}
        with pytest.raises(BadRequest):
            read(parts(MANY, {name: ["variables.f.0"] for name in files}, **files))

    @pytest.mark.parametrize(
        "content_type", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=other"]
    )
    def test_what_is_no_multipart_is_refused(self, content_type):
        with pytest.raises(BadRequest):
            read(parts(ONE, {"a": ["variables.f"]}, a=b"x"), content_type=content_type)

    def test_a_body_that_ends_too_early_is_refused(self):
        for cut in (1, 40, 60, 150):
            with pytest.raises(BadRequest):
                read(parts(ONE, {"a": ["variables.f"]}, a=b"x" * 100), cut=cut + 40)

    def test_words_beside_the_files_have_a_limit(self):
        with pytest.raises(BadRequest):
            read(parts({**ONE, "x": "y" * 3_000_000}, {"a": ["variables.f"]}, a=b"x"))

    def test_a_name_that_is_none_brings_no_file(self):
        given = parts(ONE, {"a": ["variables.f"]})
        with pytest.raises(BadRequest):
            read([*given, ("a", ("..", b"x"))])
