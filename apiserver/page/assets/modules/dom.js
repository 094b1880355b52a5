// SPDX-License-Identifier: Apache-2.0
// Elements, and the only way by which names of the cluster enter the page: as text and as attributes, never as HTML.

// el("p.quiet", {title: "x"}, "words", child): objects are attributes, what is null, false or 0 is left out.
export function el(what, ...rest) {
	const [tag, ...classes] = what.split(".");
	const space = tag === "svg" || tag === "path" ? "2000/svg" : "1999/xhtml";
	const node = document.createElementNS("http://www.w3.org/" + space, tag);
	if (classes[0]) put(node, "class", classes.join(" "));
	for (const part of rest.flat(2)) {
		if (!part) continue;
		if (part.nodeType || typeof part !== "object") node.append(part);
		else for (const name in part) put(node, name, part[name]);
	}
	return node;
}

export function put(node, name, value) {
	if (name.startsWith("on")) node[name] = value;
	else if (name === "style") Object.assign(node.style, value);
	else if (value == null || value === false) node.removeAttribute(name);
	else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value === true ? "" : value);
}

const keyOf = (node) => node?.dataset?.key;

// Makes `old` like `fresh` and touches only what differs, so that focus, selection and scroll stay where they are.
// Children with data-key keep their element wherever they go; what is in [data-own] is another's.
export function morph(old, fresh) {
	if (old.same && old.same === fresh.same) return;
	old.same = fresh.same;
	old.onclick = fresh.onclick;
	for (const { name } of [...old.attributes]) if (name !== "open" && !fresh.hasAttribute(name)) put(old, name);
	for (const { name, value } of fresh.attributes) if (name !== "style") put(old, name, value);
	if (old.style.cssText !== fresh.style.cssText) old.style.cssText = fresh.style.cssText;
	if (old.dataset.own) return;
	const wanted = new Set([...fresh.children].map(keyOf)),
		held = new Map();
	for (const child of [...old.children]) {
		const key = keyOf(child);
		if (key && !wanted.has(key)) child.remove();
		else held.set(key, child);
	}
	let place = old.firstChild;
	for (const child of [...fresh.childNodes]) {
		const key = keyOf(child);
		const match = key ? held.get(key) : place?.nodeName === child.nodeName && !keyOf(place) && place;
		if (!match) old.insertBefore(child, place);
		else {
			if (match === place) place = place.nextSibling;
			else (old.moveBefore ?? old.insertBefore).call(old, match, place);
			if (match.attributes) morph(match, child);
			else if (match.data !== child.data) match.data = child.data;
		}
	}
	while (place) {
		const next = place.nextSibling;
		place.remove();
		place = next;
	}
}

export const byId = (id) => document.getElementById(id);
// Of a place that is read out when it changes: the same words are no change.
export function write(node, words) {
	if (node.textContent !== words) node.textContent = words;
}
export const say = (words) => write(byId("say"), words);
// A figure as people read it, and as it came for those who compute with it.
export const figure = (tag, name, words, value) => el(tag, { "data-figure": name, "data-value": value ?? "" }, words);

// A group of buttons of which one is pressed.
export const choice = (label, values, words, chosen, pick) =>
	el(
		"span.choice",
		{ role: "group", "aria-label": label },
		values.map((value) =>
			el(
				"button",
				{ "data-choice": value, "aria-pressed": String(value === chosen), onclick: () => pick(value) },
				words(value)
			)
		)
	);

// A table of few rows; that of many is in table.js.
export const smallTable = (name, caption, heads, body) =>
	el(
		"table." + name,
		el("caption.unseen", caption),
		el(
			"thead",
			el(
				"tr",
				heads.map((head) => (head.nodeType ? head : el("th", { scope: "col" }, head)))
			)
		),
		el("tbody", body)
	);
