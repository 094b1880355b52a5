// SPDX-License-Identifier: Apache-2.0
// Figures as people read them.
import { language, t } from "./text.js";

export const units = ["cpu", "memory"];

// In tables as kubectl top writes them: millicores, and Mi and shares rounded down.
export const exact = (unit, n) =>
	n == null ? "–" : unit === "cpu" ? Math.ceil(n) + "m" : Math.floor(n / 1048576) + "Mi";
export const percent = (part, whole) => (part == null || !whole ? "" : Math.floor((part / whole) * 100) + "%");

const digits = (n) => String(+n.toPrecision(n < 1000 ? 3 : 4));
// In large print and on axes: [number, unit]. Plain numbers have no unit.
export function large(unit, n) {
	if (n == null) return ["–", ""];
	if (!unit) return [digits(n), ""];
	if (unit === "cpu") return n < 1000 ? [digits(n), "m"] : [digits(n / 1000), t(n === 1000 ? "core" : "cores")];
	let power = 0;
	for (; n >= 1000 && power < 5; power++) n /= 1024;
	return [digits(n), ["B", "Ki", "Mi", "Gi", "Ti", "Pi"][power] + (unit === "rate" ? "/s" : "")];
}
export const brief = (unit, n) => large(unit, n).join(unit === "cpu" && n < 1000 ? "" : " ");

// In the largest unit of which there are at least two.
export function age(seconds) {
	for (const [unit, size] of [
		["d", 86400],
		["h", 3600],
		["m", 60]
	])
		if (seconds >= 2 * size) return Math.floor(seconds / size) + unit;
	return seconds == null ? "–" : Math.max(0, seconds) + "s";
}

const moments = (options) => {
	const format = new Intl.DateTimeFormat(language, { hourCycle: "h23", ...options });
	return (seconds) => format.format(seconds * 1000);
};
const hm = { hour: "2-digit", minute: "2-digit" },
	md = { month: "short", day: "numeric" };
export const minute = moments(hm);
export const clock = moments({ ...hm, second: "2-digit" });
export const day = moments(md);
export const moment = moments({ ...md, ...hm, second: "2-digit" });
export const count = (n) => (n == null ? "–" : n.toLocaleString(language));
export const rangeName = (range) => (range < 3600 ? t("minutes", range / 60) : t("hours", range / 3600));
