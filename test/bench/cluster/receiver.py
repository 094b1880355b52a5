# SPDX-License-Identifier: Apache-2.0
"""A receiver of what sinks write: takes all that is posted to it, answers 204 at once and counts."""
import asyncio
import contextlib
import multiprocessing
import re

from ports import free_port

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
# A body without a length is not read here, and its sender must hear of it.
REFUSAL = b"HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Taking(asyncio.Protocol):
    """One connection. `counts`: [requests, bytes with their heads]."""

    def __init__(self, counts):
        self.counts = counts
        self.head = b""
        self.left = 0

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.counts[1] += len(data)
        while data:
            if self.left == 0:
                head, end, data = (self.head + data).partition(b"\r\n\r\n")
                self.head = b"" if end else head
                if not end:
                    return
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                if head.startswith(b"POST") and not length:
                    self.transport.write(REFUSAL)
                    self.transport.close()
                    return
                self.left = int(length[1]) if length else 0
            taken = min(self.left, len(data))
            self.left -= taken
            data = data[taken:]
            if self.left == 0:
                self.counts[0] += 1
                self.transport.write(ANSWER)


async def take(port, counts):
    server = await asyncio.get_running_loop().create_server(lambda: Taking(counts), "127.0.0.1", port)
    await server.serve_forever()


def serve(port, counts):
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(take(port, counts))


class Receiver:
    """In a process of its own, on the cores of who makes it. Use it in a `with`."""

    def __init__(self):
        self.port = free_port()
        self.counts = multiprocessing.RawArray("Q", 2)
        self.process = multiprocessing.Process(target=serve, args=(self.port, self.counts), daemon=True)

    def __enter__(self):
        self.process.start()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join(10)

    def taken(self):
        """(requests, bytes) so far."""
        return tuple(self.counts)
