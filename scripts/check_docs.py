#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what is written against the tree. In Markdown: the file and the heading of every relative link exist, and so
does what stands in backticks and begins with a folder of the tree. In sources: the same for names of files."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What is called like ours and is not: files of metrics-server, and media types.
FOREIGN = {"docs/command-line-flags.txt", "docs/proposals/MetricsUpdateProposal.md", "text/plain"}
# "net/tls/handshake" is its header and its source, "net/tls/" a folder.
ENDINGS = ("", ".hpp", ".cpp")

FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
HEADING = re.compile(r"^#{1,6} +(.*?)(?: +#+)? *$", re.MULTILINE)
CITED_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?|[\w.-]+/")
CITED_FILE = re.compile(r"(?<![\w./${}-])(?:[\w-]+/)+[\w.-]+\.(?:cpp|hpp|md|py|sh|svg|txt|yaml)\b")


def tracked():
    """Files of the repository, new ones included, and the folders that they are in."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    files = {name for name in names if name and (ROOT / name).exists()}
    return files, {str(parent) for name in files for parent in pathlib.PurePosixPath(name).parents}


def without_fences(text):
    return FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)


def anchors(text):
    """Of headings, as GitHub makes them: lower case, no punctuation, hyphens for spaces, repeated ones numbered."""
    found = set()
    for heading in HEADING.findall(without_fences(text)):
        words = LINK.sub(lambda link: link[0][1:link[0].index("]")], heading).replace("`", "")
        name = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        repeated = next((n for n in range(1, 100) if f"{name}-{n}" not in found), 0) if name in found else 0
        found.add(f"{name}-{repeated}" if repeated else name)
    return found


class Tree:
    def __init__(self):
        self.files, self.folders = tracked()
        self.tops = {name.split("/")[0] for name in self.folders} - {"."}

    def has(self, path):
        return path in self.files or path in self.folders

    def link_fault(self, page, link):
        target, _, anchor = link.partition("#")
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            return None
        path = page
        if target:
            path = (ROOT / page).parent.joinpath(target).resolve()
            path = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else target
            if not self.has(path):
                return f"links to {target}, which is not there"
        if anchor and path.endswith(".md") and anchor not in anchors((ROOT / path).read_text(encoding="utf-8")):
            return f"links to {link}, and {path} has no such heading"
        return None

    def is_cited_wrongly(self, path):
        """A path that looks like one of ours and is not there."""
        if path in FOREIGN or path.split("/")[0] not in self.tops:
            return False
        return not any(self.has(path.rstrip("/") + ending) for ending in ENDINGS)

    def page_faults(self, page):
        text = without_fences((ROOT / page).read_text(encoding="utf-8"))
        for number, line in enumerate(text.splitlines(), 1):
            for link in LINK.findall(CODE.sub("", line)):
                if fault := self.link_fault(page, link):
                    yield number, fault
            for code in CODE.findall(line):
                for path in filter(CITED_PATH.fullmatch, code.split()):
                    if self.is_cited_wrongly(path):
                        yield number, f"names {path}, which is not there"

    def source_faults(self, source):
        for number, line in enumerate((ROOT / source).read_text(encoding="utf-8").splitlines(), 1):
            for path in CITED_FILE.findall(line):
                if self.is_cited_wrongly(path):
                    yield number, f"names {path}, which is not there"


def main():
    tree = Tree()
    pages = sorted(name for name in tree.files if name.endswith(".md"))
    sources = sorted(name for name in tree.files
                     if name.endswith((".cpp", ".hpp", ".py", ".sh", "CMakeLists.txt", "layers.txt")))
    found = [(name, *fault) for name in pages for fault in tree.page_faults(name)]
    found += [(name, *fault) for name in sources for fault in tree.source_faults(name)]
    for name, number, fault in found:
        print(f"{name}:{number} {fault}", file=sys.stderr)
    print(f"docs: {len(pages)} pages, {len(sources)} sources, {len(found)} faults")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
