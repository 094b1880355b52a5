// SPDX-License-Identifier: Apache-2.0
// One question at a time, asked again shortly after the next tick of history, and never while nobody looks.
import { query } from "./route.js";

// question(): [which, parameters]. settled(answer): asking again can tell nothing new. answered(answer) or
// failed(words, status), without status where nothing answered, is called once a request. The browser keeps the last
// answer of each path by its ETag: an answer that is not new costs the 304 only.
export function live({ question, settled, answered, failed }) {
	let timer,
		flight,
		last = {};
	// How long after its time a tick can be read, in seconds: learnt from when the last ones were.
	let lag = 1;

	async function ask() {
		clearTimeout(timer);
		flight?.abort();
		flight = null;
		if (document.hidden) return;
		const mine = (flight = new AbortController()),
			[which, parameters] = question(),
			path = "api/" + which + query(parameters);
		let response, answer;
		try {
			timer = setTimeout(() => mine.abort(), 20000);
			response = await fetch(path, { signal: mine.signal });
			answer = await response.json();
		} catch (error) {
			answer = error;
		}
		if (mine !== flight) return;
		clearTimeout(timer);
		if (!response?.ok || !(answer.tick >= 0)) {
			timer = setTimeout(ask, 5000);
			return failed(answer.error ?? answer.message, response?.ok ? undefined : response?.status);
		}
		const { tick, resolution } = answer,
			fresh = path !== last.path || tick !== last.tick,
			patience = resolution / 5;
		// 0: there was none yet.
		if (!fresh && tick) lag = Math.min(lag + patience, resolution);
		const due = tick + resolution + lag - Date.parse(response.headers.get("Date")) / 1000;
		if (!settled(answer)) timer = setTimeout(ask, Math.max(fresh ? due || resolution : 0, patience) * 1000);
		last = { path, tick };
		answered(answer);
	}

	document.addEventListener("visibilitychange", ask);
	return ask;
}
