"""A hub and a Redis that a test may stop, kill and start again."""

import asyncio
import os
import signal
import socket
import subprocess
import threading
import time

from backend.bus.hub import Hub

PATIENCE_SECONDS = 10


class RunningHub:
    """A hub in a thread of its own, as the supervisor runs it."""

    def __init__(self, path):
        self.path = path
        self.url = f"unix:{path}"
        self.start()

    def start(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = asyncio.run_coroutine_threadsafe(Hub().serve(self.path), self.loop).result(PATIENCE_SECONDS)

    def stop(self):
        async def close():
            self.server.close()
            clients = asyncio.all_tasks() - {asyncio.current_task()}
            for client in clients:
                client.cancel()
            await asyncio.gather(*clients, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(close(), self.loop).result(PATIENCE_SECONDS)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE_SECONDS)
        self.loop.close()


class RunningRedis:
    """A redis-server on a free port, that keeps nothing."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self):
        keeps_nothing = ["--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", *keeps_nothing, "--dir", self.folder],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                assert time.monotonic() < deadline, "Redis does not start"
                time.sleep(0.02)

    def stop(self):
        """As a crash: nobody hears a goodbye."""
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def freeze(self):
        """As a machine that has vanished: connections stay, and nothing is answered."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self):
        os.kill(self.process.pid, signal.SIGCONT)
