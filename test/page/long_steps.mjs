// SPDX-License-Identifier: Apache-2.0
// A large cluster: lists of tens of thousands of rows are sorted and searched by topd and shown by the window.
import http from "node:http";

import { ask, awaitOrder, figure, open, rows, shows } from "./view.mjs";

const sent = (url) => new Promise((resolve, reject) => http.get(url, { headers: { "Accept-Encoding": "gzip" } }, (answer) => {
	let bytes = 0;
	answer.on("data", (part) => (bytes += part.length)).on("end", () => resolve(bytes));
}).on("error", reject));

async function scrolls(page, base, report) {
	const { total } = await ask(base, "rows?kind=pod&limit=1&curves=0");
	await open(page, base, "#pods?sort=name");
	report.equal("the list has all pods", await figure(page, "matched"), total);
	const drawn = () => page.$$eval("table.rows tr[data-key]", (all) => all.length);
	report.check("of which few are drawn", (await drawn()) < 200, await drawn());
	for (const part of [0.5, 1, 0.25]) {
		await page.evaluate((part) => scrollTo(0, part * document.documentElement.scrollHeight), part);
		// Rows in the middle of the window, whichever these are now.
		const at = await page.waitForFunction(() => {
			const tr = document.elementFromPoint(400, innerHeight / 2)?.closest("tr[data-key]");
			return tr && +tr.getAttribute("aria-rowindex") - 2;
		}).then((handle) => handle.jsonValue());
		const [wanted, found] = [await ask(base, `rows?kind=pod&sort=name&limit=1&offset=${at}&curves=0`), await page.getAttribute(`tr[aria-rowindex="${at + 2}"]`, "data-key")];
		report.equal(`row ${at} of the list is that of topd`, found, `${wanted.columns.namespace[0]}/${wanted.columns.name[0]}`);
	}
	report.check("and still few are drawn", (await drawn()) < 200, await drawn());
}

async function finds(page, base, report) {
	await open(page, base, "#pods");
	await page.fill("#search", "kube-proxy node-0001");
	const { matched } = await ask(base, "rows?kind=pod&search=kube-proxy%20node-0001&curves=0");
	await page.waitForFunction((matched) => +document.querySelector("[data-figure=matched]").dataset.value === matched, matched);
	report.check("a search by two words finds what has both", matched > 0 && (await rows(page)).every(({ key }) => key.includes("kube-proxy")), matched);
	await page.fill("#search", "");
	await page.waitForFunction((matched) => +document.querySelector("[data-figure=matched]").dataset.value > matched, matched);
	await page.click("th[data-col=memory] button");
	await awaitOrder(page, "memory", "descending");
	const { columns } = await ask(base, "rows?kind=pod&sort=memory&limit=1&curves=0");
	const [first] = await rows(page);
	report.check("the greatest of all comes first", first.cells.memory.value >= columns.memory[0] * 0.9, [first, columns.memory]);
	await page.click("tr[data-key] th[data-col=name] a");
	await shows(page, "detail", "pod");
}

async function bytes(base, report) {
	for (const [what, path, most] of [["2,000 pods with curves", "rows?kind=pod&limit=2000", 200_000], ["a window of 200 pods", "rows?kind=pod&limit=200", 30_000],
		["the overview", "overview", 20_000]]) {
		const begun = performance.now(), size = await sent(new URL("api/" + path, base));
		report.check(`${what} arrive in less than ${most / 1000} kB`, size < most, size);
		report.figure(what, `${size} bytes in ${(performance.now() - begun).toFixed(0)} ms`);
	}
}

export async function long(browser, report) {
	const page = await browser.page({ viewport: { width: 1600, height: 900 } });
	await report.group("a long list", () => scrolls(page, browser.base, report));
	await report.group("finds", () => finds(page, browser.base, report));
	await report.group("bytes", () => bytes(browser.base, report));
	await page.context().close();
}
