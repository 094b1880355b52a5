# SPDX-License-Identifier: Apache-2.0
"""Assertions that show what they got."""


def equal(got, expected):
    assert got == expected, f"got {got!r}, expected {expected!r}"


def holds(text, part):
    assert part in text, f"{part!r} is not in {text!r}"
