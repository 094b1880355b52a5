# SPDX-License-Identifier: Apache-2.0
"""Open pages, as a browser has them: each asks for its view shortly after each tick, on a connection that it keeps,
with gzip and the ETag of the last answer. When to ask again is what apiserver/page/assets/modules/live.js says."""
import contextlib
import dataclasses
import email.utils
import http.client
import multiprocessing
import re
import threading
import time
import zlib

ERROR_SECONDS = 5
# The tick stands in the head of each answer.
HEAD_BYTES = 256


@dataclasses.dataclass
class Got:
    """Answers that were new, and their bytes as sent; how many were not new, and how many were no answers."""
    answers: int = 0
    bytes: int = 0
    slowest_s: float = 0
    same: int = 0
    failed: int = 0

    def add(self, others):
        for other in others:
            self.slowest_s = max(self.slowest_s, other.slowest_s)
            for name in ("answers", "bytes", "same", "failed"):
                setattr(self, name, getattr(self, name) + getattr(other, name))


class Page:
    """One view. `after`: seconds that it asks later than a browser would, so that pages are not all in step."""

    def __init__(self, port, path, after=0):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.path, self.after = path, after
        self.tag, self.tick, self.resolution, self.lag = None, None, None, 1
        self.got = Got()

    def ask(self):
        """Seconds until the next question."""
        headers = {"Accept-Encoding": "gzip, deflate, br"}
        if self.tag:
            headers["If-None-Match"] = self.tag
        begin = time.monotonic()
        try:
            self.connection.request("GET", self.path, headers=headers)
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            answer = None
        if answer is None or answer.status not in (200, 304):
            self.got.failed += 1
            return ERROR_SECONDS
        fresh = False
        if answer.status == 200:
            self.got.answers += 1
            self.got.bytes += len(body)
            self.got.slowest_s = max(self.got.slowest_s, time.monotonic() - begin)
            self.tag = answer.headers["ETag"]
            if answer.headers.get("Content-Encoding") == "gzip":
                body = zlib.decompressobj(31).decompress(body, HEAD_BYTES)
            before = self.tick
            self.tick, self.resolution = (int(re.search(rb'"%s":(\d+)' % name, body)[1])
                                          for name in (b"tick", b"resolution"))
            fresh = self.tick != before
        else:
            self.got.same += 1
        patience = self.resolution / 5
        if not fresh:
            self.lag = min(self.lag + patience, self.resolution)
        now = email.utils.parsedate_to_datetime(answer.headers["Date"]).timestamp()
        due = self.tick + self.resolution + self.lag + self.after - now
        return max(due if fresh else 0, patience)

    def live(self, stop):
        time.sleep(self.after)
        wait = self.ask()
        while not stop.wait(wait):
            wait = self.ask()
        self.connection.close()


def show(port, paths, apart, stop, tell):
    pages = [Page(port, path, i * apart) for i, path in enumerate(paths)]
    threads = [threading.Thread(target=page.live, args=(stop,), daemon=True) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tell.send([page.got for page in pages])


@contextlib.contextmanager
def opened(port, paths, apart=0):
    """A page for each path, `apart` seconds behind each other, in a process of their own. Yields what they got, which
    is there when they are closed."""
    told, tell = multiprocessing.Pipe(False)
    stop, got = multiprocessing.Event(), Got()
    process = multiprocessing.Process(target=show, args=(port, paths, apart, stop, tell), daemon=True)
    process.start()
    try:
        yield got
    finally:
        stop.set()
        if told.poll(120):
            got.add(told.recv())
        process.join(10)
        process.kill()
