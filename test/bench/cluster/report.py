# SPDX-License-Identifier: Apache-2.0
"""The results: a table side by side, and a file for machines."""
import datetime
import json
import os
import platform


def table(columns):
    """`columns`: {subject: [(what, figure)...]}. Rows in the order in which they first come."""
    names = list(dict.fromkeys(name for rows in columns.values() for name, _ in rows))
    cells = {subject: dict(rows) for subject, rows in columns.items()}
    lines = []
    width = max(len(name) for name in names)
    for name in names:
        have = [(subject, cells[subject][name]) for subject in columns if name in cells[subject]]
        for i, (subject, figure) in enumerate(have):
            label = name if i == 0 else ""
            lines.append(f"{label:<{width}}  {subject + ':' if len(columns) > 1 else '':<8}{figure}")
    return "\n".join(lines)


def machine():
    with open("/proc/cpuinfo", encoding="ascii") as info:
        model = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), "unknown")
    return {"cpu": model, "cores": os.cpu_count(), "kernel": platform.release(), "load": os.getloadavg()[0]}


def write(result, folder):
    """The file's path: by size and time, so that runs do not overwrite each other."""
    os.makedirs(folder, exist_ok=True)
    now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    path = os.path.join(folder, f"{result['nodes']}-nodes-{result['pods']}-pods-{now}.json")
    with open(path, "w", encoding="ascii") as out:
        json.dump(result, out, indent=2)
        out.write("\n")
    return path
