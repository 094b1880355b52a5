// SPDX-License-Identifier: Apache-2.0
// The cluster at one look: what there is, what is promised, what is used, by whom, what is wrong, what changed.
import { link } from "./cells.js";
import { show } from "./chart.js";
import { el, figure, morph, smallTable } from "./dom.js";
import { age, count, exact, large, minute, moment, percent, rangeName, units } from "./format.js";
import { toDetail, toRows } from "./route.js";
import { t } from "./text.js";

const named = (kind, namespace, name, more) => [
	link(kind, { namespace, name }),
	namespace && el("small", namespace, more)
];

function whole(answer, unit) {
	const all = answer[unit],
		{ used, requested, allocatable } = all;
	const part = (value) => Math.min(100, (value / allocatable) * 100) + "%";
	const [digits, word] = large(unit, used);
	return el(
		"section.card." + unit,
		el(
			"p.huge",
			el("span.label", t(unit)),
			figure("strong", unit + ".used", digits, used),
			word,
			el("span.quiet", allocatable ? t("of", large(unit, allocatable).join(" ")) : t("unknown"))
		),
		allocatable && [
			el(
				"span.track",
				el("i.fill", { style: { width: part(used) } }),
				requested && [
					el("i.fill.reserved", { style: { width: part(requested) } }),
					el("i.limit", { style: { left: part(requested) } })
				]
			),
			el(
				"dl.facts",
				[
					["used", "share", percent(used, allocatable), used / allocatable],
					...["requested", "limits", "capacity"].map((name) => [
						name,
						name,
						large(unit, all[name]).join(" "),
						all[name],
						name !== "capacity" && percent(all[name], allocatable)
					])
				].map(([word, name, words, value, share]) =>
					el(
						"div",
						el("dt", t(word)),
						el("dd", figure("b", unit + "." + name, words, value), el("small", share))
					)
				)
			)
		],
		el("div", { "data-own": unit })
	);
}

function ranking(kind, unit, { name, namespace, [unit]: values }) {
	const title = t("by", t(kind + "s"), t(unit));
	return (
		name.length > 0 &&
		el(
			"section.card." + unit,
			{ "data-top": kind + "." + unit },
			el("h2", el("a", { href: toRows(kind, { sort: unit }) }, title, " →")),
			smallTable(
				"top",
				title,
				[t("name"), t(unit), t("share", t(unit))],
				name.map((one, i) =>
					el(
						"tr",
						{ "data-key": (namespace ? namespace[i] + "/" : "") + one },
						el("th", { scope: "row" }, named(kind, namespace?.[i], one)),
						el("td", { "data-col": unit, "data-value": values[i] }, exact(unit, values[i])),
						el("td", el("i.fill", { style: { width: (values[i] / (values[0] || 1)) * 100 + "%" } }))
					)
				)
			)
		)
	);
}

function troubles({ troubles: sick, podsWithout: without, asOf }) {
	const list = (what, title, { total, reason }, head, remedy) =>
		total > 0 &&
		el(
			"section.card.trouble",
			{ ["data-" + what]: total },
			el("h2", t(what === "troubles" ? "sick" : "without", t(title), count(total))),
			el(
				"ul",
				reason.map((words, i) =>
					el("li", head(i), el("p", { "data-reason": "" }, words), remedy && el("p.quiet", remedy[i]))
				)
			),
			total > reason.length && el("p.quiet", t("more", count(total - reason.length)))
		);
	return el(
		"div.wholes",
		list(
			"troubles",
			"nodes",
			sick,
			(i) => [
				link("node", { name: sick.node[i] }),
				" ",
				el("b", t(sick.state[i])),
				" ",
				el(
					"small",
					t("lastSample"),
					" ",
					sick.lastSample[i] ? t("ago", age(asOf - sick.lastSample[i])) : t("never")
				)
			],
			sick.remedy
		),
		list("without", "pods", without, (i) => named("pod", without.namespace[i], without.name[i]))
	);
}

function changes({ changes: all }) {
	return el(
		"section.card",
		el(
			"div.head",
			el("h2", t("changes")),
			el(
				"p.quiet",
				all.asOf
					? ["begun", "ended", "restarts"].map((what) => t(what) + " " + all[what]).join(" · ")
					: t("loading")
			)
		),
		all.kind.length > 0 &&
			smallTable(
				"changes",
				t("changes"),
				["what", "pod", "before", "now", "time"].map((word) => t(word)),
				all.kind.map((kind, i) =>
					el(
						"tr",
						{ "data-change": kind },
						el("td", el("b." + kind, t(kind))),
						el(
							"th",
							{ scope: "row" },
							named("pod", all.namespace[i], all.name[i], all.container[i] && " · " + all.container[i])
						),
						[all.before[i], all.now[i]].map((value) =>
							el(
								"td",
								{ "data-value": value ?? "" },
								value == null ? "" : units.includes(kind) ? exact(kind, value) : value
							)
						),
						el("td", all.at[i] && minute(all.at[i]))
					)
				)
			)
	);
}

export function overviewView(main) {
	const body = main.appendChild(el("div")),
		charts = {};
	return {
		title: t("overview"),
		question: () => ["overview"],
		settled: () => false,
		moved() {},
		show(answer) {
			const {
					counts,
					reach: { longFrom, recentFrom, cut },
					curve,
					top
				} = answer,
				since = longFrom || recentFrom;
			const known = counts.nodes + counts.pods > 0;
			morph(
				body,
				el(
					"div",
					el(
						"div.head",
						el("h1", t("cluster")),
						el(
							"p.sums",
							["nodes", "namespaces", "pods", "containers"].map((what) =>
								el(
									"a",
									{ href: "#" + what, "data-figure": what, "data-value": counts[what] },
									el("b", count(counts[what])),
									" ",
									t(what)
								)
							)
						),
						since > 0 &&
							el(
								"a.quiet",
								{
									href: toDetail("cluster", {}, { range: 86400 }),
									"data-figure": "since",
									"data-value": since
								},
								t("since", moment(since)) + (cut ? t("cut") : "") + " →"
							)
					),
					known
						? [
								el(
									"div.wholes",
									units.map((unit) => whole(answer, unit))
								),
								troubles(answer),
								el(
									"div.tops",
									["Cpu", "Memory"].flatMap((by, i) =>
										["pod", "namespace", "node"].map((kind) =>
											ranking(kind, units[i], top[`${kind}sBy${by}`])
										)
									)
								),
								changes(answer)
							]
						: el("p.empty", t("empty"))
				)
			);
			const given = {};
			if (known)
				for (const unit of units) {
					const values = curve[unit],
						x = values.map((_, n) => curve.from + (n + 1) * curve.step);
					given[unit] = {
						unit,
						title: t(unit) + ", " + rangeName(3600),
						x,
						from: x[0],
						to: x.at(-1),
						curves: [{ word: "", colour: `var(--${unit})`, values }]
					};
				}
			show(charts, body, given);
		},
		links: () => body.querySelectorAll(".top a"),
		close: () => show(charts)
	};
}
