# SPDX-License-Identifier: Apache-2.0
"""The state file"""
def measure(plan): raise RuntimeError("not yet")
def rows(result): return []
