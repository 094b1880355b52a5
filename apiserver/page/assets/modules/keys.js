// SPDX-License-Identifier: Apache-2.0
// The keyboard, as in top and less; never while one types, nor with a modifier that the browser has a use for.
import { byId, el } from "./dom.js";
import { ranges } from "./route.js";
import { t } from "./text.js";

export function help() {
	const keys = {
		"/": t("search"),
		"j k ↓ ↑": t("rows"),
		"Esc Backspace": t("back"),
		s: t("sort"),
		"1 2 3 4": t("range"),
		"← →": t("cursor"),
		t: t("theme")
	};
	const node = el(
		"dialog",
		{ "aria-label": t("help"), onclose: () => node.remove(), onclick: () => node.close() },
		el(
			"dl",
			Object.keys(keys).map((names) =>
				el(
					"div.head",
					el(
						"dt",
						names.split(" ").map((name) => el("kbd", name))
					),
					el("dd", keys[names])
				)
			)
		),
		el("button", t("close"))
	);
	document.body.append(node);
	node.showModal();
}

// Charts draw with the colours of the theme, and hear of another.
const told = () => dispatchEvent(new Event("theme"));
const dark = matchMedia("(prefers-color-scheme: dark)");
dark.onchange = told;
const root = document.documentElement.style;
// The theme is all that is stored, where storage is allowed.
try {
	root.colorScheme = localStorage["topd-theme"] ?? "";
} catch {}
export function nextTheme() {
	root.colorScheme = (root.colorScheme || (dark.matches ? "dark" : "light")) === "dark" ? "light" : "dark";
	try {
		localStorage["topd-theme"] = root.colorScheme;
	} catch {}
	told();
}

// view(): the one that is open. back(): to where one came from.
export function keys(view, back) {
	const step = (by) => {
		const open = view();
		if (open.step) return open.step(by);
		const links = [...open.links()];
		links[Math.max(0, Math.min(links.length - 1, links.indexOf(document.activeElement) + by))]?.focus();
	};
	addEventListener("keydown", (event) => {
		const search = byId("search"),
			{ key } = event;
		if (
			event.ctrlKey ||
			event.metaKey ||
			event.altKey ||
			document.querySelector("dialog") ||
			event.target.matches("select, .scroll")
		)
			return;
		if (event.target === search) {
			if (key === "Escape") {
				// Else Chromium empties the field and tells nobody.
				event.preventDefault();
				search.blur();
			}
			if (key !== "ArrowDown") return;
		}
		const acts = {
			"/": () => (search.focus(), search.select()),
			j: () => step(1),
			ArrowDown: () => step(1),
			k: () => step(-1),
			ArrowUp: () => step(-1),
			s: () => view().sort?.(),
			t: nextTheme,
			"?": help,
			Backspace: back,
			Escape: () => view().reset?.() || back()
		};
		const act = ranges[key - 1] ? () => view().range?.(ranges[key - 1]) : acts[key];
		if (!act) return;
		event.preventDefault();
		act();
	});
}
