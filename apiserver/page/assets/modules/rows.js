// SPDX-License-Identifier: Apache-2.0
// The view of a kind: a table of all there are, searched, filtered and sorted by the server.
import { columnsFor, headingOf, isText, sortable } from "./cells.js";
import { choice, el, figure, morph, say } from "./dom.js";
import { brief, count, rangeName, units } from "./format.js";
import { changed, rangeOf, ranges } from "./route.js";
import { longTable } from "./table.js";
import { t } from "./text.js";

const windowSize = 200;
const filters = ["namespace", "node", "workload", "pod"];

// The window moves with the eye, a little ahead of it.
const windowAt = (row) => Math.max(0, Math.floor(row / 50 - 1) * 50);

export function rowsView(main, now, go, ask, place) {
	const { kind } = now,
		title = t(kind + "s");
	let offset = windowAt(place / 34),
		answer,
		pending,
		scales = {};

	const natural = (sort) => (isText(sort) ? "asc" : "desc");
	const order = () => {
		const { sort = "cpu", order = natural(sort) } = now.get;
		return { sort, order };
	};
	const sortBy = (sort) => {
		const turned = order().sort === sort && order().order === natural(sort);
		go(changed(now, { sort, order: turned && (isText(sort) ? "desc" : "asc") }), true);
	};
	const setRange = (range) => go(changed(now, { range }), true);
	const missing = (first) => {
		const wanted = windowAt(first);
		if (!answer || wanted === offset) return;
		offset = wanted;
		clearTimeout(pending);
		pending = setTimeout(ask, 40);
	};
	const body = main.appendChild(el("div"));
	const list = longTable(kind, title, sortBy, missing);
	main.append(list.node);

	const menu = el("select", { "aria-label": t("sort"), onchange: () => sortBy(menu.value) });
	function openMenu() {
		menu.focus();
		// It is not there before the first answer.
		if (document.activeElement === menu) menu.showPicker?.();
	}

	function draw() {
		const { total, matched, sums } = answer;
		morph(
			body,
			el(
				"div",
				el(
					"div.head",
					el("h1", title),
					el(
						"p.sums",
						figure("b", "matched", count(matched), matched),
						matched !== total && t("of", count(total)),
						units.map((unit) => figure("b." + unit, "sum." + unit, brief(unit, sums[unit]), sums[unit]))
					),
					el("span", { "data-own": "sort" }),
					choice(t("range"), ranges, rangeName, rangeOf(now), setRange)
				),
				el(
					"p.head",
					filters
						.filter((name) => now.get[name])
						.map((name) =>
							el(
								"button",
								{ "data-filter": name, onclick: () => go(changed(now, { [name]: null })) },
								el("small", t(name)),
								" ",
								el("bdi", now.get[name]),
								" ×"
							)
						)
				),
				!matched &&
					el(
						"p.empty",
						t(total ? "noMatch" : "empty"),
						" ",
						total > 0 && el("a", { href: `#${kind}s` }, t("clear"))
					)
			)
		);
	}

	return {
		title,
		question() {
			const { namespace, node, workload, pod, q } = now.get;
			return [
				"rows",
				{
					kind,
					namespace,
					node,
					workload,
					pod,
					search: q,
					...order(),
					offset,
					limit: windowSize,
					range: rangeOf(now)
				}
			];
		},
		settled: () => false,
		moved(next) {
			if (["q", "sort", "order", ...filters].some((name) => next.get[name] !== now.get[name])) {
				offset = 0;
				scrollTo(0, 0);
			}
			now = next;
			scales = {};
		},
		show(got) {
			answer = got;
			offset = got.offset;
			// One scale for the whole column: of all windows that were looked at.
			scales[offset] = got.scale;
			const scale = Object.fromEntries(
				units.map((unit) => [unit, Math.max(1, ...Object.values(scales).map((one) => one[unit]))])
			);
			draw();
			const all = columnsFor(kind, got.columns).filter(sortable);
			if (menu.length !== all.length)
				menu.replaceChildren(...all.map((column) => el("option", { value: column }, headingOf(column))));
			menu.value = order().sort;
			const place = body.querySelector("[data-own]");
			// To be put there again would close it.
			if (menu.parentNode !== place) place.append(menu);
			list.node.hidden = !got.matched;
			list.show(got, scale, order(), rangeName(rangeOf(now)));
			if (now.get.q) say(count(got.matched) + " " + title);
		},
		step: list.step,
		sort: openMenu,
		range: setRange,
		close() {
			clearTimeout(pending);
			list.close();
		}
	};
}
