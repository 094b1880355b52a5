// SPDX-License-Identifier: Apache-2.0
// Names that Kubernetes would not let in, should they come all the same: each is text, in every view. topd's answers are
// stood in for, as no cluster could give these.
import { standIn } from "./stand_in.mjs";
import { hash, open, rows, shows } from "./view.mjs";

const names = ["<script>globalThis.struck=1</script>", "<img src=x onerror=globalThis.struck=1>", `"quoted" 'twice' & &amp; \`so\``,
	"\u202Eright-to-left שלום عالم", "x".repeat(253), "javascript:alert(1)", "a/b?c#d%2F..", "{0} ${1}", "⚠️\u0000\u0007名前"];
// A sick pod's view has reasons of its own.
const sick = (answer, which) => (which === "series" ? { ...answer, about: { ...answer.about, reason: names[0], remedy: names[1], address: names[2] } } : answer);

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
	await standIn(page, names, sick);
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
