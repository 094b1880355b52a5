# SPDX-License-Identifier: Apache-2.0
"""What a server of metrics.k8s.io costs on the simulated cluster, and how fresh its figures are. Each phase is a module
with measure(lab), which returns plain values, and rows(result), which words them for the table."""
import os
import sys

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path[:0] = [os.path.join(TESTS, "simulated"), TESTS]
