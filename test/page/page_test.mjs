// SPDX-License-Identifier: Apache-2.0
// The page in a real browser. page_test.py starts topd on a simulated cluster and calls this; by hand, against any server:
//   node test/page/page_test.mjs --base http://127.0.0.1:8080/ui/ --modules "$(scripts/deps.sh --browser)"
//        [--only mouse,keyboard,...] [--cluster FOLDER --api-port PORT] [--screenshots DIR]
// FOLDER and PORT are topd-sim's: the metrics API is asked with the credentials there.
import { parseArgs } from "node:util";

import { forEveryone } from "./access_steps.mjs";
import { Browser } from "./browser.mjs";
import { cost } from "./cost_steps.mjs";
import { hostile } from "./hostile_steps.mjs";
import { byKeyboard } from "./keyboard_steps.mjs";
import { long } from "./long_steps.mjs";
import { byMouse } from "./mouse_steps.mjs";
import { Report } from "./report.mjs";
import { screenshots } from "./screenshots.mjs";
import { seldom, silent } from "./seldom_steps.mjs";
import { truth } from "./truth_steps.mjs";

const parts = { mouse: byMouse, keyboard: byKeyboard, truth, everyone: forEveryone, hostile, seldom, silent, long, cost, screenshots };

const text = { type: "string" };
const { values: options } = parseArgs({ options: { base: text, modules: text, only: text, cluster: text, "api-port": text, screenshots: text } });
const report = new Report(), browser = await Browser.start(options.modules, options.base);
try {
	for (const part of options.only?.split(",") ?? Object.keys(parts))
		await report.group(part, () => parts[part](browser, report, options));
	browser.checkWitness(report);
} finally {
	await browser.close();
}
process.exitCode = report.finish();
