# SPDX-License-Identifier: Apache-2.0
"""The steps of e2e_test.py, by subject. Each takes the E2e; what it returns says why it was left out."""
import functools


def only_routed(step):
    """A step that needs the unmodified Service."""
    @functools.wraps(step)
    def run(e2e):
        return step(e2e) if e2e.plane.routing else "only with the unmodified Service"
    return run
