// SPDX-License-Identifier: Apache-2.0
// A table of any length, of which only the rows in sight exist; the page holds a window of its rows.
import { cell, columnsFor, headings, rowKey, sortable } from "./cells.js";
import { el, morph, put } from "./dom.js";

const beyond = 12;

// sort(column): its heading was chosen. missing(first): rows from there on are in sight and not held.
export function longTable(kind, caption, sort, missing) {
	const head = el("tr"),
		body = el("tbody", { "data-rows": "" });
	const [above, below] = [0, 1].map(() => el("tbody", { "aria-hidden": "true" }, el("tr", el("td"))));
	const node = el("table.rows." + kind, el("caption.unseen", caption), el("thead", head), above, body, below);
	let rows = [],
		offset = 0,
		matched = 0,
		shown = [],
		scales,
		frame;

	const rowHeight = () => parseFloat(getComputedStyle(node).getPropertyValue("--row"));
	const linkAt = (index) => body.querySelector(`[aria-rowindex="${index + 2}"] a`);
	const indexOf = (tr) => tr.getAttribute("aria-rowindex") - 2;

	function draw() {
		frame = 0;
		const height = rowHeight(),
			top = node.getBoundingClientRect().top + head.offsetHeight;
		const first = Math.max(0, Math.floor(-top / height) - beyond);
		const last = Math.min(matched, Math.ceil((innerHeight - top) / height) + beyond);
		const from = Math.max(first, offset),
			to = Math.max(from, Math.min(last, offset + rows.length));
		if (from > first || to < last) missing(first);
		const had = body.contains(document.activeElement) && indexOf(document.activeElement.closest("tr"));
		const present = new Map([...body.children].map((tr) => [tr.dataset.key, tr.same]));
		const fresh = el("tbody", { "data-rows": "" });
		for (const row of rows.slice(from - offset, to - offset)) {
			const tr = el("tr", { "data-key": row.key, "data-state": row.state, "aria-rowindex": row.index + 2 });
			tr.same = row;
			if (present.get(row.key) !== row) tr.append(...shown.map((column) => cell(column, row, scales)));
			fresh.append(tr);
		}
		morph(body, fresh);
		for (const [spacer, many] of [
			[above, from],
			[below, matched - to]
		]) {
			spacer.hidden = many <= 0;
			spacer.firstChild.firstChild.style.height = many * height + "px";
		}
		if (had !== false && !body.contains(document.activeElement)) linkAt(had)?.focus({ preventScroll: true });
	}

	const soon = () => (frame ||= requestAnimationFrame(draw));
	addEventListener("scroll", soon, { passive: true });
	addEventListener("resize", soon);

	return {
		node,
		// scale: what fills the height of all curves. order: {sort, order}.
		show(answer, scale, order, range) {
			({ offset, matched } = answer);
			shown = columnsFor(kind, answer.columns);
			scales = { given: answer.scale, shown: scale };
			rows = answer.columns.name.map((name, i) => {
				const row = { kind, index: offset + i, asOf: answer.asOf };
				for (const column in answer.columns) row[column] = answer.columns[column][i];
				row.key = rowKey(row);
				return row;
			});
			morph(
				head,
				el(
					"tr",
					headings(
						shown,
						range,
						scale,
						(column, words) =>
							sortable(column) ? el("button", { onclick: () => sort(column) }, words) : words,
						(column) => ({ "aria-sort": column === order.sort && order.order + "ending" })
					)
				)
			);
			put(node, "aria-rowcount", matched + 1);
			draw();
		},
		// Moves the focus by rows; into the first in sight where none has it.
		step(by) {
			const at = document.activeElement?.closest("[data-rows] tr");
			const from = at ?? body.children[scrollY > 200 ? beyond + 2 : 0] ?? body.lastChild;
			if (!from) return;
			const index = indexOf(from) + (at ? by : 0);
			if (!linkAt(index) && index >= 0 && index < matched) {
				scrollBy(0, by * rowHeight() * 4);
				draw();
			}
			linkAt(index)?.focus();
		},
		close() {
			cancelAnimationFrame(frame);
			removeEventListener("scroll", soon);
			removeEventListener("resize", soon);
		}
	};
}
