# SPDX-License-Identifier: Apache-2.0
"""What stands between a sink and its engine, and fails as it is told."""
import http.server
import socket
import threading

from ports import free_port


class Weather(http.server.ThreadingHTTPServer):
    """Stands before a server, and is what a test says: well, or a number of a status, or hang, cut, half, away."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, behind):
        self.behind, self.mood, self.seen, self.lock = behind, "well", [], threading.Lock()
        self.full = 0
        self.released = threading.Event()
        super().__init__(("127.0.0.1", free_port()), _Answer)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def set(self, mood):
        with self.lock:
            self.mood = mood
        self.released.set()
        self.released = threading.Event()

    def answered_full(self, times):
        return self.full >= times

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.set("well")
        self.shutdown()
        self.server_close()


class _Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def _handle(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server = self.server
        mood, released = server.mood, server.released
        server.seen.append(mood)
        if mood == "hang":
            released.wait(60)
            mood = "cut"
        if mood in ("cut", "away"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if mood.isdigit():
            self.send_response(int(mood))
            if mood == "429":
                self.send_header("Retry-After", "1")
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"busy\n")
            return
        headers = {key: value for key, value in self.headers.items() if key.lower() not in ("host", "connection")}
        try:
            status, answer = server.behind.ask(self.command, self.path, body, headers)
        except OSError:
            # It is being started again.
            self.close_connection = True
            return
        if mood == "half":
            # It was taken, and nobody is told.
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 20")
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if "no space left" in answer or "read-only mode" in answer:
            server.full += 1
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer.encode())))
        self.end_headers()
        self.wfile.write(answer.encode())

    do_GET = do_POST = _handle
