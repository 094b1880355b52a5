// SPDX-License-Identifier: Apache-2.0
// What comes seldom: no tick yet, an answer that never ends, figures that are missing or nothing, places that were edited by
// hand, odd languages. Answers are stood in for.
import { at, standIn } from "./stand_in.mjs";
import { ask, figure, hash, nextTick, open, rows, settled, shows, tick } from "./view.mjs";

// Each answer is a tick of one second later than the one before; tick: that of this one.
const ticking = (change = () => {}) => {
	let many = 0;
	return (answer, which, get) => {
		Object.assign(answer, { tick: at + many, asOf: at + many + 3, resolution: 1 });
		return change(answer, many++, which, get) ?? answer;
	};
};

async function noTick(browser, report) {
	for (const place of ["", "#pods", "#node/n1"]) {
		const page = await browser.page();
		await standIn(page, ["n1"], ticking((answer, many) => {
			if (many < 2) answer.tick = 0;
			if (many < 2 && answer.columns) Object.assign(answer, { total: 0, matched: 0, columns: { name: [], cpu: [], memory: [] } });
		}));
		const before = await open(page, browser.base, place).then(() => tick(page), (error) => error.message);
		report.equal(`before the first tick "${place}" is no failure`, [before, await page.isHidden("#notice")], [0, true]);
		report.check("and shows no time", !/\d/.test(await page.textContent("#live")), await page.textContent("#live"));
		if (place === "#pods") report.check("but that there is nothing yet", await page.isVisible(".empty"));
		await page.waitForFunction(() => +document.body.dataset.tick > 0);
		report.check(`and "${place}" asks again soon`, true);
		await page.context().close();
	}
}

async function noEnd(browser, report) {
	const page = await browser.page();
	await page.clock.install();
	await standIn(page, ["n1"], () => null);
	const asked = page.waitForRequest("**/ui/api/**");
	await page.goto(browser.base);
	await asked;
	const faults = [];
	page.on("pageerror", (error) => faults.push(String(error)));
	for (const place of ["#pods", "#node/n1", ""]) {
		await page.evaluate((place) => (location.hash = place), place);
		for (const key of ["s", "j", "k", "1", "4", "t", "t", "Escape"]) await page.keyboard.press(key);
	}
	report.equal("keys do no harm before an answer", faults, []);
	await page.clock.runFor(21_000);
	await page.waitForSelector("body[data-state=lost]");
	report.check("an answer that does not end is given up", true);
	await page.unroute("**/ui/api/**");
	await page.route("**/ui/api/**", (route) => route.fulfill({ body: "<html>Who are you?", contentType: "text/html" }));
	await page.click("[data-nav=pod]");
	await page.waitForSelector("body:not([data-state=loading])[data-view=rows]");
	report.equal("and one that is not topd's is none", await page.getAttribute("body", "data-state"), "lost");
	await page.context().close();
}

// Charts watch their size as long as they are there.
const countObservers = () => {
	globalThis.observed = 0;
	const { observe, disconnect } = ResizeObserver.prototype;
	ResizeObserver.prototype.observe = function (node) {
		globalThis.observed++;
		return observe.call(this, node);
	};
	ResizeObserver.prototype.disconnect = function () {
		globalThis.observed--;
		return disconnect.call(this);
	};
};

async function charts(browser, report) {
	const page = await browser.page();
	await page.addInitScript(countObservers);
	let more = false;
	await standIn(page, ["n1"], ticking((answer) => {
		if (!more) return;
		answer.about.reason = "connection refused";
		answer.swap = { mean: answer.memory.mean };
	}));
	await open(page, browser.base, "#node/n1");
	await page.$eval("[data-chart=cpu]", (node) => (node.first = true));
	const held = () => page.evaluate(() => [!!document.querySelector("[data-chart=cpu]").first, globalThis.observed, document.querySelectorAll(".plot canvas").length]);
	report.equal("two charts are there", await held(), [true, 2, 2]);
	for (const round of [1, 2]) {
		more = true;
		await page.waitForSelector("[data-chart=swap]");
		report.equal(`a reason and a chart that come leave the others, round ${round}`, await held(), [true, 3, 3]);
		more = false;
		await page.waitForSelector("[data-chart=swap]", { state: "detached" });
		report.equal(`and when they go nothing of them is left, round ${round}`, await held(), [true, 2, 2]);
	}
	await page.context().close();
}

async function stale(browser, report) {
	const page = await browser.page();
	await standIn(page, ["web", "gone"], ticking((answer) => {
		const part = answer.parts[1];
		part.cpu = part.cpu.map((value, i) => (i < 200 ? 5 : null));
		part.cpuNow = part.memoryNow = null;
		delete answer.about.cpu;
	}));
	const figures = async () => (await rows(page, "section")).map(({ cells }) => cells.cpu.value);
	await open(page, browser.base, "#namespace/shop");
	report.equal("what has no figure now shows none", [await figures(), await page.textContent("[data-figure=cpu]")], [[7, null], "–"]);
	await open(page, browser.base, `#namespace/shop?from=${at - 3585}&to=${at}`);
	report.equal("and of a past hour its last", [await figures(), await page.textContent("[data-figure=cpu]")], [[7, 5], "7"]);
	await page.context().close();
}

async function nothing(browser, report) {
	const page = await browser.page();
	let scale = 100;
	await standIn(page, ["a", "b"], ticking((answer, _, which) => {
		if (which === "overview") answer.cpu.requested = answer.memory.allocatable = 0;
		if (which !== "rows") return;
		Object.assign(answer.columns, { cpuRequest: [0, 0], cpuLimit: [100, null] });
		answer.scale.cpu = scale;
	}));
	await open(page, browser.base);
	report.equal("a request of nothing draws nothing on the overview", await page.$$eval(".card.cpu .track, .card.memory", (all) =>
		all.slice(0, 2).map((node) => [...node.childNodes].filter(({ nodeType, data }) => nodeType === 3 && data).length)), [0, 0]);
	await open(page, browser.base, "#pods?sort=name");
	report.equal("nor in a row", await page.$$eval("td.cpuShare", (all) => all.map((cell) => cell.textContent)), ["10%", ""]);
	report.equal("a small curve tells no figure that it does not know", (await page.$$eval("svg.spark", (all) => all.map((one) => one.getAttribute("aria-label")))).filter((label) => /\d/.test(label)), []);
	const top = () => page.$eval("th[data-col=cpuCurve]", ({ title }) => title);
	const before = await top();
	scale = 20;
	await nextTick(page);
	report.check("the scale of a column falls with what it shows", (await top()) !== before && (await top()).includes("20"), [before, await top()]);
	await page.context().close();
}

async function noRows(browser, report) {
	const page = await browser.page(), said = [];
	await standIn(page, ["a"], ticking((answer, _, which, get) => {
		if (get.get("search") === "none") Object.assign(answer, { matched: 0, columns: { name: [], cpu: [], memory: [] } });
	}));
	await page.exposeFunction("tellSaid", (words) => said.push(words));
	await open(page, browser.base, "#pods?q=none");
	await page.waitForSelector(".empty");
	const faults = [];
	page.on("pageerror", (error) => faults.push(String(error)));
	for (const key of ["j", "ArrowDown", "k"]) await page.keyboard.press(key);
	await page.evaluate(() => new MutationObserver(() => globalThis.tellSaid(document.getElementById("say").textContent)).observe(document.getElementById("say"), { childList: true }));
	for (let i = 0; i < 3; i++) await nextTick(page);
	report.equal("keys do nothing in a list without rows", faults, []);
	report.equal("and that there are none is said once", said, []);
	await page.context().close();
}

async function goesBack(browser, report) {
	const page = await browser.page();
	await standIn(page, ["a"], ticking());
	await open(page, browser.base);
	await page.click("[data-nav=pod]");
	await shows(page, "rows", "pod");
	await page.reload();
	await settled(page);
	await page.click("[data-nav=node]");
	await shows(page, "rows", "node");
	await page.keyboard.press("Backspace");
	const view = await page.waitForSelector("body[data-kind=pod]").then(() => "pod", () => hash(page));
	report.equal("back goes where one came from, over a reload too", view, "pod");
	await page.click("[data-nav=node]");
	await shows(page, "rows", "node");
	await page.fill("#search", "web");
	await page.waitForFunction(() => location.hash.includes("q=web"));
	await page.goBack();
	await shows(page, "rows", "pod");
	report.equal("and the search has the words of that place", await page.inputValue("#search"), "");
	await page.context().close();
}

async function edited(browser, report) {
	const page = await browser.page(), asked = [], faults = [];
	page.on("pageerror", (error) => faults.push(String(error)));
	await standIn(page, ["a"], ticking((answer, many, which, get) => void asked.push(get.get("range"))));
	for (const range of ["from=x&to=y", "from=20&to=10", "from=1&to=1e999", "from=&to=5", "from=-Infinity&to=5"]) {
		await open(page, browser.base, "#pod/a/a?" + range);
		await page.evaluate((range) => (location.hash = "#pod/a/a?curves=stacked&" + range), range);
		await nextTick(page);
		report.equal(`an edited "${range}" is no range`, [asked.pop(), await page.isVisible("[data-chart=cpu] .readout[data-at]"), faults], ["3600", true, []]);
	}
	await page.context().close();
}

async function languages(browser, report) {
	for (const [query, list, wanted] of [["", ["en-US@posix"], "en"], ["?lang=en-", ["zh-CN"], "zh-CN"], ["?lang=zh-Hant-HK", ["en"], "zh-Hant-HK"], ["?lang=enx", ["ca"], "en"]]) {
		const page = await browser.page();
		await page.addInitScript((list) => Object.defineProperty(navigator, "languages", { get: () => list }), list);
		await standIn(page, ["a"], ticking());
		await page.goto(browser.base + query);
		const shown = await settled(page).then(() => page.evaluate(() => document.documentElement.lang), ({ message }) => message);
		report.equal(`languages ${query} ${list} are ${wanted}`, shown, wanted);
		await page.context().close();
	}
	// With names that have no letters all words are the page's own.
	const page = await browser.page(), own = /^(topd|CPU|Pod|(Esc)?(Backspace)?|watch|objects)$/;
	await standIn(page, ["1"], ticking((answer, _, which) => {
		if (which === "series") answer.about.workload = null;
		if (which === "overview") answer.troubles.state = ["failing"];
		if (answer.columns) Object.assign(answer.columns, { cpuRequest: [20] });
	}));
	for (const place of ["", "#pods", "#nodes", "#containers", "#workloads", "#node/1", "#pod/1/1?curves=stacked", "#cluster"]) {
		await open(page, browser.base + "?lang=zh", place);
		await page.click("#help");
		const words = await page.evaluate(() => [document.body.innerText, ...[...document.querySelectorAll("[title], [aria-label], [placeholder]")].flatMap((node) => [node.title, node.ariaLabel, node.placeholder])].join(" "));
		report.equal(`in Chinese "${place}" has no English words`, [...new Set((words.match(/[A-Za-z]{3,}/g) ?? []).filter((word) => !own.test(word)))], []);
	}
	await page.context().close();
}

// On a cluster that just started, of which no kubelet lets topd in: nothing is stood in for.
export async function silent(browser, report) {
	const { base } = browser, page = await browser.page();
	await open(page, base);
	report.check("the overview stands before there is a tick", true);
	for (let i = 0; i < 2; i++) await nextTick(page);
	const { counts, troubles } = await ask(base, "overview");
	report.equal("and where nothing is measured, with all nodes and their reasons", [await figure(page, "nodes"), await page.$eval("[data-troubles]", (node) => +node.dataset.troubles),
		(await page.$$("[data-troubles] li")).length, counts.nodesWithFigures], [counts.nodes, counts.nodes, counts.nodes, 0]);
	report.equal("and empty charts", await page.$$eval("[data-chart]", (all) => all.map((one) => [one.dataset.chart, one.querySelector("[data-at]")])), [["cpu", null], ["memory", null]]);
	for (const place of ["#nodes", "#pods", "#cluster", "#node/" + troubles.node[0]]) {
		await open(page, base, place);
		await nextTick(page);
		report.check(`"${place}" stands, too`, true);
	}
	report.equal("a node tells its reason", await page.textContent("[data-reason]"), troubles.reason[0]);
	await page.context().close();
}

export async function seldom(browser, report) {
	for (const [name, step] of Object.entries({ "no tick": noTick, "no end": noEnd, charts, stale, nothing, "no rows": noRows, "goes back": goesBack, edited, languages }))
		await report.group(name, () => step(browser, report));
}
