// SPDX-License-Identifier: Apache-2.0
// The same without a mouse: no step here points at anything.
import { ask, awaitOrder, firstRow, hash, open, parameter, pressed, rows, shows } from "./view.mjs";

// What has the focus: [tag, words, data-nav].
const focus = (page) => page.evaluate(() => {
	const { tagName, textContent, dataset } = document.activeElement;
	return [tagName, textContent.trim(), dataset.nav ?? dataset.choice ?? ""];
});

// Presses a key until the focus is where it is wanted: Tab goes round the whole page.
async function press(page, key, wanted, times = 120) {
	for (let i = 0; i < times; i++) {
		await page.keyboard.press(key);
		const found = await focus(page);
		if (await wanted(found)) return found;
	}
	throw new Error(`${key} never came there; the focus is on ${await focus(page)}`);
}

async function frame(page, base, report) {
	await open(page, base);
	await press(page, "Tab", ([, , nav]) => nav === "pod");
	const ring = await page.evaluate(() => {
		const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
		return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
	});
	report.check("the focus is seen", ring);
	await page.keyboard.press("Enter");
	await shows(page, "rows", "pod");
	report.equal("Tab and Enter open a list, and go on from there", await page.evaluate(() => document.activeElement.id), "main");
	await page.keyboard.press("?");
	await page.waitForSelector("dialog[open]");
	await page.keyboard.press("Escape");
	await page.waitForSelector("dialog", { state: "detached" });
	report.check("? shows the keys, Escape closes them", true);
}

async function sorts(page, report) {
	for (const column of ["name", "memory", "cpuShare"]) {
		await page.keyboard.press("s");
		await page.waitForFunction(() => document.activeElement.tagName === "SELECT");
		// The list is the browser's own, and is closed: arrows choose without it, too.
		await page.keyboard.press("Escape");
		await page.keyboard.press("Home");
		const at = await page.evaluate((column) => [...document.activeElement.options].findIndex(({ value }) => value === column), column);
		for (let i = 0; i < at; i++) await page.keyboard.press("ArrowDown");
		await page.waitForFunction((column) => document.querySelector("th[aria-sort]")?.dataset.col === column, column);
		report.equal(`s and arrows sort by ${column}, and the menu keeps the focus`, (await focus(page))[0], "SELECT");
		await page.keyboard.press("Tab");
	}
	await press(page, "Tab", ([tag, words]) => tag === "BUTTON" && words === "Memory");
	const before = await page.getAttribute("th[aria-sort]", "aria-sort");
	await page.keyboard.press("Enter");
	await awaitOrder(page, "memory", "descending");
	await page.keyboard.press("Enter");
	await awaitOrder(page, "memory", "ascending");
	report.check("a heading sorts and turns by Enter, and keeps the focus", (await focus(page))[1] === "Memory", before);
}

async function searches(page, base, report) {
	const { name } = firstRow(await ask(base, "rows?kind=pod&sort=name&order=desc&curves=0"));
	await page.keyboard.press("/");
	await page.keyboard.type(name.slice(0, 8));
	await page.waitForFunction((words) => location.hash.includes("q=" + encodeURIComponent(words)), name.slice(0, 8));
	await page.waitForFunction(() => document.getElementById("say").textContent !== "");
	report.check("/ searches, and the number found is said", /\d/.test(await page.textContent("#say")));
	await page.keyboard.press("Escape");
	report.check("Escape leaves the field", (await focus(page))[0] !== "INPUT");
	await page.keyboard.press("/");
	await page.keyboard.press("Delete");
	await page.waitForFunction(() => !location.hash.includes("q="));
	await page.keyboard.press("Escape");
}

async function drills(page, base, report) {
	const { name } = firstRow(await ask(base, "rows?kind=node&curves=0"), ({ state, cpu, pods }) => state === "ok" && cpu != null && pods !== 0);
	await open(page, base, "#nodes");
	await shows(page, "rows", "node");
	await press(page, "j", ([, words]) => words === name, 40);
	await page.keyboard.press("j");
	await press(page, "k", ([, words]) => words === name, 40);
	report.check("j and k go through rows", true);
	await page.keyboard.press("Enter");
	await shows(page, "detail", "node");
	await page.keyboard.press("j");
	await page.keyboard.press("Enter");
	await shows(page, "detail", "pod");
	const pod = hash(page);
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	await shows(page, "detail", "container");
	report.check("Enter opens a node, a pod and a container", pod.startsWith("#pod/"), pod);
	await page.keyboard.press("Backspace");
	await shows(page, "detail", "pod");
	await page.keyboard.press("Escape");
	await shows(page, "detail", "node");
	await page.keyboard.press("Backspace");
	await shows(page, "rows", "node");
	report.check("Backspace and Escape go back", hash(page) === "#nodes", hash(page));
	return name;
}

async function charts(page, base, node, report) {
	await open(page, base, "#node/" + encodeURIComponent(node));
	for (const [key, range] of [["1", 900], ["3", 21600], ["4", 86400], ["2", 3600]]) {
		await page.keyboard.press(key);
		await pressed(page, range);
	}
	report.check("1 to 4 choose the range", parameter(page, "range") === "3600", hash(page));
	await press(page, "Tab", () => page.evaluate(() => document.activeElement.dataset.chart === "cpu"));
	const at = () => page.evaluate(() => [...document.querySelectorAll("[data-chart] .readout")].map((one) => one.dataset.at));
	await page.keyboard.press("ArrowLeft");
	const before = await at();
	for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft");
	const after = await at();
	report.check("arrow keys move the cursors of all charts", after[0] < before[0] && after.every((one) => one === after[0]), [before, after]);
	report.check("time and value are said", /\d+:\d\d.*\d/.test(await page.textContent("#say")), await page.textContent("#say"));
	await press(page, "Tab", ([tag]) => tag === "SUMMARY");
	await page.keyboard.press("Enter");
	await page.waitForSelector("table.values tbody td");
	report.check("the table of a chart opens", (await page.$$("table.values tbody tr")).length > 10);
}

async function theme(page, base, report) {
	await open(page, base, "#pods");
	const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
	const before = await background();
	await page.keyboard.press("t");
	report.check("t turns the theme", (await background()) !== before, before);
	await page.keyboard.press("t");
	report.equal("and back", await background(), before);
}

// Of a list longer than the page: its last row is reached, too.
async function end(page, base, report) {
	const { total } = await ask(base, "rows?kind=container&curves=0&limit=1");
	await open(page, base, "#containers?sort=name");
	await page.keyboard.press("End");
	const reached = await page.waitForFunction((total) => [...document.querySelectorAll("tr[data-key][aria-rowindex]")]
		.some((tr) => +tr.getAttribute("aria-rowindex") === total + 1), total).then(() => true, () => rows(page));
	report.check(`End shows the last of ${total} rows`, reached === true, reached);
}

export async function byKeyboard(browser, report) {
	const { base } = browser, page = await browser.page({ viewport: { width: 1600, height: 900 } });
	let node;
	await report.group("the frame by keyboard", () => frame(page, base, report));
	await report.group("sorts by keyboard", () => sorts(page, report));
	await report.group("searches by keyboard", () => searches(page, base, report));
	await report.group("drills by keyboard", async () => (node = await drills(page, base, report)));
	if (node) await report.group("charts by keyboard", () => charts(page, base, node, report));
	await report.group("the theme by keyboard", () => theme(page, base, report));
	await report.group("a long list by keyboard", () => end(page, base, report));
	await page.context().close();
}
