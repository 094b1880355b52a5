// SPDX-License-Identifier: Apache-2.0
// One thing in full: what is known about it, large charts, and what it is made of.
import { bar } from "./bar.js";
import { cell, figures, headings, link, rowKey } from "./cells.js";
import { show } from "./chart.js";
import { choice, el, figure, morph, smallTable } from "./dom.js";
import { age, brief, count, large, moment, percent, rangeName, units } from "./format.js";
import { changed, rangeOf, ranges, toRows } from "./route.js";
import { t } from "./text.js";

const last = (values = []) => values.findLast((value) => value != null) ?? null;
const sizes = ["Request", "Limit", "Capacity"];
// As many colours as there are parts, all as strong as that of CPU.
const colourOf = ({ name }, i) => (name ? `oklch(from var(--cpu) l c calc(h + ${i * 137}))` : "var(--quiet)");

export function detailView(main, now, go) {
	const { kind, names } = now,
		{ namespace, name } = names,
		charts = {};
	let answer;
	const body = main.appendChild(el("div"));
	const pinned = () => now.get.from > 0 && +now.get.from < +now.get.to && now.get.to < 1e10;
	const zoom = (from, to) => go(changed(now, { from, to, range: null }));
	const reset = () => pinned() && (go(changed(now, { from: null, to: null })), true);
	const setRange = (range) => go(changed(now, { range, from: null, to: null }), true);
	const setCurves = (curves) => go(changed(now, { curves }), true);
	const allPods = (words) =>
		el("a", { href: toRows("pod", kind === "workload" ? { namespace, workload: name } : { [kind]: name }) }, words);

	function facts() {
		const { node, workload, started, lastSample, restarts, pods, address } = answer.about;
		const known = {
			node: node && kind !== "node" && link("node", { name: node }),
			workload: workload && link("workload", { namespace, name: workload }),
			started: started && `${moment(started)} (${t("ago", age(answer.asOf - started))})`,
			restarts: restarts != null && count(restarts),
			pods: pods && allPods(count(pods)),
			address,
			lastSample: lastSample && moment(lastSample)
		};
		return el(
			"dl.facts",
			Object.keys(known).map(
				(name) => known[name] && el("div", el("dt", t(name)), el("dd", { "data-about": name }, known[name]))
			),
			answer.more?.volumes?.map(({ name, used, capacity }) =>
				el(
					"div",
					el("dt", t("volume"), " ", name),
					el("dd", { "data-value": used }, brief("memory", used), " ", el("small", percent(used, capacity)))
				)
			)
		);
	}

	const sizeOf = (unit) => Object.fromEntries(sizes.map((size) => [size.toLowerCase(), answer.lines[unit + size]]));

	function big(unit) {
		// The figure of kubectl top; of a past hour its last point.
		const value = pinned() ? last(answer[unit].mean) : answer.about[unit];
		const [digits, word] = large(unit, value);
		return el(
			"p.huge." + unit,
			el("span.label", t(unit)),
			figure("strong", unit, digits, value),
			word,
			value != null && bar(unit, value, sizeOf(unit))
		);
	}

	function parts(list, coloured) {
		const of = kind === "pod" ? "container" : "pod",
			scale = {};
		const rows = list.map((part, i) => {
			const row = {
				kind: of,
				name: part.name,
				namespace: part.namespace ?? namespace ?? name,
				pod: kind === "pod" ? name : null,
				colour: coloured && colourOf(part, i)
			};
			for (const unit of units) {
				row[unit] = pinned() ? last(part[unit]) : part[unit + "Now"];
				row[unit + "Limit"] = part[unit + "Limit"];
				row[unit + "Curve"] = part[unit];
				scale[unit] = Math.max(scale[unit] ?? 1, ...part[unit]);
			}
			return row;
		});
		const columns = ["name", ...figures];
		return el(
			"section",
			el("h2", of === "pod" ? allPods(t("pods") + " →") : t("containers")),
			smallTable(
				"rows",
				t(of + "s"),
				headings(columns, pinned() ? t("range") : rangeName(rangeOf(now)), scale),
				rows.map((row) =>
					el(
						"tr",
						{ "data-key": rowKey(row) },
						columns.map((column) => cell(column, row, { given: scale, shown: scale }))
					)
				)
			)
		);
	}

	function draw() {
		const { more = {}, own = [], tick, swap, start, step, lines, about } = answer,
			list = answer.parts ?? [];
		const mode = list.length > 1 ? (now.get.curves ?? "total") : "total";
		const [from, to] = pinned() ? [+now.get.from, +now.get.to] : [tick - rangeOf(now), tick];
		const given = {};
		for (const unit of units) {
			const { mean, max } = answer[unit];
			given[unit] = {
				unit,
				marks: answer.marks,
				stacked: mode === "stacked",
				lines: sizes
					.map((size) => ({
						value: lines[unit + size],
						word: t(size.toLowerCase()),
						colour: size === "Limit" ? "var(--bad)" : "var(--quiet)"
					}))
					.filter(({ value }) => value != null),
				curves:
					mode === "total"
						? [{ word: max ? t("mean") : "", colour: `var(--${unit})`, values: mean, max }]
						: list.map((part, i) => ({
								word: part.name ?? t("others"),
								colour: colourOf(part, i),
								values: part[unit]
							}))
			};
		}
		for (const [name, unit, ...all] of [
			["network", "rate", ["received", more.networkReceived], ["sent", more.networkSent]],
			["filesystem", "memory", ["used", more.filesystemUsed]],
			["swap", "memory", ["used", swap?.mean]]
		]) {
			const curves = all
				.filter(([, values]) => values)
				.map(([word, values], i) => ({ word: t(word), values, colour: colourOf({ name }, i) }));
			if (curves[0]) given[name] = { unit, curves };
		}
		// What the pod says of itself and an autoscaler follows: plain numbers, by the name it was asked for.
		own.forEach(
			({ name, selector, values }, i) =>
				(given["own" + i] = {
					unit: "",
					title: t("metric", name + (selector ? ` {${selector}}` : "")),
					curves: [{ word: "", colour: colourOf({ name }, i), values }]
				})
		);
		const x = Array.from({ length: answer.count }, (_, i) => start + i * step);
		for (const name in given) Object.assign(given[name], { x, from, to });
		morph(
			body,
			el(
				"div",
				el(
					"p.crumbs",
					el(
						"a",
						{ href: kind === "cluster" ? "#" : toRows(kind) },
						t(kind === "cluster" ? "overview" : kind + "s")
					),
					namespace && [" / ", link("namespace", { name: namespace })],
					names.pod && [" / ", link("pod", { namespace, name: names.pod })]
				),
				el("h1", { dir: "auto" }, name ?? t("cluster")),
				facts(),
				about.reason &&
					// Without a key of its own it would push what follows out of its elements.
					el(
						"div.trouble",
						{ "data-key": "trouble" },
						el("p", { "data-reason": "" }, about.reason),
						el("p.quiet", about.remedy)
					),
				el("div.wholes", units.map(big)),
				el(
					"div.head",
					choice(t("range"), ranges, rangeName, !pinned() && rangeOf(now), setRange),
					el("button.pin", { onclick: () => reset() || zoom(from, to) }, t(pinned() ? "reset" : "pin")),
					pinned() && el("span.quiet", moment(from), " – ", moment(to)),
					list.length > 1 && choice(t("curves"), ["total", "stacked", "apart"], t, mode, setCurves)
				),
				el(
					"div.charts",
					Object.keys(given).map((name) => el("div.card", { "data-key": name, "data-own": name }))
				),
				list.length > 0 && parts(list, mode !== "total")
			)
		);
		show(charts, body, given, zoom);
	}

	return {
		title: name ?? t("cluster"),
		question: () => [
			"series",
			{ kind, ...names, ...(pinned() ? { from: now.get.from, to: now.get.to } : { range: rangeOf(now) }) }
		],
		// The past does not change.
		settled: ({ tick }) => pinned() && now.get.to <= tick,
		moved(next) {
			now = next;
			if (answer) draw();
		},
		show(got) {
			answer = { about: {}, lines: {}, ...got };
			draw();
		},
		links: () => body.querySelectorAll("tbody .name a"),
		range: setRange,
		reset,
		close: () => show(charts)
	};
}
