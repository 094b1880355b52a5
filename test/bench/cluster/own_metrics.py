# SPDX-License-Identifier: Apache-2.0
"""Counters and gauges of a program's own /metrics."""
import re


def total(text, family):
    """The sum of a family's samples, whatever their labels."""
    found = re.findall(rf"^{family}(?:{{[^\n]*}})? (\S+)$", text, re.MULTILINE)
    return sum(map(float, found))


def by_label(text, family, label):
    """{value of the label: value}"""
    found = re.findall(rf'^{family}{{{label}="([^"]*)"}} (\S+)$', text, re.MULTILINE)
    return {name: float(value) for name, value in found}


def of_subject(lab):
    with lab.client() as client:
        return client.read("/metrics").decode()


def sent_late(lab):
    """Scrapes that topd itself sent late: without what the simulator's core adds."""
    return int(total(of_subject(lab), "topd_kubelet_scrapes_late_total"))
