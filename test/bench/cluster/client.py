# SPDX-License-Identifier: Apache-2.0
"""A client that asks the subject as the aggregator does: on one kept connection, with the front proxy's certificate."""
import http.client
import socket
import ssl
import time

JSON = "application/json"
PROTOBUF = "application/vnd.kubernetes.protobuf"
METRICS = "/apis/metrics.k8s.io/v1beta1"


class Client:
    """Use it in a `with`. Connects with the first request, and again when the server has closed."""

    def __init__(self, lab, accept=JSON, gzip=False):
        self.context = ssl.create_default_context(cafile=lab.path("ca.crt"))
        self.context.load_cert_chain(lab.path("front-proxy-client.crt"), lab.path("front-proxy-client.key"))
        self.headers = {"Accept": accept, "X-Remote-User": "bench", "X-Remote-Group": "system:masters"}
        # http.client asks for "identity" by itself.
        self.headers["Accept-Encoding"] = "gzip" if gzip else "identity"
        self.encoding = "identity"
        self.connection = http.client.HTTPSConnection("localhost", lab.port, context=self.context, timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def get(self, path):
        """(status, body)"""
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def read(self, path):
        """The body of a 200."""
        status, body = self.get(path)
        if status != 200:
            raise RuntimeError(f"{path}: {status} {body[:300]!r}")
        return body

    def take(self, path):
        """The status and how many bytes the answer has, read in pieces that are thrown away: for answers of tens of MB.
        `encoding` then says how it was sent."""
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        size = 0
        piece = bytearray(256 * 1024)
        while got := answer.readinto(piece):
            size += got
        self.encoding = answer.headers.get("Content-Encoding", "identity")
        return answer.status, size

    def drain(self, path):
        """How many bytes a 200 has; see take()."""
        status, size = self.take(path)
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
        return size

    def pipeline(self, path, count):
        """Sends so many requests at once, on a new connection that has been asked once before, and reads what comes
        until the server closes after the last. Yields when the connection is ready, and when all is read."""
        head = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{head}"
        with socket.create_connection(("127.0.0.1", self.connection.port), timeout=60) as plain, \
                self.context.wrap_socket(plain, server_hostname="localhost") as tls:
            tls.sendall(f"{request}\r\n".encode())
            tls.recv(65536)
            time.sleep(0.02)
            yield
            tls.sendall((f"{request}\r\n" * (count - 1) + f"{request}Connection: close\r\n\r\n").encode())
            body = bytearray()
            while piece := tls.recv(65536):
                body += piece
            if body.count(b"HTTP/1.1 200") != count:
                raise RuntimeError(f"{path}: {body.count(b'HTTP/1.1 200')} answers to {count} requests sent at once")
            yield

    def names(self, resource):
        """How many objects a list in JSON has; 0 while there is none."""
        try:
            status, body = self.get(f"{METRICS}/{resource}")
        except OSError:
            self.connection.close()
            return 0
        return body.count(b'"usage"' if resource == "nodes" else b'"containers"') if status == 200 else 0
