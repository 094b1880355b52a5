// SPDX-License-Identifier: Apache-2.0
// Answers that stand in for topd's, for what no simulated cluster gives: of things with these names, all at one time.

export const at = 1_795_408_000;
const head = { tick: at, asOf: at, resolution: 15 };
const curve = "AAz_".repeat(15), levels = Array(60).fill(7);

export function rowsOf(kind, names) {
	const each = (value) => names.map((name, i) => (typeof value === "function" ? value(name, i) : value));
	const columns = { name: names, cpu: each((_, i) => 10 + i), memory: each((_, i) => (10 + i) * 2 ** 20), state: each("ok"), reason: each(null),
		cpuCurve: each(curve), memoryCurve: each(curve) };
	if (kind !== "node" && kind !== "namespace") columns.namespace = names;
	if (kind === "pod" || kind === "container") Object.assign(columns, { node: names, started: each(at - 7200), restarts: each(1) });
	if (kind === "pod") columns.workload = each((name) => "Deployment/" + name);
	if (kind === "container") columns.pod = names;
	if (kind === "node") Object.assign(columns, { lastSample: each(at), state: each("unreachable"), reason: names });
	return { ...head, kind, range: { from: at - 3600, to: at, step: 60, points: 60 }, total: names.length, matched: names.length, offset: 0,
		sums: { cpu: 1, memory: 1 }, scale: { cpu: 100, memory: 2 ** 28 }, columns };
}

export function seriesOf(kind, names) {
	const values = Array(240).fill(7), part = (name) => ({ namespace: name, name, cpu: values, memory: values, cpuNow: 7, memoryNow: 7, cpuLimit: null, memoryLimit: null });
	return { ...head, kind, start: at - 3585, step: 15, count: 240, tier: "recent", cpu: { mean: values }, memory: { mean: values },
		lines: {}, parts: names.map(part), marks: names.map((name) => ({ at: at - 900, kind: "restart", name })),
		more: { volumes: names.map((name) => ({ name, used: 1, capacity: 2 })) },
		...(kind === "pod" && { own: names.map((name, i) => ({ name, selector: i % 2 ? name : null, values: values.map((_, at) => (at % 9 ? at / 4 - i : null)) })) }),
		about: { cpu: 7, memory: 7, node: names[0], workload: "Deployment/" + names.at(-1), state: "ok", started: at - 9000, lastSample: at } };
}

export function overviewOf(names) {
	const each = (value) => names.map(() => value);
	const top = { name: names, namespace: names, cpu: each(5), memory: each(5) }, nothing = each(null);
	return { ...head, version: "0", sources: { objects: true, summary: true }, reach: { recentFrom: at - 3600, longFrom: at - 7200, to: at, cut: false, recentWindow: 3600, longWindow: 86400 },
		counts: { nodes: 9, nodesWithFigures: 9, namespaces: 9, pods: 9, podsWithFigures: 9, containers: 9 },
		cpu: { used: 1, capacity: 2, allocatable: 2, requested: 1, limits: 1 }, memory: { used: 1, capacity: 2, allocatable: 2, requested: 1, limits: 1 },
		curve: { from: at - 3600, step: 60, cpu: levels, memory: levels },
		top: { podsByCpu: top, podsByMemory: top, namespacesByCpu: top, namespacesByMemory: top, nodesByCpu: top, nodesByMemory: top },
		troubles: { total: 20, node: names, state: names, lastSample: nothing, reason: names, remedy: names },
		podsWithout: { total: 20, namespace: names, name: names, reason: names },
		changes: { asOf: at, from: at - 3600, begun: 1, ended: 1, restarts: 1, kind: each("restart"), namespace: names, name: names, container: names, at: each(at), before: each(1), now: each(2) } };
}

// change(answer, which, parameters) may alter an answer, or give another; null: there is none, and the browser waits.
export const standIn = (page, names, change = (answer) => answer) => page.route("**/ui/api/**", (route) => {
	const { pathname, searchParams: get } = new URL(route.request().url()), which = pathname.split("/").at(-1), kind = get.get("kind");
	const json = change(which === "overview" ? overviewOf(names) : which === "rows" ? rowsOf(kind, names) : seriesOf(kind, names), which, get);
	return json && route.fulfill({ json, headers: { Date: new Date(json.asOf * 1000).toUTCString() } });
});
