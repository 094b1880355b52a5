# SPDX-License-Identifier: Apache-2.0
"""Clients that want a server for themselves, without credentials. Each attack runs in a process of its own, from an
address of its own, until it is told to stop."""
import contextlib
import multiprocessing
import os
import random
import select
import socket
import ssl
import subprocess
import time

# The rest of 127.0.0.0/8 is this machine as well: whom the server sees is chosen by binding to it.
ADDRESS = "127.0.0.66"
# Connections that an attack holds, if it is let.
HELD = 1000


def anyone():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def dial(port):
    return socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(ADDRESS, 0))


ANYONE = anyone()


def dial_tls(port, context=ANYONE):
    return context.wrap_socket(dial(port))


def client_hello():
    """The bytes that cost a server most for the least."""
    out = ssl.MemoryBIO()
    client = anyone().wrap_bio(ssl.MemoryBIO(), out)
    with contextlib.suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return out.read()


def closed(client):
    """Whether the server has hung up. What it says otherwise is thrown away."""
    try:
        while select.select([client], [], [], 0)[0]:
            if not client.recv(65536):
                return True
    except (ssl.SSLWantReadError, BlockingIOError, TimeoutError):
        pass
    except OSError:
        return True
    return False


def hold(port, stop, begin, go_on=None, count=HELD):
    """Keeps so many connections, each begun by begin(port); go_on(client) is done to each in turn."""
    clients = []
    while not stop.is_set():
        if len(clients) < count:
            with contextlib.suppress(OSError):
                clients.append(begin(port))
        for _ in range(min(len(clients), 4)):
            client = clients.pop(0)
            try:
                if closed(client):
                    raise ConnectionError
                if go_on:
                    go_on(client)
                clients.append(client)
            except OSError:
                client.close()
    for client in clients:
        client.close()


def begun(head):
    def begin(port):
        client = dial_tls(port)
        client.settimeout(1)
        with contextlib.suppress(TimeoutError):
            client.sendall(head)
        client.setblocking(False)
        return client
    return begin


def push(data):
    def go_on(client):
        with contextlib.suppress(ssl.SSLWantWriteError, BlockingIOError):
            client.send(data)
    return go_on


def silent(port, stop):
    hold(port, stop, dial)


def hellos(port, stop):
    """Handshakes as fast as it goes, none of them finished."""
    hello = client_hello()
    while not stop.is_set():
        with contextlib.suppress(OSError), dial(port) as client:
            client.sendall(hello)
            client.recv(1)


def handshakes_held(port, stop):
    """Many handshakes that wait at once."""
    hello = client_hello()

    def begin(to):
        client = dial(to)
        client.sendall(hello)
        return client

    hold(port, stop, begin)


def slow_heads(port, stop):
    hold(port, stop, begun(b"GET /readyz HTTP/1.1\r\nHost: x\r\nX-Slow: "), push(b"a"), 200)


def large_heads(port, stop):
    hold(port, stop, begun(b"GET /readyz HTTP/1.1\r\nHost: x\r\nX-Large: " + b"a" * 900_000), None, 200)


def many_fields(port, stop):
    hold(port, stop, begun(b"GET /readyz HTTP/1.1\r\nHost: x\r\n" + b"a:\r\n" * 200_000 + b"\r\n"), None, 200)


def endless_bodies(port, stop):
    head = b"POST /readyz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    hold(port, stop, begun(head), push(b"8\r\n12345678\r\n"), 200)


def huge_selectors(port, stop):
    terms = ",".join(f"a{i}!=b" for i in range(7000))
    request = f"GET /apis/metrics.k8s.io/v1beta1/pods?labelSelector={terms} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    hold(port, stop, begun(request), push(request), 20)


def deaf(port, stop):
    """Many requests at once whose answers nobody reads."""
    hold(port, stop, begun(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n" * 2000), None, 200)


def random_bytes(port, stop):
    while not stop.is_set():
        for connect in (dial, dial_tls):
            with contextlib.suppress(OSError), connect(port) as client:
                client.settimeout(0.2)
                client.sendall(random.randbytes(4096))
                client.recv(4096)


def reviewed_paths(port, count):
    """Asks for so many paths of 10 kB that nobody may see, on one connection, for each of which the API server is
    asked; the statuses of the answers."""
    statuses = {}
    with dial_tls(port) as client:
        for i in range(count):
            client.sendall(b"GET /%06d%s HTTP/1.1\r\nHost: x\r\n\r\n" % (i, b"a" * 9720))
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += _some(client)
            head, body = answer.split(b"\r\n\r\n", 1)
            left = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) - len(body)
            while left > 0:
                left -= len(_some(client))
            status = head.split(b" ")[1].decode()
            statuses[status] = statuses.get(status, 0) + 1
    return statuses


def _some(client):
    data = client.recv(65536)
    if not data:
        raise ConnectionError("the server closed the connection")
    return data


# Certificates that take many times their size in memory once they are read: of nearly 16 KiB, and those that just count
# as plain (net/tls/client_chain.cpp). Their subject, alternative names, and how often they are in their chain.
LARGE = {"alternative names": ("CN = stranger", 5200, 1),
         "names in the subject": ("\n".join(f"{i}.CN = a" for i in range(600)), 1, 1),
         "a long name": ("\n".join(f"{i}.OU = " + "a" * 64 for i in range(90)), 1, 1)}
SMALL = {"small, names": ("\n".join(f"{i}.CN = a" for i in range(8)), 41, 1),
         "small, a chain": ("CN = a", 1, 6)}


def absurd_certificates(folder, kinds):
    """Self-signed: [(name, context)]."""
    made = []
    for name, (subject, alternatives, copies) in kinds.items():
        base = os.path.join(folder, name.replace(" ", "-"))
        with open(base + ".cnf", "w", encoding="ascii") as config:
            config.write("[req]\ndistinguished_name = d\nx509_extensions = e\nprompt = no\n[d]\n" + subject +
                         "\n[e]\nsubjectAltName = @a\n[a]\n" +
                         "".join(f"DNS.{i} = a\n" for i in range(alternatives)))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-config", base + ".cnf", "-keyout", base + ".key", "-out", base + ".crt"],
                       check=True, capture_output=True)
        with open(base + ".crt", "r+", encoding="ascii") as file:
            file.write(file.read() * (copies - 1))
        context = anyone()
        context.load_cert_chain(base + ".crt", base + ".key")
        made.append((name, context))
    return made


def ask_once(port, context, close=False):
    """A connection that has asked for /healthz; None: the server had enough of it."""
    client = None
    with contextlib.suppress(OSError):
        client = dial_tls(port, context)
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + (b"Connection: close\r\n" if close else b"") + b"\r\n")
        if client.recv(4096):
            return client
    if client:
        client.close()
    return None


ATTACKS = (silent, hellos, handshakes_held, slow_heads, large_heads, many_fields, endless_bodies, huge_selectors, deaf,
           random_bytes)


def _play(attack, port, stop, cores):
    if cores:
        os.sched_setaffinity(0, cores)
    attack(port, stop)


@contextlib.contextmanager
def under(attack, port, processes=1, cores=None):
    """The body runs while the attack does."""
    context = multiprocessing.get_context("fork")
    stop = context.Event()
    attackers = [context.Process(target=_play, args=(attack, port, stop, cores), daemon=True) for _ in range(processes)]
    for attacker in attackers:
        attacker.start()
    try:
        time.sleep(0.5)
        yield
    finally:
        stop.set()
        for attacker in attackers:
            attacker.join(10)
            if attacker.is_alive():
                attacker.kill()
                attacker.join()
