// SPDX-License-Identifier: Apache-2.0
// What is shown stands in the URL behind "#", and nowhere else: kind/name/name?parameters. Being a fragment, it works
// below the path of any proxy.
const namesOf = {
	cluster: [],
	node: ["name"],
	namespace: ["name"],
	workload: ["namespace", "name"],
	pod: ["namespace", "name"],
	container: ["namespace", "pod", "name"]
};
export const kinds = Object.keys(namesOf).slice(1);
export const ranges = [900, 3600, 21600, 86400];

// {view: overview, rows or detail, kind, names: {namespace, pod, name} as far as the kind has them, get: parameters}
export function route() {
	const [path, query] = location.hash.slice(1).split("?");
	const get = Object.fromEntries(new URLSearchParams(query));
	const [first, ...rest] = path.split("/");
	const kind = kinds.find((one) => one + "s" === first);
	if (kind) return { view: "rows", kind, names: {}, get };
	try {
		if (namesOf[first].length === rest.length)
			return {
				view: "detail",
				kind: first,
				names: Object.fromEntries(namesOf[first].map((name, i) => [name, decodeURIComponent(rest[i])])),
				get
			};
	} catch {
		// Not one of ours: the overview.
	}
	return { view: "overview", kind: "", names: {}, get };
}

export function query(parameters = {}) {
	const get = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value)).toString();
	return get && "?" + get;
}
export const toRows = (kind, get) => `#${kind}s` + query(get);
export const toDetail = (kind, names, get) =>
	"#" + [kind, ...namesOf[kind].map((name) => encodeURIComponent(names[name]))].join("/") + query(get);
// The same place with some parameters changed; null takes one away.
export const changed = ({ view, kind, names, get }, changes) =>
	view === "rows" ? toRows(kind, { ...get, ...changes }) : toDetail(kind, names, { ...get, ...changes });
export const rangeOf = ({ get }) => (ranges.includes(+get.range) ? +get.range : 3600);
