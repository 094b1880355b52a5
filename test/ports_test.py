# SPDX-License-Identifier: Apache-2.0
"""Ports that tests are given are theirs, and no outgoing connection can have them."""
import multiprocessing
import pathlib
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from ports import ephemeral, free_port  # noqa: E402


def some_ports(count):
    return [free_port() for _ in range(count)]


class Ports(unittest.TestCase):
    def test_none_is_in_the_range_of_outgoing_connections(self):
        outgoing = ephemeral()
        self.assertGreater(len(outgoing), 0)
        self.assertEqual([port for port in some_ports(100) if port in outgoing], [])

    def test_processes_that_run_at_once_get_different_ones(self):
        with multiprocessing.get_context("fork").Pool(4) as pool:
            ports = sum(pool.map(some_ports, [200] * 4, chunksize=1), []) + some_ports(200)
        self.assertEqual(len(set(ports)), 1000)

    def test_a_server_can_listen_there_and_again(self):
        port = free_port()
        for _ in range(2):
            with socket.create_server(("127.0.0.1", port)) as listener, \
                    socket.create_connection(("127.0.0.1", port)):
                listener.accept()[0].close()

    def test_one_that_is_taken_is_not_given(self):
        port = free_port()
        with socket.create_server(("127.0.0.1", port)):
            self.assertNotIn(port, some_ports(100))


if __name__ == "__main__":
    unittest.main(verbosity=2)
