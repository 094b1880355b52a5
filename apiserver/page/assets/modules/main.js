// SPDX-License-Identifier: Apache-2.0
// The frame: which view is open, what it asks, and how it stands with the answers.
import { detailView } from "./detail.js";
import { byId, el, put, write } from "./dom.js";
import { clock, moment } from "./format.js";
import { help, keys, nextTheme } from "./keys.js";
import { live } from "./live.js";
import { overviewView } from "./overview.js";
import { changed, kinds, route, toRows } from "./route.js";
import { rowsView } from "./rows.js";
import { t } from "./text.js";

const main = byId("main"),
	notice = byId("notice"),
	search = byId("search"),
	nav = byId("nav");
const views = { overview: overviewView, rows: rowsView, detail: detailView };
// Where each entry of the browser's history was scrolled to.
const places = new Map();
let now,
	view,
	answer,
	typing,
	seen = 0;

function status(name, words = "") {
	put(document.body, "data-state", name);
	notice.hidden = !words;
	write(notice, words);
	byId("live").textContent =
		name === "loading"
			? t("loading")
			: (name === "ok" ? t(view.settled(answer) ? "pinned" : "live") + " " : "") +
				(answer?.tick ? clock(answer.tick) : "");
}

const ask = live({
	question: () => view.question(),
	settled: (got) => view.settled(got),
	answered(got) {
		answer = got;
		view.show(got);
		main.style.minHeight = "";
		put(document.body, "data-tick", got.tick);
		status("ok");
	},
	failed(words, code) {
		status(code ?? "lost", code < 500 ? t("refused", words) : t("lost", answer ? moment(answer.tick) : "–"));
	}
});

// event: of the browser, where the place was not changed by what is typed.
function open(event) {
	const next = route(),
		same = ({ view, kind, names }) => JSON.stringify([view, kind, names]);
	// They outlive the page.
	const entry = history.state?.entry ?? seen + 1;
	history.replaceState({ entry }, "");
	seen = Math.max(seen, entry);
	if (now && same(next) === same(now)) view.moved((now = next));
	else {
		if (view) {
			view.close();
			main.focus({ preventScroll: true });
		}
		main.replaceChildren();
		answer = null;
		now = next;
		const place = places.get(entry) ?? 0;
		main.style.minHeight = place + innerHeight + "px";
		scrollTo(0, place);
		view = views[now.view](main, now, go, ask, place);
		put(document.body, "data-view", now.view);
		put(document.body, "data-kind", now.kind);
		document.title = view.title + " · topd";
		status("loading");
	}
	for (const link of nav.children) put(link, "aria-current", link.dataset.nav === now.kind && "page");
	if (event || document.activeElement !== search) search.value = now.get.q ?? "";
	ask();
}

function go(hash, replace) {
	if (!replace) location.hash = hash;
	else {
		history.replaceState(history.state, "", hash);
		open();
	}
}

function find() {
	const q = search.value.trim();
	go(now.view === "rows" ? changed(now, { q }) : toRows("pod", { q }), now.view === "rows");
}

const back = () =>
	history.state.entry > 1
		? history.back()
		: go(now.view === "detail" && now.kind !== "cluster" ? toRows(now.kind) : "#");

history.scrollRestoration = "manual";
nav.append(
	...["", ...kinds].map((kind) =>
		el("a", { href: kind ? toRows(kind) : "#", "data-nav": kind }, t(kind ? kind + "s" : "overview"))
	)
);
put(search, "placeholder", t("search"));
put(search, "aria-label", t("search"));
byId("theme").onclick = nextTheme;
byId("help").onclick = help;
for (const id of ["theme", "help"]) put(byId(id), "aria-label", t(id));
search.oninput = () => {
	clearTimeout(typing);
	if (now.view === "rows") typing = setTimeout(find, 120);
};
byId("find").onsubmit = (event) => {
	event.preventDefault();
	clearTimeout(typing);
	find();
};
// A place that was just asked for has no entry yet.
addEventListener("scrollend", () => places.set(history.state?.entry, scrollY));
addEventListener("hashchange", open);
keys(() => view, back);
open();
