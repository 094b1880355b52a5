# SPDX-License-Identifier: Apache-2.0
"""Sends samples to a Prometheus by remote write 1.0: protobuf in a snappy block, of which literals are enough."""

import http.client
import struct

STALE = 0x7FF0000000000002


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def time_series(labels, at, value):
    """prompb.TimeSeries with one sample; value None is the mark of an end."""
    pairs = b"".join(
        field(1, field(1, name.encode()) + field(2, text.encode())) for name, text in sorted(labels.items())
    )
    bits = struct.pack("<Q", STALE) if value is None else struct.pack("<d", value)
    return pairs + field(2, b"\x09" + bits + b"\x10" + varint(at))


def snappy_block(data):
    out = bytearray(varint(len(data)))
    for begin in range(0, len(data), 65536):
        piece = data[begin : begin + 65536]
        out += b"\xf4" + struct.pack("<H", len(piece) - 1) + piece
    return bytes(out)


def send(connection, samples):
    """samples: (labels, Unix milliseconds, value) of one tick."""
    body = snappy_block(b"".join(field(1, time_series(*sample)) for sample in samples))
    connection.request(
        "POST",
        "/api/v1/write",
        body,
        {
            "Content-Encoding": "snappy",
            "Content-Type": "application/x-protobuf",
            "X-Prometheus-Remote-Write-Version": "0.1.0",
        },
    )
    answer = connection.getresponse()
    text = answer.read()
    if answer.status not in (http.client.OK, http.client.NO_CONTENT):
        raise RuntimeError(f"remote write: {answer.status} {text.decode(errors='replace')}")
