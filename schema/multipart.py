"""Files beside an operation: GraphQL's multipart request specification. The order of the parts does not matter."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedRandom
from typing import Any, TypeAlias

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import load_handler
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict

from schema.execution import Operation
from schema.http_messages import BadRequest, Request, operation_from, read_json

MOST_FILES = 10
File: TypeAlias = "UploadedFile[Any]"
Files: TypeAlias = "MultiValueDict[str, File]"


@contextmanager
def operation_with_files(request: Request, body: BufferedRandom) -> Iterator[Operation]:
    """What a multipart request asks for, with its files as Django's UploadedFiles among the variables.

    The files are gone after the block. Raises BadRequest.
    """
    fields, files = _parts(request, body)
    try:
        operations = _object(fields, "operations")
        _put(operations, _object(fields, "map"), files)
        yield operation_from(operations)
    finally:
        for _, sent in files.lists():
            for file in sent:
                file.close()


def _parts(request: Request, body: BufferedRandom) -> tuple[Mapping[str, str], Files]:
    length = os.fstat(body.fileno()).st_size
    meta = {"CONTENT_TYPE": request.headers.get("content-type", ""), "CONTENT_LENGTH": length}
    handlers = [load_handler(name, None) for name in settings.FILE_UPLOAD_HANDLERS]
    try:
        return MultiPartParser(meta, body, handlers).parse()
    except (MultiPartParserError, SuspiciousOperation):
        raise BadRequest(400, "This is not multipart/form-data, or it has too many parts.") from None


def _object(fields: Mapping[str, str], name: str) -> dict[str, Any]:
    if name not in fields:
        raise BadRequest(400, f"The part `{name}` is missing.")
    read = read_json(fields[name])
    if not isinstance(read, dict):
        raise BadRequest(400, f"The part `{name}` must be one JSON object: batches are not taken.")
    return read


def _put(operations: dict[str, Any], places: dict[str, Any], files: Files) -> None:
    """Every file where `map` says that it belongs."""
    if len(files) > MOST_FILES or any(len(sent) > 1 for _, sent in files.lists()):
        raise BadRequest(400, f"At most {MOST_FILES} files a request, each under a name of its own.")
    if unnamed := files.keys() - places.keys():
        raise BadRequest(400, f"`map` does not say where the file {min(unnamed)} belongs.")
    for name, paths in places.items():
        file = files.get(name)
        if not isinstance(file, UploadedFile):
            raise BadRequest(400, f"`map` names the file {name}, which did not come.")
        if not isinstance(paths, list) or not paths or not all(isinstance(path, str) for path in paths):
            raise BadRequest(400, "`map` gives each file a list of paths.")
        for path in paths:
            _put_one(operations, path, file)


def _put_one(operations: dict[str, Any], path: str, file: File) -> None:
    root, *way = path.split(".")
    if root != "variables" or not way:
        raise BadRequest(400, f"`map` leads to {path}: files are variables.")
    try:
        at: Any = operations["variables"]
        for step in way[:-1]:
            at = at[_key(at, step)]
        last = _key(at, way[-1])
        is_free = at[last] is None
    except (KeyError, IndexError, TypeError, ValueError):
        raise BadRequest(400, f"`map` leads to {path}, which is not in `operations`.") from None
    if not is_free:
        raise BadRequest(400, f"`map` leads to {path}, which must be null in `operations`.")
    at[last] = file


def _key(at: object, step: str) -> Any:
    return int(step) if isinstance(at, list) else step
