# SPDX-License-Identifier: Apache-2.0
"""Instructions of a scrape in user mode, by callgrind: they are the same on a busy machine, on which CPU time may
double. On a few nodes, since callgrind is 50 times slower. For native programs."""
import dataclasses
import glob
import re
import subprocess
import time

from .lab import Lab

NODES = 40
# A minute: the aggregator looks in twice, with ten requests on new connections each time.
CYCLES = 4


def measure(plan, subject):
    with Lab(dataclasses.replace(plan, nodes=min(plan.nodes, NODES), pinned=False), subject) as lab:
        out = lab.path("callgrind")
        lab.start_subject(["valgrind", "--tool=callgrind", "--cache-sim=no", f"--callgrind-out-file={out}"])
        lab.wait_for_figures()
        time.sleep(plan.resolution)
        control(lab, "--zero")
        before = lab.stats()
        time.sleep(CYCLES * plan.resolution)
        control(lab, "--dump")
        scrapes = lab.stats()["pages"] - before["pages"]
        lab.stop_subject()
        return {"scrapes": scrapes, "instructions_per_scrape": counted(out) / scrapes}


def control(lab, what):
    subprocess.run(["callgrind_control", what, str(lab.pid)], check=True, capture_output=True, timeout=60)


def counted(out):
    with open(sorted(glob.glob(out + ".*"))[0], encoding="utf-8", errors="replace") as dump:
        return int(re.search(r"^(?:totals|summary): (\d+)", dump.read(), re.MULTILINE)[1])


def rows(result):
    return [("instructions a scrape",
             f"{result['instructions_per_scrape'] / 1e3:.0f} thousand in user mode, {result['scrapes']} scrapes")]
