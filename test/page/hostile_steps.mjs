// SPDX-License-Identifier: Apache-2.0
// Names that Kubernetes would not let in, should they come all the same: each is text, in every view. topd's answers are
// stood in for, as no cluster could give these.
import { hash, open, rows, shows } from "./view.mjs";

const names = ["<script>globalThis.struck=1</script>", "<img src=x onerror=globalThis.struck=1>", `"quoted" 'twice' & &amp; \`so\``,
	"\u202Eright-to-left שלום عالم", "x".repeat(253), "javascript:alert(1)", "a/b?c#d%2F..", "{0} ${1}", "⚠️\u0000\u0007名前"];
const at = 1_795_408_000, head = { tick: at, asOf: at, resolution: 15 };
const each = (value) => names.map((name, i) => (typeof value === "function" ? value(name, i) : value));
const curve = "AAz_".repeat(15);

function rowsOf(kind) {
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

function series(get) {
	const values = Array(240).fill(7), part = (name) => ({ namespace: name, name, cpu: values, memory: values, cpuLimit: null, memoryLimit: null });
	return { ...head, kind: get.get("kind"), start: at - 3585, step: 15, count: 240, tier: "recent", cpu: { mean: values }, memory: { mean: values },
		lines: {}, parts: names.map(part), marks: names.map((name) => ({ at: at - 900, kind: "restart", name })),
		more: { volumes: names.map((name) => ({ name, used: 1, capacity: 2 })) },
		...(get.get("kind") === "pod" && { own: names.map((name, i) => ({ name, selector: i % 2 ? name : null, values: values.map((_, at) => (at % 9 ? at / 4 - i : null)) })) }),
		about: { node: names[0], workload: "Deployment/" + names[1], state: "ok", reason: names[0], remedy: names[1], address: names[2], started: at - 9000, lastSample: at } };
}

function overview() {
	const top = { name: names, namespace: names, cpu: each(5), memory: each(5) }, nothing = each(null);
	return { ...head, version: "0", sources: { objects: true, summary: true }, reach: { recentFrom: at - 3600, longFrom: at - 7200, to: at, cut: false, recentWindow: 3600, longWindow: 86400 },
		counts: { nodes: 9, nodesWithFigures: 9, namespaces: 9, pods: 9, podsWithFigures: 9, containers: 9 },
		cpu: { used: 1, capacity: 2, allocatable: 2, requested: 1, limits: 1 }, memory: { used: 1, capacity: 2, allocatable: 2, requested: 1, limits: 1 },
		curve: { from: at - 3600, step: 60, scaleCpu: 10, scaleMemory: 10, cpu: curve, memory: curve },
		top: { podsByCpu: top, podsByMemory: top, namespacesByCpu: top, namespacesByMemory: top, nodesByCpu: top, nodesByMemory: top },
		troubles: { total: 20, node: names, state: names, lastSample: nothing, reason: names, remedy: names },
		podsWithout: { total: 20, namespace: names, name: names, reason: names },
		changes: { asOf: at, from: at - 3600, begun: 1, ended: 1, restarts: 1, kind: each("restart"), namespace: names, name: names, container: names, at: each(at), before: each(1), now: each(2) } };
}

function answer(route) {
	const { pathname, searchParams } = new URL(route.request().url()), which = pathname.split("/").at(-1);
	const json = which === "overview" ? overview() : which === "rows" ? rowsOf(searchParams.get("kind")) : series(searchParams);
	return route.fulfill({ json, headers: { Date: new Date(at * 1000).toUTCString() } });
}

// HTML has no way to hold a zero in text: it may be shown as something else.
const plain = (text) => text.replaceAll("\u0000", "");

async function harmless(page, where, report) {
	const found = await page.evaluate(() => ({ struck: globalThis.struck, scripts: document.querySelectorAll("main script").length,
		images: document.querySelectorAll("main img").length, handlers: document.querySelectorAll("main [onerror], main [onclick]").length,
		links: [...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href")).filter((href) => !href.startsWith("#")),
		text: document.querySelector("main").textContent, width: document.documentElement.scrollWidth - document.documentElement.clientWidth }));
	report.check(`hostile names do nothing in ${where}`, !found.struck && !found.scripts && !found.images && !found.handlers && !found.links.length,
		{ ...found, text: "" });
	const absent = names.filter((name) => !plain(found.text).includes(plain(name)));
	report.check(`and stand there as they are in ${where}`, !absent.length, absent);
	report.check(`and make ${where} no wider than the window`, found.width <= 0, found.width);
}

export async function hostile(browser, report) {
	const page = await browser.page();
	await page.route("**/ui/api/**", answer);
	await open(page, browser.base);
	await report.group("hostile overview", () => harmless(page, "the overview", report));
	for (const kind of ["node", "namespace", "workload", "pod", "container"]) {
		await open(page, browser.base, `#${kind}s`);
		await report.group("hostile rows", () => harmless(page, `the list of ${kind}s`, report));
	}
	await report.group("hostile links", async () => {
		for (const [i, name] of names.entries()) {
			await open(page, browser.base, "#pods");
			const listed = await rows(page);
			await page.click(`tr[data-key]:nth-child(${i + 1}) th[data-col=name] a`);
			await shows(page, "detail", "pod");
			const asked = new URLSearchParams(browser.requests.filter((url) => url.includes("/api/series")).at(-1).split("?")[1]);
			report.check(`a link leads to the pod of the name ${JSON.stringify(name).slice(0, 40)}`,
				listed[i].key === `${name}/${name}` && asked.get("name") === name && asked.get("namespace") === name, [hash(page), asked.get("name")]);
		}
		await harmless(page, "a pod's view", report);
	});
	await report.group("a pod's own metrics", async () => {
		const charts = await page.$$eval("figure[data-chart^=own]", (found) => found.map((one) => ({ title: one.querySelector("h2").textContent,
			newest: +one.querySelector(".readout b").dataset.value, words: one.querySelector(".readout b").textContent })));
		report.check("each is a chart by its name, below those of CPU and memory", charts.length === names.length &&
			charts.every(({ title }, i) => plain(title).includes(plain(names[i]))), charts.map(({ title }) => title));
		// Of 239 quarters, less its place among them; small ones with three digits.
		report.check("with its newest value as a plain number", charts.every(({ newest }, i) => newest === 59.75 - i) && charts[1].words.trim() === "58.8", charts.slice(0, 2));
	});
	await page.setViewportSize({ width: 320, height: 640 });
	for (const place of ["", "#pods", "#node/x"]) {
		await open(page, browser.base, place);
		await harmless(page, `"${place}" at 320 pixels`, report);
	}
	await page.context().close();
}
