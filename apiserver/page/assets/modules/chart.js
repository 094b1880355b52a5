// SPDX-License-Identifier: Apache-2.0
// A large chart: a figure with its title, what is under the cursor in words, the canvas of uPlot and a table of the same
// values. The cursors of all charts in view move together, by mouse and by arrow keys.
import { key } from "./curve.js";
import { el, figure, morph, say, smallTable } from "./dom.js";
import { brief, day, large, minute, moment } from "./format.js";
import { t } from "./text.js";

// Each curve on those before it. Where one is missing the others still stand; where all are, there is a gap.
function stack(curves) {
	let below = [];
	return curves.map(
		({ values }) =>
			(below = values.map((value, i) =>
				value == null && below[i] == null ? null : (value ?? 0) + (below[i] ?? 0)
			))
	);
}

const font = "px system-ui";
const binary = Array.from({ length: 52 }, (_, power) => 2 ** power);

// Shows given[name] in [data-own=name] of `body`; `charts` holds those that are there. Without `given` there are none.
export function show(charts, body, given = {}, zoom) {
	for (const name in charts) {
		if (given[name] && charts[name].node.isConnected) continue;
		charts[name].close();
		delete charts[name];
	}
	for (const name in given) {
		if (!charts[name]) {
			charts[name] = chart(name, given[name].unit, zoom);
			body.querySelector(`[data-own=${name}]`).append(charts[name].node);
		}
		charts[name].show({ title: t(name), ...given[name] });
	}
}

// zoom(from, to): a range was dragged.
function chart(name, unit, zoom) {
	const id = "chart-" + name,
		heading = el("h2", { id: id + "-title" }),
		plot = el("div.plot"),
		words = el("div"),
		values = el("div");
	const details = el("details", { id, ontoggle: drawTable }, el("summary", t("table")), values);
	const node = el(
		"figure",
		{ tabindex: 0, "aria-labelledby": id + "-title", "aria-details": id, onkeydown: move, "data-chart": name },
		heading,
		words,
		plot
	);
	// Colours are CSS; a canvas wants them resolved.
	const resolved = (colour, part = 100) => {
		plot.style.color = `color-mix(in srgb, ${colour} ${part}%, transparent)`;
		return getComputedStyle(plot).color;
	};
	let u, made, now, title;

	// Lines far above the curves would press these flat: they are told in words only.
	const near = () => now.lines.filter(({ value }) => value <= now.top * 2);
	const range = () => [
		now.low * 1.08,
		Math.max(0, now.top, ...near().map(({ value }) => value)) * 1.08 || 1
	];

	function drawLines({ ctx, bbox: { left, top, width, height }, valToPos }) {
		const px = devicePixelRatio;
		const line = (colour, x, y, right, bottom) => {
			ctx.strokeStyle = ctx.fillStyle = resolved(colour);
			ctx.beginPath();
			ctx.moveTo(x, y);
			ctx.lineTo(right, bottom);
			ctx.stroke();
		};
		ctx.save();
		ctx.lineWidth = px;
		ctx.font = 11 * px + font;
		ctx.setLineDash([4 * px, 3 * px]);
		ctx.textAlign = "right";
		ctx.textBaseline = "bottom";
		for (const { value, word, colour } of near()) {
			const y = Math.round(valToPos(value, "y", true));
			line(colour, left, y, left + width, y);
			ctx.fillText(word, left + width, y);
		}
		ctx.textAlign = "center";
		for (const { at, kind } of now.marks) {
			const x = Math.round(valToPos(at, "x", true));
			if (x < left || x > left + width) continue;
			line("var(--bad)", x, top, x, top + height);
			ctx.fillText(kind === "ended" ? "■" : kind === "begun" ? "▶" : "↻", x, top);
		}
		ctx.restore();
	}

	function times(_, splits) {
		let last = day(now.from);
		return splits.map((at) => minute(at) + (day(at) === last ? "" : "\n" + (last = day(at))));
	}

	function make() {
		u?.destroy();
		const { curves, stacked } = now,
			[{ max, colour }] = curves;
		const veil = (colour) => () => resolved(colour, stacked ? 45 : 25),
			points = { show: false };
		const series = curves.map(({ colour }, i) => ({
			stroke: () => resolved(colour),
			width: stacked ? 0.7 : 1.5,
			points,
			fill: !max && !i && (stacked || curves.length === 1) ? veil(colour) : null
		}));
		const bands = stacked
			? curves.slice(1).map(({ colour }, i) => ({ series: [i + 2, i + 1], fill: veil(colour) }))
			: [];
		if (max) {
			series.push({ stroke: veil(colour), points });
			bands.push({ series: [2, 1], fill: veil(colour) });
		}
		const axis = (more) => ({
			stroke: () => resolved("var(--quiet)"),
			font: 11 + font,
			ticks: { show: false },
			grid: { stroke: () => resolved("var(--line)"), width: 1 },
			...more
		});
		u = new uPlot(
			{
				width: plot.clientWidth,
				height: plot.clientHeight,
				series: [{}, ...series],
				bands,
				legend: { show: false },
				padding: [16, 8, 0, 0],
				scales: { x: { range: () => [now.from, now.to] }, y: { range } },
				axes: [
					axis({ values: times, size: 34 }),
					axis({
						size: 64,
						space: 36,
						incrs: unit && unit !== "cpu" && binary,
						values: (_, splits) =>
							splits.map((v) => (unit === "cpu" && v >= 1000 ? large(unit, v)[0] : v && brief(unit, v)))
					})
				],
				cursor: { y: false, sync: { key: "topd", scales: ["x", null] }, drag: { setScale: false } },
				hooks: { draw: [drawLines], setCursor: [drawWords], setSelect: [select] }
			},
			now.data,
			plot
		);
	}

	function select({ select: { left, width }, posToVal }) {
		u.setSelect({ left: 0, width: 0 }, false);
		if (width > 8) zoom?.(...[left, left + width].map((at) => Math.round(posToVal(at, "x"))));
	}

	const lastIndex = () =>
		Math.max(
			0,
			now.x.findLastIndex((_, i) => now.curves.some(({ values }) => values[i] != null))
		);
	// [word, value, colour] of all curves at a point.
	const at = (i) =>
		now.curves.flatMap(({ word, values, max, colour }) => [
			[word, values[i], colour],
			...(max ? [[t("max"), max[i], colour]] : [])
		]);

	function drawWords() {
		// The cursor may be where an earlier range had more points.
		const { x, lines } = now,
			i = Math.min(u?.cursor.idx ?? lastIndex(), x.length - 1);
		morph(
			words,
			el(
				"div",
				now.top == null
					? el("p.readout", t("noPoints"))
					: el(
							"p.readout",
							{ "data-at": x[i] },
							moment(x[i]),
							at(i).map(([word, value, colour]) =>
								el(
									"span",
									key(colour),
									el("bdi", word),
									" ",
									figure("b", "at", brief(unit, value), value)
								)
							),
							lines.map(({ word, value }) => el("span", word, " ", brief(unit, value)))
						)
			)
		);
	}

	function move(event) {
		const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
		if (!by || !now?.x.length) return;
		event.preventDefault();
		const i = Math.max(0, Math.min(now.x.length - 1, (u.cursor.idx ?? lastIndex() - by) + by));
		u.setCursor({ left: u.valToPos(now.x[i], "x"), top: 9 }, true, true);
		say([moment(now.x[i]), ...at(i).map(([word, value]) => word + " " + brief(unit, value))].join(", "));
	}

	function drawTable() {
		if (!details.open) return;
		morph(
			values,
			el(
				"div.scroll",
				{ tabindex: 0, role: "group", "aria-label": t("table") },
				smallTable(
					"values",
					title,
					[t("time"), ...at(0).map(([word]) => word || title)],
					now.x.map((time, i) =>
						el(
							"tr",
							el("th", { scope: "row" }, moment(time)),
							at(i).map(([, value]) => el("td", { "data-value": value ?? "" }, brief(unit, value)))
						)
					)
				)
			)
		);
	}

	const redraw = () => u?.redraw(false);
	addEventListener("theme", redraw);
	const size = new ResizeObserver(() => u?.setSize({ width: plot.clientWidth, height: plot.clientHeight }));
	size.observe(plot);

	return {
		node: el("div", node, details),
		// given: {title, x, from, to, curves: [{word, colour, values, max?}], stacked, lines, marks}; max of a single curve only
		show(given) {
			now = { lines: [], marks: [], ...given };
			heading.textContent = title = now.title;
			const { x, curves, stacked } = now,
				ys = stacked ? stack(curves) : curves.flatMap(({ values, max }) => (max ? [values, max] : [values]));
			now.data = [x, ...ys];
			now.top = ys.flat().reduce((top, v) => (v == null || v < top ? top : v), null);
			now.low = ys.flat().reduce((low, v) => (v < low ? v : low), 0);
			const shape = JSON.stringify([stacked, curves.map(({ colour, max }) => colour + !!max)]);
			if (shape === made) u.setData(now.data);
			else make();
			made = shape;
			drawWords();
			drawTable();
		},
		close() {
			size.disconnect();
			removeEventListener("theme", redraw);
			u?.destroy();
		}
	};
}
