// SPDX-License-Identifier: Apache-2.0
// What somebody does with a mouse: looks, sorts, searches, goes in and back, changes range and theme.
import { ask, awaitOrder, columns, figure, firstRow, hash, nextTick, open, parameter, pressed, rows, shows, sortedBy } from "./view.mjs";

const kinds = ["node", "namespace", "workload", "pod", "container"];

async function loads(page, base, report) {
	await open(page, base);
	const answer = await ask(base, "overview");
	for (const what of ["nodes", "namespaces", "pods", "containers"])
		report.equal(`the overview counts ${what}`, await figure(page, what), answer.counts[what]);
	report.equal("and ranks pods, namespaces and nodes by both", (await page.$$eval("[data-top]", (all) => all.map((one) => one.dataset.top))).sort(),
		["namespace.cpu", "namespace.memory", "node.cpu", "node.memory", "pod.cpu", "pod.memory"]);
	for (const kind of kinds) {
		await page.click(`[data-nav=${kind}]`);
		await shows(page, "rows", kind);
		const { total } = await ask(base, `rows?kind=${kind}&curves=0`);
		report.equal(`${kind}s are listed`, await figure(page, "matched"), total);
	}
}

async function updates(page, report) {
	await page.click("[data-nav=node]");
	await shows(page, "rows", "node");
	const state = () => page.$$eval("tr[data-key] svg.spark.cpu path.line", (all) => all.map((one) => one.getAttribute("d")).join());
	const figures = async () => JSON.stringify((await rows(page)).map(({ key, cells }) => [key, cells.cpu.value]).sort());
	const before = await figures(), curves = await state();
	// Kubelets sample every 10 to 15 s: there may be nothing new for a tick.
	for (let i = 0; i < 4 && (await figures()) === before; i++) await nextTick(page);
	report.check("figures change when ticks come", (await figures()) !== before, before);
	for (let i = 0; i < 8 && (await state()) === curves; i++) await nextTick(page);
	report.check("and so do curves", (await state()) !== curves && curves.length > 0);
}

async function sorts(page, kind, report) {
	await page.click(`[data-nav=${kind}]`);
	await shows(page, "rows", kind);
	for (const column of await columns(page)) {
		const orders = /^(name|namespace|node)$/.test(column) ? ["ascending", "descending"] : ["descending", "ascending"];
		if ((await sortedBy(page))[0]?.[0] === column) orders.reverse();
		for (const order of orders) {
			await page.click(`th[data-col=${column}] button`);
			const found = await awaitOrder(page, column, order).then(() => true, () => rows(page));
			report.check(`${kind}s are sorted by ${column}, ${order}`, found === true,
				found !== true && [await sortedBy(page), found.map(({ cells }) => cells[column])]);
		}
	}
}

async function searches(page, base, report) {
	const { name } = firstRow(await ask(base, "rows?kind=pod&sort=name&curves=0"));
	const words = name.slice(0, 9);
	await page.click("[data-nav=pod]");
	await shows(page, "rows", "pod");
	await page.fill("#search", words);
	const { matched } = await ask(base, `rows?kind=pod&curves=0&search=${encodeURIComponent(words)}`);
	await page.waitForFunction((matched) => +document.querySelector("[data-figure=matched]").dataset.value === matched, matched);
	const found = await rows(page);
	report.check("a search finds rows by a part of their names", found.length > 0 &&
		found.every(({ key, cells }) => (key + " " + cells.node?.text).toLowerCase().includes(words.toLowerCase())), found.map(({ key }) => key));
	report.equal("and stands in the URL", parameter(page, "q"), words);
	await page.fill("#search", "no such thing anywhere");
	await page.waitForFunction(() => document.querySelector("[data-figure=matched]").dataset.value === "0");
	report.equal("one for nothing shows no rows", (await rows(page)).length, 0);
	await page.fill("#search", "");
	await page.waitForFunction(() => document.querySelector("[data-figure=matched]").dataset.value !== "0");
}

// A node that is well and has pods, and one of its pods.
async function healthyNode(base) {
	return firstRow(await ask(base, "rows?kind=node&curves=0"), ({ state, cpu, pods }) => state === "ok" && cpu != null && pods !== 0).name;
}

async function drills(page, base, report) {
	const node = await healthyNode(base);
	await page.click("[data-nav=node]");
	await shows(page, "rows", "node");
	const list = hash(page);
	await page.click(`tr[data-key="${node}"] th[data-col=name] a`);
	await shows(page, "detail", "node");
	const atNode = hash(page);
	report.equal("a node opens", await page.textContent("h1"), node);
	await page.click("main section tr[data-key] th[data-col=name] a");
	await shows(page, "detail", "pod");
	const atPod = hash(page), pod = await page.textContent("h1");
	report.check("a pod opens from its node", (await page.textContent("[data-about=node]")) === node, pod);
	await page.click("main section tr[data-key] th[data-col=name] a");
	await shows(page, "detail", "container");
	report.check("a container opens from its pod", hash(page).includes(encodeURIComponent(pod)), hash(page));
	for (const [place, view, kind] of [[atPod, "detail", "pod"], [atNode, "detail", "node"], [list, "rows", "node"]]) {
		await page.goBack();
		await shows(page, view, kind);
		report.equal(`back to the ${view} of ${kind}`, hash(page), place);
	}
	return { node, atNode };
}

async function ranges(page, base, atNode, report) {
	await open(page, base, atNode);
	await page.click("[data-own=cpu] details summary");
	for (const range of [900, 21600, 86400, 3600]) {
		const answered = page.waitForResponse((answer) => answer.url().includes("/api/series?") && new URL(answer.url()).searchParams.get("range") === String(range));
		await page.click(`[data-choice="${range}"]`);
		await pressed(page, range);
		const { start, step, count, tick } = await (await answered).json(), past = Math.min(range, 7200);
		await page.waitForFunction((count) => Math.abs(document.querySelectorAll("[data-own=cpu] table.values tbody tr").length - count) < 2, count);
		report.check(`a detail view has the range ${range}`, count > 2 && Math.abs(start - (tick - past)) < Math.max(past / 4, 2 * step), [start, step, count, tick]);
	}
	await page.click('[data-choice="86400"]');
	await page.waitForFunction(() => document.querySelectorAll("[data-own=cpu] table.values thead th").length === 3);
	report.check("a day is told by means and maxima, in a table, too",
		(await page.$$eval("[data-own=cpu] table.values td", (cells) => cells.filter((cell) => cell.dataset.value).length)) > 2);
	await page.click("[data-nav=pod]");
	await shows(page, "rows", "pod");
	await page.click('[data-choice="86400"]');
	await pressed(page, 86400);
	report.equal("a list has them, too, and the URL says which", parameter(page, "range"), "86400");
}

async function cursors(page, base, atNode, report) {
	await open(page, base, atNode);
	const box = await (await page.$("[data-chart=cpu] .plot")).boundingBox();
	const at = (chart) => page.getAttribute(`[data-chart=${chart}] .readout`, "data-at");
	const before = await at("cpu");
	await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2);
	await page.waitForFunction((before) => document.querySelector("[data-chart=cpu] .readout").dataset.at !== before, before);
	report.equal("the cursors of both charts are in step", await at("memory"), await at("cpu"));
	await page.mouse.down();
	await page.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2, { steps: 4 });
	await page.mouse.up();
	await page.waitForFunction(() => /from=\d+/.test(location.hash) && /to=\d+/.test(location.hash));
	const [from, to] = ["from", "to"].map((name) => +parameter(page, name));
	report.check("what is dragged becomes the range, and is in the URL", to > from && to - from < 3600, [from, to]);
	await page.click("button.pin");
	await page.waitForFunction(() => !location.hash.includes("from="));
	report.check("and goes live again", true);
}

async function themes(page, report) {
	const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
	const before = await background();
	await page.click("#theme");
	await page.waitForFunction((before) => getComputedStyle(document.documentElement).backgroundColor !== before, before);
	const dark = await background();
	await page.reload();
	await page.waitForSelector("body[data-state=ok]");
	report.equal("the theme is kept over a reload", await background(), dark);
	report.equal("and nothing else is stored", await page.evaluate(() => [Object.keys(localStorage).length, Object.keys(sessionStorage).length, document.cookie]), [1, 0, ""]);
	await page.click("#theme");
	await page.waitForFunction((before) => getComputedStyle(document.documentElement).backgroundColor === before, before);
}

export async function byMouse(browser, report) {
	const { base } = browser, page = await browser.page({ viewport: { width: 1600, height: 900 } });
	let found;
	await report.group("loads", () => loads(page, base, report));
	await report.group("updates", () => updates(page, report));
	for (const kind of kinds) await report.group(`sorts ${kind}s`, () => sorts(page, kind, report));
	await report.group("searches", () => searches(page, base, report));
	await report.group("drills", async () => (found = await drills(page, base, report)));
	if (found) {
		await report.group("ranges", () => ranges(page, base, found.atNode, report));
		await report.group("cursors", () => cursors(page, base, found.atNode, report));
	}
	await report.group("themes", () => themes(page, report));
	await page.context().close();
}
