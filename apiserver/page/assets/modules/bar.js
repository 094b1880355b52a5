// SPDX-License-Identifier: Apache-2.0
// A bar of usage: filled to what is used, a tick at the request, a stronger one at the limit or capacity.
import { el } from "./dom.js";
import { brief, percent } from "./format.js";
import { t } from "./text.js";

export function bar(unit, used, size) {
	const { capacity, limit, request } = size,
		end = capacity || limit,
		whole = end || request;
	const at = (value) => ((value / Math.max(whole, request ?? 0, used)) * 100).toFixed(1) + "%";
	const title = Object.keys(size)
		.filter((name) => size[name] != null)
		.map((name) => t(name) + " " + brief(unit, size[name]))
		.join(" · ");
	return el(
		"span.use." + unit,
		{ title, "data-near": end && used >= end * 0.9 },
		whole && [
			el(
				"span.track",
				el("i.fill", { style: { width: at(used) } }),
				request && el("i.request", { style: { left: at(request) } }),
				end && el("i.limit", { style: { left: at(end) } })
			),
			el("span.of", percent(used, whole), !end && el("small", " ", t("req")))
		]
	);
}
