#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws how CPU and memory grow with the number of nodes, from the files of cluster_bench.py, as an SVG."""
import argparse
import json
import math

WIDTH, HEIGHT, LEFT, TOP, GAP = 380, 260, 70, 40, 100
COLOURS = {"topd": "#1f6feb", "peer": "#d1572b", "floor": "#6e7781"}


class Panel:
    """One chart with logarithmic axes."""

    def __init__(self, title, x, series):
        """`series`: {name: {nodes: value}}"""
        self.title, self.x, self.series = title, x, series
        values = [value for points in series.values() for value in points.values()]
        nodes = [n for points in series.values() for n in points]
        self.low = 10 ** math.floor(math.log10(min(values)))
        self.high = 10 ** math.ceil(math.log10(max(values) * 1.001))
        self.first, self.last = min(nodes) / 1.3, max(nodes) * 1.3

    def across(self, nodes):
        return self.x + WIDTH * math.log(nodes / self.first) / math.log(self.last / self.first)

    def up(self, value):
        return TOP + HEIGHT * (1 - math.log(value / self.low) / math.log(self.high / self.low))

    def axes(self):
        out = [f'<rect x="{self.x}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#d0d7de"/>',
               f'<text x="{self.x}" y="{TOP - 14}" font-weight="bold">{self.title}</text>']
        decade = self.low
        while decade <= self.high:
            for step in (1, 2, 5):
                value = decade * step
                if value > self.high:
                    break
                y = self.up(value)
                out.append(f'<line x1="{self.x}" x2="{self.x + WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eaeef2"/>')
                out.append(f'<text x="{self.x - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
            decade *= 10
        for nodes in sorted({n for points in self.series.values() for n in points}):
            out.append(f'<text x="{self.across(nodes):.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">'
                       f'{nodes:,}</text>')
        out.append(f'<text x="{self.x + WIDTH / 2}" y="{TOP + HEIGHT + 38}" text-anchor="middle">nodes</text>')
        return out

    def lines(self):
        out = []
        for name, points in self.series.items():
            colour = COLOURS.get(name.split(",")[0], "#000")
            places = [(self.across(n), self.up(value), value) for n, value in sorted(points.items())]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
            out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
            for x, y, value in places:
                out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}">'
                           f'<title>{name}: {value:.4g}</title></circle>')
            x, y, _ = places[-1]
            y += 18 if name == "floor" else -9
            out.append(f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="end">{name}</text>')
        return out


def points(runs, subject, phase, read):
    """{nodes: figure}; of several runs of a size the lowest, which the machine disturbed least."""
    found = {}
    for run in runs:
        of = run["subjects"].get(subject, {}).get(phase, {})
        if of and "error" not in of:
            found[run["nodes"]] = min(found.get(run["nodes"], math.inf), read(of))
    return found


def series(runs, phase, read):
    found = {subject: points(runs, subject, phase, read) for subject in ("topd", "peer")}
    return {name: of for name, of in found.items() if of}


def draw(runs):
    cpu = series(runs, "idle", lambda of: of["cpu_us_per_scrape"])
    floor = points(runs, "topd", "floor", lambda of: of["grouped"]["cpu_us_per_scrape"])
    if floor:
        cpu["floor"] = floor
    charts = [("CPU a scrape, microseconds", cpu),
              ("CPU, % of a core", series(runs, "idle", lambda of: of["cpu_cores"] * 100)),
              ("resident memory, MiB", series(runs, "idle", lambda of: of["rss_mib"]))]
    panels = [Panel(title, LEFT + i * (WIDTH + GAP), of) for i, (title, of) in enumerate(charts)]
    body = [line for panel in panels for line in panel.axes() + panel.lines()]
    width, height = LEFT + len(panels) * (WIDTH + GAP) - GAP + 20, TOP + HEIGHT + 55
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
            f'font-size="12" fill="#24292f">\n<rect width="{width}" height="{height}" fill="#fff"/>\n'
            + "\n".join(body) + "\n</svg>\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    runs = []
    for path in options.files:
        with open(path, encoding="ascii") as file:
            runs.append(json.load(file))
    runs = [run for run in runs if any("cpu_us_per_scrape" in of.get("idle", {}) for of in run["subjects"].values())]
    if not runs:
        parser.error("none of the files has idle cycles")
    with open(options.out, "w", encoding="ascii") as out:
        out.write(draw(runs))
    print(options.out)


if __name__ == "__main__":
    main()
