# SPDX-License-Identifier: Apache-2.0
"""What the simulator's annotated pods serve, all of them one process: pages of 100 kB, and from some of them, when
told so, something else."""
import asyncio
import contextlib
import multiprocessing
import socket

from ports import free_port

PAGE_BYTES = 100_000
LINE_SECONDS = 1
PIECE = 64 * 1024
# What a pod can do instead of serving its page.
TROUBLES = ("a page without an end", "a line a second without an end", "a page of 100 MB",
            "a redirect to the API server", "silence")
ENDLESS, SLOW, HUGE, REDIRECT, SILENT = range(1, 1 + len(TROUBLES))
HUGE_BYTES = 100_000_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
# A gauge, a counter, and the seconds of work of a histogram. Nothing moves: a mean would be of nothing.
METRICS = ("queue_depth", "http_requests", "http_request_duration_seconds_sum")


def number(address):
    return int.from_bytes(socket.inet_aton(address), "big")


def family(name, kind, suffixes):
    labels = [f'handler="/api/v1/things/{n % 5}",method="{"GET" if n % 2 else "POST"}",code="{200 + n}"'
              for n in range(20)]
    return f"# HELP {name} What the application counts of {name}.\n# TYPE {name} {kind}\n" + "".join(
        f"{name}{suffix}{{{label}}} {n * 1027 + 3}\n" for n, label in enumerate(labels) for suffix in suffixes)


def page():
    """What is asked for, among families of 20 series that nobody wants."""
    text = (family("queue_depth", "gauge", [""]) + family("http_requests_total", "counter", [""]) +
            family("http_request_duration_seconds", "histogram", ["_sum", "_count"]))
    count = 0
    while len(text) < PAGE_BYTES:
        text += family(f"application_things_{count}_total", "counter", [""])
        count += 1
    return text[:text.rfind("\n", 0, PAGE_BYTES) + 1].encode()


class Pod(asyncio.Protocol):
    """One connection to one of the pods, which its own address tells."""

    def __init__(self, pages):
        self.pages = pages
        self.head = b""
        self.timer = None
        self.left = 0

    def connection_made(self, transport):
        self.transport = transport
        address = transport.get_extra_info("sockname")[0]
        # This listens on all addresses: only loopback is served.
        if not address.startswith("127."):
            transport.abort()
            return
        index = number(address) - number("127.128.0.1")
        self.trouble = self.pages.trouble.value if 0 <= index < self.pages.troubled.value else 0

    def connection_lost(self, error):
        self.left = 0
        if self.timer:
            self.timer.cancel()

    def data_received(self, data):
        self.head += data
        if b"\r\n\r\n" not in self.head:
            return
        self.head = b""
        if self.trouble == 0:
            self.transport.write(self.pages.answer)
        elif self.trouble == REDIRECT:
            self.transport.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + self.pages.elsewhere +
                                 b"\r\n\r\n")
        elif self.trouble == HUGE:
            self.transport.write(HEAD + b"Content-Length: %d\r\n\r\n" % HUGE_BYTES)
            self.left = HUGE_BYTES
            self.resume_writing()
        elif self.trouble == ENDLESS:
            # The end of the connection would be that of the page.
            self.transport.write(HEAD + b"Connection: close\r\n\r\n")
            self.left = 10**18
            self.resume_writing()
        elif self.trouble == SLOW:
            self.transport.write(HEAD + b"Connection: close\r\n\r\n")
            self.line()

    def line(self):
        self.transport.write(b"application_things_0_total 1\n")
        self.timer = asyncio.get_running_loop().call_later(LINE_SECONDS, self.line)

    def pause_writing(self):
        if self.timer:
            self.timer.cancel()
            self.timer = None

    def resume_writing(self):
        if self.left <= 0 or self.timer:
            return
        piece = self.pages.piece[:self.left]
        self.left -= len(piece)
        # By turns with all others.
        self.timer = asyncio.get_running_loop().call_soon(self.again)
        self.transport.write(piece)

    def again(self):
        self.timer = None
        self.resume_writing()


class ApplicationPages:
    """On `port` of all of 127/8, in a process of its own, on the cores of who makes it. Use it in a `with`."""

    def __init__(self):
        self.port = free_port()
        # Which of TROUBLES, from 1, and of how many pods; 0: of none.
        self.trouble = multiprocessing.RawValue("i", 0)
        self.troubled = multiprocessing.RawValue("i", 0)
        text = page()
        self.page_bytes = len(text)
        self.answer = HEAD + b"Content-Length: %d\r\n\r\n" % len(text) + text
        self.piece = (text * (PIECE // len(text) + 1))[:PIECE]
        self.elsewhere = b""
        self.process = None

    def start(self, elsewhere):
        """`elsewhere`: where redirects lead."""
        self.elsewhere = elsewhere.encode()
        self.process = multiprocessing.Process(target=self._serve, daemon=True)
        self.process.start()

    def _serve(self):
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(self._accept())

    async def _accept(self):
        server = await asyncio.get_running_loop().create_server(lambda: Pod(self), "0.0.0.0", self.port, backlog=1024)
        await server.serve_forever()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.process.join(10)
