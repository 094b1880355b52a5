# SPDX-License-Identifier: Apache-2.0
"""topd's own /metrics, as Prometheus reads them and without mercy: the text format 0.0.4 to the letter."""
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)")


def scrape(cluster, headers=None, user="admin"):
    return cluster.as_front_proxy("/metrics", user, headers)


class Family:
    def __init__(self, name, help_text):
        self.name, self.help, self.type = name, help_text, None
        # By the labels, `le` left out: values by suffix, and buckets as pairs of text and number.
        self.series = {}

    def add(self, suffix, labels, value):
        le = labels.pop("le", None)
        series = self.series.setdefault(tuple(sorted(labels.items())), {"buckets": []})
        if suffix == "_bucket":
            series["buckets"].append((le, value))
        elif suffix in series:
            raise ValueError(f"{self.name}{suffix}{labels} is there twice")
        else:
            series[suffix] = value


def unescaped(text):
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text)


def parse(text):
    """Families by name. Raises at anything that the format does not allow, and at families in two places."""
    if not text.endswith("\n"):
        raise ValueError("no line end at the end")
    families, family = {}, None
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            name, help_text = re.fullmatch(rf"# HELP ({NAME}) (.+)", line).groups()
            if name in families:
                raise ValueError(f"{name} begins twice")
            family = families[name] = Family(name, help_text)
        elif line.startswith("# TYPE "):
            name, family.type = re.fullmatch(rf"# TYPE ({NAME}) (counter|gauge|histogram)", line).groups()
            if name != family.name:
                raise ValueError(f"TYPE of {name} below HELP of {family.name}")
        else:
            match = SAMPLE.fullmatch(line)
            if not match:
                raise ValueError(f"not a sample: {line!r}")
            names = [name for name, _ in re.findall(LABEL, match[2] or "")]
            others = [name for name in names if name != "le"]
            if len(set(names)) != len(names) or others != sorted(others):
                raise ValueError(f"labels twice or out of order: {line!r}")
            suffix = match[1].removeprefix(family.name)
            if suffix not in (("_bucket", "_sum", "_count") if family.type == "histogram" else ("",)):
                raise ValueError(f"{match[1]} below {family.name}")
            labels = {name: unescaped(value) for name, value in re.findall(LABEL, match[2] or "")}
            family.add(suffix, labels, float(match.groups()[-1]))
    return families


def value(families, name, **labels):
    series = families[name].series.get(tuple(sorted(labels.items())))
    if series is None:
        return 0
    return series["_count"] if families[name].type == "histogram" else series[""]
