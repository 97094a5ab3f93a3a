"""`python -m backend.assets.ingest.worker`: loads what reads files; jobs come over the socket that is its stdin."""

import logging
import socket
import sys
from contextlib import suppress

from backend.assets.ingest.child import serve
from backend.assets.ingest.here import ingest_here

if __name__ == "__main__":
    logging.basicConfig()
    with suppress(ConnectionError):
        serve(socket.socket(fileno=sys.stdin.fileno()), ingest_here)
