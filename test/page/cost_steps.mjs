// SPDX-License-Identifier: Apache-2.0
// What the page costs: bytes, the first view, an interaction, memory over an hour. Bytes and memory are asserted; times
// are told, as they are the machine's.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { gunzipSync } from "node:zlib";

import { ask, awaitOrder, open, pressed, settled, shows } from "./view.mjs";

// Status, headers and body as they are sent.
const get = (url, headers = {}) => new Promise((resolve, reject) => http.get(url, { headers: { "Accept-Encoding": "gzip", ...headers } }, (answer) => {
	const parts = [];
	answer.on("data", (part) => parts.push(part)).on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
}).on("error", reject));
const unpacked = ({ headers, body }) => (headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);

async function sizes(browser, report) {
	const page = await browser.page(), begun = browser.requests.length;
	await open(page, browser.base);
	await page.context().close();
	const files = [...new Set(browser.requests.slice(begun).filter((url) => url.startsWith("http") && !url.includes("/ui/api/")))];
	let raw = 0, sent = 0;
	for (const url of files) {
		const answer = await get(url), name = url.slice(browser.base.length) || "index.html";
		raw += unpacked(answer).length;
		sent += answer.body.length;
		report.figure(name, `${unpacked(answer).length} bytes, ${answer.body.length} as sent`);
		const again = await get(url, { "If-None-Match": answer.headers.etag });
		report.check(`${name} is asked for again at no cost`, answer.headers.etag && again.status === 304 && !again.body.length, again.status);
		const policy = answer.headers["content-security-policy"] ?? "";
		report.check(`${name} comes with a policy that allows nothing inline`, /default-src 'none'/.test(policy) && !/unsafe/.test(policy) &&
			answer.headers["x-content-type-options"] === "nosniff", policy);
	}
	report.check(`all ${files.length} files are under 100 kB`, files.length > 2 && raw < 100_000, raw);
	report.check("and under 40 kB as they are sent", sent < 40_000, sent);
	report.figure("all of it", `${raw} bytes, ${sent} as sent`);
}

// What is served of uPlot is what its authors published, byte for byte.
async function library(browser, report) {
	const folder = mkdtempSync(`${tmpdir()}/topd-uplot-`);
	try {
		try {
			const said = execFileSync("npm", ["pack", "uplot@1.6.32", "--silent"], { cwd: folder, encoding: "utf8", timeout: 60_000, stdio: ["ignore", "pipe", "pipe"] });
			execFileSync("tar", ["-xzf", said.trim().split("\n").at(-1)], { cwd: folder });
		} catch (error) {
			return report.leaveOut(`uPlot beside what its authors published: the registry did not answer (${error.message.split("\n")[0]})`);
		}
		for (const file of ["uPlot.iife.min.js", "uPlot.min.css"]) {
			const answer = await get(browser.base + file);
			// The page may bring a style of its own.
			if (answer.status !== 404 || file.endsWith("js"))
				report.check(`${file} is that of uPlot 1.6.32`, answer.status === 200 && unpacked(answer).equals(readFileSync(`${folder}/package/dist/${file}`)), answer.status);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
}

// From the first byte of the address to the first frame with figures, nothing cached.
async function firstView(browser, report) {
	for (const hash of ["", "#pods", "#nodes"]) {
		const page = await browser.page();
		await page.addInitScript(() => new MutationObserver((_, observer) => {
			if (document.body?.dataset.state !== "ok") return;
			observer.disconnect();
			requestAnimationFrame(() => setTimeout(() => (globalThis.firstView = performance.now())));
		}).observe(document, { subtree: true, childList: true, attributes: true }));
		await page.goto(browser.base + hash);
		await page.waitForFunction(() => globalThis.firstView);
		const [took, asked] = await page.evaluate(() => [globalThis.firstView, performance.getEntriesByType("resource").filter(({ name }) => name.includes("/api/")).map(({ duration, encodedBodySize }) => `${duration.toFixed(0)} ms, ${encodedBodySize} bytes`)]);
		report.figure(`first view of "${hash || "the overview"}"`, `${took.toFixed(0)} ms; its data ${asked[0]}`);
		await page.context().close();
	}
}

// From the event to the next frame, as browsers measure it; the answer of topd comes later, and is told beside.
async function interactions(browser, report) {
	const page = await browser.page({ viewport: { width: 1600, height: 900 } });
	await page.addInitScript(() => {
		globalThis.events = [];
		new PerformanceObserver((list) => globalThis.events.push(...list.getEntries().filter(({ interactionId }) => interactionId)
			.map(({ name, duration }) => [name, duration]))).observe({ type: "event", durationThreshold: 16, buffered: true });
	});
	await open(page, browser.base, "#pods");
	const timed = async (name, act, wait) => {
		const begun = performance.now();
		await act();
		await wait();
		report.figure(name, `${(performance.now() - begun).toFixed(0)} ms with the answer of topd and the driver of the browser`);
	};
	await timed("sorting by memory", () => page.click("th[data-col=memory] button"), () => awaitOrder(page, "memory", "descending"));
	await timed("24 hours", () => page.click('[data-choice="86400"]'), () => pressed(page, 86400));
	await timed("opening a pod", () => page.click("tr[data-key] th[data-col=name] a"), () => shows(page, "detail", "pod"));
	await page.click("#theme");
	const longest = await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() =>
		resolve(globalThis.events.sort(([, one], [, other]) => other - one)[0])))));
	report.figure("the longest interaction, event to frame", longest ? `${longest[1]} ms (${longest[0]})` : "under 16 ms");
	await page.context().close();
}

// An hour of ticks of 15 s by the page's own clock; topd's answer of now stands in for each, with another time and figures.
async function memory(browser, report) {
	const held = {};
	for (const [place, which] of [["", "overview"], ["#pods", "rows?kind=pod&limit=200&sort=cpu"]]) {
		const page = await browser.page(), answer = await ask(browser.base, which);
		let at = answer.tick, asked = 0;
		await page.clock.install({ time: at * 1000 });
		await page.route("**/ui/api/**", (route) => {
			at += 15;
			asked++;
			const json = { ...answer, tick: at, asOf: at, resolution: 15 };
			if (json.columns) json.columns = { ...json.columns, cpu: json.columns.cpu.map((value) => value && value + (asked % 50)) };
			return route.fulfill({ json, headers: { Date: new Date((at + 1) * 1000).toUTCString() } });
		});
		await page.goto(browser.base + place);
		await settled(page);
		const debug = await page.context().newCDPSession(page);
		const heap = async () => {
			await debug.send("HeapProfiler.collectGarbage");
			return (await debug.send("Runtime.getHeapUsage")).usedSize;
		};
		const nodes = async () => (await debug.send("Memory.getDOMCounters")).nodes;
		const updates = async (many) => {
			for (let i = 0; i < many; i++) {
				await Promise.all([page.waitForResponse(/\/ui\/api\//), page.clock.runFor(16_000)]);
				await page.waitForFunction((tick) => +document.body.dataset.tick === tick, at);
			}
		};
		await updates(40);
		const [early, earlyNodes] = [await heap(), await nodes()];
		await updates(200);
		const [late, lateNodes] = [await heap(), await nodes()];
		held[place] = [early, late];
		report.figure(`heap of "${place || "the overview"}" after 40 and after 240 updates`, `${(early / 1e6).toFixed(2)} MB, ${(late / 1e6).toFixed(2)} MB; ${earlyNodes} and ${lateNodes} nodes`);
		report.check(`memory does not grow with updates of "${place || "the overview"}"`, late < early * 1.1 + 300_000 && lateNodes < earlyNodes * 1.2 + 200, [early, late, earlyNodes, lateNodes]);
		report.check("and each tick asks once", asked >= 240 && asked <= 300, asked);
		await page.context().close();
	}
}

export async function cost(browser, report) {
	await report.group("sizes", () => sizes(browser, report));
	await report.group("library", () => library(browser, report));
	await report.group("first view", () => firstView(browser, report));
	await report.group("interactions", () => interactions(browser, report));
	await report.group("memory", () => memory(browser, report));
}
