# SPDX-License-Identifier: Apache-2.0
"""Ports of loopback for servers that cannot pick their own.

A port that is bound to 0, closed and used later lies in the range from which the kernel gives ports to outgoing
connections, and one of those may have it by then. These lie outside of that range.
"""
import functools
import random
import socket

# Below the usual range, and below the NodePorts of a cluster on the same machine.
CANDIDATES = range(20000, 30000)

_held = []


def ephemeral():
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as text:
        first, last = map(int, text.read().split())
    return range(first, last + 1)


@functools.cache
def candidates():
    taken = ephemeral()
    usual = [port for port in CANDIDATES if port not in taken]
    return usual or [port for port in range(1024, 65536) if port not in taken] or list(CANDIDATES)


def free_port():
    """A TCP port that nobody else uses or is given until this process ends. What holds it is a UDP socket on the same
    number: TCP knows nothing of it, the kernel frees it whatever happens, and test/net/own_port.hpp does the same."""
    for _ in range(10_000):
        port = random.choice(candidates())
        held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            held.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("", port))
        except OSError:
            held.close()
            continue
        _held.append(held)
        return port
    raise RuntimeError("no port is free")
