// SPDX-License-Identifier: Apache-2.0
// For everyone: axe-core finds nothing on any view in any look, nothing is wider than a narrow screen, a link shows the same
// to whoever opens it, and a node that is sick says why.
import { ask, firstRow, open, rows, shows, sortedBy } from "./view.mjs";

const looks = { light: { colorScheme: "light" }, dark: { colorScheme: "dark" }, "forced colours": { forcedColors: "active" } };

// One place of each view; of details a healthy one and, where there is one, a sick node.
export async function places(base) {
	const nodes = await ask(base, "rows?kind=node&curves=0"), pods = await ask(base, "rows?kind=pod&limit=50&curves=0");
	const node = firstRow(nodes, ({ state, cpu }) => state === "ok" && cpu != null), sick = firstRow(nodes, ({ state }) => state && state !== "ok");
	const pod = firstRow(pods, ({ cpu }) => cpu != null), name = encodeURIComponent;
	return { overview: "", nodes: "#nodes", namespaces: "#namespaces", workloads: "#workloads", pods: "#pods", containers: "#containers",
		node: `#node/${name(node.name)}`, pod: `#pod/${name(pod.namespace)}/${name(pod.name)}`, cluster: "#cluster?range=86400",
		...(sick && { sick: `#node/${name(sick.name)}` }) };
}

async function axe(browser, report) {
	for (const [look, media] of Object.entries(looks)) {
		const page = await browser.page({ viewport: { width: 1280, height: 900 }, ...media, reducedMotion: "reduce" });
		for (const [place, hash] of Object.entries(await places(browser.base))) {
			await open(page, browser.base, hash);
			// Through the debugger: the page's own policy would not let it in.
			await page.evaluate(browser.axe);
			const found = await page.evaluate(async () => (await globalThis.axe.run(document, { resultTypes: ["violations"] })).violations
				.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 200)} (${failureSummary?.split("\n")[1]?.trim()})`).join(" | ")}`));
			report.check(`axe finds nothing on ${place} in ${look}`, !found.length, found.join("\n"));
		}
		await page.context().close();
	}
}

async function narrow(browser, report) {
	for (const width of [320, 360]) {
		const page = await browser.page({ viewport: { width, height: 640 } });
		for (const [place, hash] of Object.entries(await places(browser.base))) {
			await open(page, browser.base, hash);
			const wide = await page.evaluate(() => {
				const { scrollWidth, clientWidth } = document.documentElement;
				const beyond = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > clientWidth + 1);
				return scrollWidth > clientWidth ? [scrollWidth, beyond.slice(0, 5).map((one) => one.outerHTML.slice(0, 120))] : null;
			});
			report.check(`${place} fits into ${width} pixels`, !wide, wide);
		}
		await page.context().close();
	}
}

async function links(browser, report) {
	const page = await browser.page({ viewport: { width: 1600, height: 900 } }), { base } = browser;
	const pod = firstRow(await ask(base, "rows?kind=pod&limit=1&curves=0"));
	await open(page, base, `#pods?namespace=${encodeURIComponent(pod.namespace)}&sort=name&order=desc&range=21600`);
	const seen = async (page) => [(await rows(page)).map(({ key }) => key), await sortedBy(page),
		await page.$$eval("[aria-pressed=true]", (all) => all.map((one) => one.dataset.choice)), await page.$$eval("[data-filter]", (all) => all.map((one) => one.textContent))];
	const first = await seen(page), url = page.url();
	report.check("a place has its filter, order and range", first[0].length > 1 && first[0].every((key) => key.startsWith(pod.namespace + "/")) &&
		first[1][0].join() === "name,descending" && first[2].includes("21600") && first[3].length === 1, first);
	await page.reload();
	await shows(page, "rows", "pod");
	report.equal("a reload shows the same", await seen(page), first);
	const other = await browser.page({ viewport: { width: 1600, height: 900 } });
	await other.goto(url);
	await shows(other, "rows", "pod");
	report.equal("and so does another browser", await seen(other), first);
	const { tick } = await ask(base, "overview"), hour = `#pod/${encodeURIComponent(pod.namespace)}/${encodeURIComponent(pod.name)}?from=${tick - 1800}&to=${tick - 600}`;
	await open(other, base, hour);
	await other.click("[data-own=cpu] details summary");
	const values = () => other.$$eval("[data-own=cpu] table.values td", (cells) => cells.map((cell) => cell.dataset.value));
	await other.waitForSelector("[data-own=cpu] table.values td");
	const past = await values();
	await other.reload();
	await shows(other, "detail", "pod");
	await other.click("[data-own=cpu] details summary");
	await other.waitForSelector("[data-own=cpu] table.values td");
	report.check("a link to a pod and its past shows the same later", past.length > 10 && JSON.stringify(await values()) === JSON.stringify(past), [past, await values()]);
	await page.context().close();
	await other.context().close();
}

async function sickness(browser, report) {
	const { base } = browser, { troubles } = await ask(base, "overview");
	if (!troubles.total) return report.leaveOut("the reason of a sick node: no node of this cluster is sick");
	const page = await browser.page(), [node, reason, remedy] = [troubles.node[0], troubles.reason[0], troubles.remedy[0]];
	report.check("a sick node has a reason and a remedy", reason?.length > 10 && remedy?.length > 10, [reason, remedy]);
	await open(page, base);
	const told = await page.textContent("[data-troubles]");
	report.check("the overview tells node, reason and remedy", [node, reason, remedy].every((words) => told.includes(words)), told);
	await page.click(`[data-troubles] a >> text=${node}`);
	await shows(page, "detail", "node");
	report.equal("its own view tells the reason", await page.textContent("[data-reason]"), reason);
	report.check("and the remedy", (await page.textContent(".trouble")).includes(remedy));
	await open(page, base, "#nodes");
	const row = (await rows(page)).find(({ key }) => key === node);
	report.check("and so does its row, in words", row && row.state !== "ok" && JSON.stringify(row.cells).includes(JSON.stringify(reason).slice(1, -1)), row);
	await page.context().close();
}

export async function forEveryone(browser, report) {
	await report.group("links", () => links(browser, report));
	await report.group("sickness", () => sickness(browser, report));
	await report.group("narrow", () => narrow(browser, report));
	await report.group("axe", () => axe(browser, report));
}
