// SPDX-License-Identifier: Apache-2.0
// The columns of tables, and a cell of each.
import { bar } from "./bar.js";
import { key, points, spark } from "./curve.js";
import { el } from "./dom.js";
import { age, brief, count, exact, moment, units } from "./format.js";
import { toDetail } from "./route.js";
import { t } from "./text.js";

export const figures = ["cpu", "cpuShare", "cpuCurve", "memory", "memoryShare", "memoryCurve"];
const columnsOf = {
	node: ["name", "pods", "lastSample"],
	namespace: ["name", "pods"],
	workload: ["name", "namespace", "pods"],
	pod: ["name", "namespace", "node", "restarts", "age"],
	container: ["name", "pod", "namespace", "restarts", "age"]
};
// "cpuShare" is [cpu, Share].
const split = (column) => column.split(/(?=Share|Curve)/);
const needs = (column) => (column === "age" ? "started" : column.replace("Share", ""));
export const columnsFor = (kind, given) => [...columnsOf[kind], ...figures].filter((column) => needs(column) in given);
export const isText = (column) => /^(name|namespace|node|pod)$/.test(column);
export const sortable = (column) => !/Curve|lastSample|^pod$/.test(column);

export function headingOf(column) {
	const [unit, more] = split(column);
	return more === "Share" ? t("share", t(unit)) : t(unit);
}

// range: what the curves span, in words. scale: what fills their height. inside: what stands in a heading.
export const headings = (columns, range, scale, inside = (_, words) => words, more = () => null) =>
	columns.map((column) => {
		const [unit, what] = split(column),
			curve = what === "Curve";
		return el(
			"th." + column,
			{ scope: "col", "data-col": column, title: curve && t("curveHint", brief(unit, scale[unit])) },
			more(column),
			inside(column, headingOf(column) + (curve ? ", " + range : ""))
		);
	});

export const link = (kind, names) =>
	el("a", { href: toDetail(kind, names), title: names.name, dir: "auto" }, names.name);

const shown = {
	name: (row) => [
		row.colour && key(row.colour),
		row.name ? link(row.kind, row) : t("others"),
		el("small.under", row.reason ?? [row.namespace, row.pod ?? row.node].filter(Boolean).join(" · "))
	],
	namespace: ({ namespace }) => link("namespace", { name: namespace }),
	node: ({ node }) => node && link("node", { name: node }),
	pod: ({ namespace, pod }) => link("pod", { namespace, name: pod }),
	lastSample: ({ lastSample }) => (lastSample ? moment(lastSample) : t("never")),
	age: ({ started, asOf }) => age(started ? asOf - started : null)
};

// scales: {given, shown}, each {cpu, memory}: what the curves mean, and what fills their height.
export function cell(column, row, scales) {
	const [unit, what] = split(column);
	let value = row[needs(column)],
		inside;
	if (what === "Share") {
		const size = {
			capacity: row[unit + "Capacity"],
			limit: row[unit + "Limit"],
			request: row[unit + "Request"] ?? row[unit + "Requested"]
		};
		inside = value != null ? bar(unit, value, size) : unit === "cpu" && row.reason && el("span.reason", row.reason);
		value = value / (size.capacity || size.limit || size.request) || null;
	} else if (what) {
		const values = points(value ?? "", scales.given[unit]);
		inside = values.some((v) => v != null) && spark(unit, values, scales.shown[unit], t(unit));
	} else inside = shown[column] ? shown[column](row) : units.includes(column) ? exact(column, value) : count(value);
	return el(
		(column === "name" ? "th." : "td.") + column,
		{
			scope: column === "name" && "row",
			"data-col": column,
			"data-value": isText(column) || what === "Curve" ? null : (value ?? "")
		},
		inside
	);
}

export const rowKey = ({ namespace, pod, name }) => [namespace, pod, name].filter((part) => part != null).join("/");
