#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the micro-benchmarks: time, and instructions where the processor's counters are open to us, else by callgrind
(which runs each again, on less of everything)."""
import argparse
import glob
import os
import re
import subprocess
import sys
import tempfile

# Name, and how much of it callgrind is given: it is 50 times slower.
BENCHES = {"parser_bench": ["1", "20"], "store_bench": ["50", "30"], "encoder_bench": [], "kube_list_bench": [],
           "remote_write_bench": ["50", "30"]}


def run(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.returncode} {done.stderr[-1000:]}")
    return done.stdout


def instructions(binary, arguments):
    """[(name, unit, instructions a unit)...]"""
    with tempfile.TemporaryDirectory() as folder:
        text = run(["valgrind", "--tool=callgrind", "--collect-atstart=no", "--cache-sim=no",
                    f"--callgrind-out-file={folder}/out", binary, *arguments])
        counted = {}
        for path in glob.glob(os.path.join(folder, "out*")):
            with open(path, encoding="utf-8", errors="replace") as dump:
                content = dump.read()
            trigger = re.search(r"^desc: Trigger: Client Request: (.*)$", content, re.MULTILINE)
            total = re.search(r"^(?:totals|summary): (\d+)", content, re.MULTILINE)
            if trigger and total:
                counted[trigger[1].strip()] = int(total[1])
    lines = [line.split("\t")[1:] for line in text.splitlines() if line.startswith("callgrind\t")]
    return [(name, unit, counted[name] / float(units)) for name, unit, units in lines if name in counted]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, help="the folder of the programs")
    options = parser.parse_args()
    for name, small in BENCHES.items():
        binary = os.path.join(options.bin, name)
        print(f"== {name}", flush=True)
        text = run([binary])
        print(text, end="", flush=True)
        if "instructions" in text or name == "kube_list_bench":
            continue
        counted = instructions(binary, small)
        if not counted:
            sys.exit("callgrind counted nothing: were the benchmarks built without valgrind/callgrind.h?")
        for what, unit, each in counted:
            print(f"{what:<44} {each:>10.2f} instructions a {unit}", flush=True)


if __name__ == "__main__":
    main()
