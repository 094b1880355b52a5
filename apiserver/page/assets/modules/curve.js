// SPDX-License-Identifier: Apache-2.0
// Curves come as one character a step: its place in the alphabet, of 63, is the share of a scale; "." is no point.
import { el } from "./dom.js";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
export const points = (curve, scale) =>
	curve.map ? curve : [...curve].map((c) => (c === "." ? null : (alphabet.indexOf(c) / 63) * scale));

export const key = (colour) => el("i.key", { style: { background: colour } });

// A small curve of which `scale` fills the height. A gap in the values is a gap in the line.
export function spark(unit, values, scale, label) {
	let line = "",
		area = "",
		start = -1;
	values.forEach((value, x) => {
		const y = (23 - (value / scale) * 22).toFixed(1);
		if (value != null) {
			line += start < 0 ? `M${x} ${y}h.01` : `L${x} ${y}`;
			area += start < 0 ? `M${x} 24V${y}` : `L${x} ${y}`;
			if (start < 0) start = x;
		}
		if (start >= 0 && values[x + 1] == null) {
			area += `V24H${start}Z`;
			start = -1;
		}
	});
	return el(
		"svg.spark." + unit,
		{
			role: "img",
			"aria-label": label,
			preserveAspectRatio: "none",
			viewBox: `0 0 ${Math.max(1, values.length - 1)} 24`
		},
		el("path.area", { d: area }),
		el("path.line", { d: line })
	);
}
