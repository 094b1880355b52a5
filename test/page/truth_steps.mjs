// SPDX-License-Identifier: Apache-2.0
// What the page shows is what `kubectl top` reads, and what the query API has at the same tick.
import { readFileSync } from "node:fs";
import https from "node:https";

import { nextTick, open, rows, settled } from "./view.mjs";

// The metrics API as kubectl asks it, with the credentials that test/simulated/harness.py keeps in `folder`.
function apiServer(folder, port) {
	const read = (name) => readFileSync(`${folder}/${name}`);
	const agent = new https.Agent({ ca: read("ca.crt"), cert: read("admin-certificate.pem"), key: read("admin-key.pem"), keepAlive: true });
	return (path) => new Promise((resolve, reject) => https.get({ host: "127.0.0.1", port, path, agent, headers: { Accept: "application/json" } }, (answer) => {
		const parts = [];
		answer.on("data", (part) => parts.push(part)).on("end", () => {
			if (answer.statusCode === 200) resolve(JSON.parse(Buffer.concat(parts)));
			else reject(new Error(`${path}: ${answer.statusCode} ${Buffer.concat(parts)}`));
		});
	}).on("error", reject));
}

const cpuUnits = { n: 1, u: 1e3, m: 1e6 }, memoryUnits = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };
const nanocores = (quantity) => parseFloat(quantity) * (cpuUnits[quantity.at(-1)] ?? 1e9);
const bytes = (quantity) => parseFloat(quantity) * (memoryUnits[quantity.slice(-2)] ?? 1);
// kubectl top adds up what containers use, and rounds the sum up (kubectl, pkg/metricsutil/metrics_printer.go).
const usage = (...things) => {
	const sum = (of) => things.reduce((total, { usage }) => total + of(usage), 0);
	return Math.ceil(sum(({ cpu }) => nanocores(cpu)) / 1e6) + " " + sum(({ memory }) => bytes(memory));
};

// What kubectl top shows now: {kind: Map of key to "cpu memory"}.
async function top(ask) {
	const [nodes, pods] = await Promise.all(["nodes", "pods"].map((what) => ask(`/apis/metrics.k8s.io/v1beta1/${what}`)));
	const found = { node: new Map(), pod: new Map(), container: new Map() };
	for (const node of nodes.items) found.node.set(node.metadata.name, usage(node));
	for (const { metadata: { namespace, name }, containers } of pods.items) {
		found.pod.set(`${namespace}/${name}`, usage(...containers));
		for (const one of containers) found.container.set(`${namespace}/${name}/${one.name}`, usage(one));
	}
	return found;
}

// The page has the figures of the moment at which its tick ended, and nodes are scraped all the time: what kubectl top
// showed at any time around that moment may stand there, and nothing else.
async function asKubectlTop(page, base, ask, report) {
	for (const kind of ["node", "pod", "container"]) {
		await open(page, base, `#${kind}s?sort=name`);
		await nextTick(page);
		const shown = new Map();
		let over = false;
		const told = nextTick(page).finally(() => (over = true));
		do {
			for (const [key, value] of (await top(ask))[kind]) shown.set(key, (shown.get(key) ?? new Set()).add(value));
		} while (!over);
		await told;
		const seen = (await rows(page)).filter(({ cells }) => cells.cpu.value != null);
		const wrong = seen.filter(({ key, cells }) => !shown.get(key)?.has(`${cells.cpu.value} ${cells.memory.value}`));
		report.check(`${seen.length} ${kind}s have the figures of kubectl top`, seen.length > 3 && !wrong.length,
			wrong.slice(0, 3).map(({ key, cells }) => [key, cells.cpu.value, cells.memory.value, [...(shown.get(key) ?? [])]]));
		const words = seen.filter(({ cells }) => cells.cpu.text !== cells.cpu.value + "m" || cells.memory.text !== Math.floor(cells.memory.value / 2 ** 20) + "Mi");
		report.check(`and are written as it writes them: ${kind}s`, !words.length, words[0]?.cells);
	}
}

// Ticks and values of one series.
async function range(base, expression, start, end, step) {
	const form = new URLSearchParams({ query: expression, start, end, step });
	const answer = await fetch(new URL(`../api/v1/query_range?${form}`, base));
	const { data, error } = await answer.json();
	if (error || data.result.length !== 1) throw new Error(`${expression}: ${error ?? data.result.length + " series"}`);
	return new Map(data.result[0].values.map(([at, value]) => [at, +value]));
}

// History keeps CPU to 0.1 % or 0.01 m, whichever is more, and memory to the page.
const near = { cpu: (one, other) => Math.abs(one - other) <= Math.max(0.0011 * Math.abs(other), 0.011), memory: (one, other) => Math.abs(one - other) <= 4096 };

async function asQueries(page, base, report) {
	await open(page, base, "#containers");
	const [namespace, pod, container] = (await rows(page))[0].key.split("/");
	const { tick, resolution } = await (await fetch(new URL("api/overview", base))).json();
	const from = tick - 40 * resolution, hash = `#container/${[namespace, pod, container].map(encodeURIComponent).join("/")}?from=${from}&to=${tick}`;
	await open(page, base, hash);
	await settled(page);
	const labels = `{namespace="${namespace}",pod="${pod}",container="${container}"}`;
	const counter = await range(base, `container_cpu_usage_seconds_total${labels}`, from - resolution, tick, resolution);
	const memory = await range(base, `container_memory_working_set_bytes${labels}`, from, tick, resolution);
	const cpu = new Map([...counter].filter(([at]) => counter.has(at - resolution)).map(([at, value]) => [at, ((value - counter.get(at - resolution)) / resolution) * 1000]));
	for (const [unit, wanted] of [["cpu", cpu], ["memory", memory]]) {
		// The table of the chart, its times by the cursor: there a reader finds the same.
		await page.focus(`[data-chart=${unit}]`);
		let same = 0, wrong = [];
		for (let i = 0; i < 20; i++) {
			await page.keyboard.press("ArrowLeft");
			const [at, value] = await page.$eval(`[data-chart=${unit}] .readout`, (node) => [+node.dataset.at, +node.querySelector("[data-figure=at]").dataset.value]);
			if (!wanted.has(at)) continue;
			if (near[unit](value, wanted.get(at))) same++;
			else wrong.push([at, value, wanted.get(at)]);
		}
		report.check(`a chart's ${unit} is what a query says at the same ticks`, same > 10 && !wrong.length, [same, wrong.slice(0, 4), [...wanted].slice(-3)]);
	}
}

export async function truth(browser, report, { cluster, "api-port": port }) {
	if (!cluster) return report.leaveOut("figures beside kubectl top's and the query API's: no --cluster was given");
	const page = await browser.page({ viewport: { width: 1600, height: 900 } });
	await report.group("kubectl top", () => asKubectlTop(page, browser.base, apiServer(cluster, port), report));
	await report.group("queries", () => asQueries(page, browser.base, report));
	await page.context().close();
}
