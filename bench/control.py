"""A sender of canned bytes in the engine's rhythm: what the machine itself does to a steady stream.

`python -m bench.control PORT BITRATE` answers every GET with two seconds at once and then one block each tick.
"""

import asyncio
import sys

TICK_SECONDS = 9_216 / 44_100
BURST_SECONDS = 2.0


async def serve(port: int, bitrate_kbps: int) -> None:
    """Send for ever."""
    rate = bitrate_kbps * 125
    writers: set[asyncio.StreamWriter] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + bytes(int(BURST_SECONDS * rate)))
        writers.add(writer)

    server = await asyncio.start_server(accept, "127.0.0.1", port)
    loop = asyncio.get_running_loop()
    deadline, sent = loop.time(), 0.0
    async with server:
        while True:
            deadline += TICK_SECONDS
            await asyncio.sleep(max(0.0, deadline - loop.time()))
            sent += TICK_SECONDS * rate
            block, sent = bytes(int(sent)), sent % 1
            writers.difference_update([writer for writer in writers if writer.is_closing()])
            for writer in writers:
                writer.write(block)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
