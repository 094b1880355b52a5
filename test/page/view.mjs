// SPDX-License-Identifier: Apache-2.0
// The page as a test reads it: by what it promises to have, data-view, data-key, data-col and the like, never by its words.

export async function open(page, base, hash = "") {
	await page.goto("about:blank");
	await page.goto(base + hash);
	await settled(page);
}

// Until the view shows an answer.
export const settled = (page) => page.waitForSelector("body[data-state=ok]");

export async function shows(page, view, kind = "") {
	await page.waitForSelector(`body[data-state=ok][data-view="${view}"][data-kind="${kind}"]`);
}

export const tick = (page) => page.evaluate(() => +document.body.dataset.tick);
export const nextTick = async (page, patience = 60_000) => {
	const before = await tick(page);
	await page.waitForFunction((before) => +document.body.dataset.tick > before, before, { timeout: patience });
	return tick(page);
};

// Rows in sight: {key, state, cells: {column: {text, value}}}; value as it came, null where there is none.
export const rows = (page, within = "") => page.$$eval(`${within} table.rows tr[data-key]`, (found) => found.map((tr) => ({
	key: tr.dataset.key, state: tr.dataset.state,
	cells: Object.fromEntries([...tr.querySelectorAll("[data-col]")].map((cell) => [cell.dataset.col, { text: cell.textContent.trim(),
		link: cell.querySelector("a")?.textContent, value: cell.dataset.value ? +cell.dataset.value : null }])),
})));

export const figure = (page, name) => page.$eval(`[data-figure="${name}"]`, (node) => +node.dataset.value);
export const columns = (page) => page.$$eval("table.rows thead th", (heads) => heads.filter((th) => th.querySelector("button")?.checkVisibility()).map((th) => th.dataset.col));
export const sortedBy = (page) => page.$$eval("th[aria-sort]", (heads) => heads.map((th) => [th.dataset.col, th.getAttribute("aria-sort")]));

// Until the heading says so and the rows in sight are in that order; what has no value comes last. Ages are told as starts:
// the oldest started first.
export const awaitOrder = (page, column, order) => page.waitForFunction(([column, order]) => {
	const head = document.querySelector("th[aria-sort]");
	if (head?.dataset.col !== column || head.getAttribute("aria-sort") !== order) return false;
	const values = [...document.querySelectorAll(`table.rows tr[data-key] [data-col=${column}]`)].map((cell) =>
		"value" in cell.dataset ? (cell.dataset.value === "" ? null : +cell.dataset.value) : cell.querySelector("a")?.textContent ?? "");
	const known = values.filter((value) => value != null), falls = (order === "descending") !== (column === "age");
	return known.length > 1 && values.slice(0, known.length).every((value) => value != null) &&
		known.every((value, i) => !i || (falls ? known[i - 1] >= value : known[i - 1] <= value));
}, [column, order]);

export const pressed = (page, choice) => page.waitForSelector(`[data-choice="${choice}"][aria-pressed=true]`);
export const hash = (page) => new URL(page.url()).hash;
// A parameter of the place that is open.
export const parameter = (page, name) => new URLSearchParams(hash(page).split("?")[1]).get(name);

// Columns of the page's own API.
export async function ask(base, path) {
	const answer = await fetch(new URL("api/" + path, base));
	if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
	return answer.json();
}
// One of the rows that the API gives, as an object, or undefined.
export function firstRow({ columns }, fits = () => true) {
	const all = columns.name.map((_, i) => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]])));
	return all.find(fits);
}
