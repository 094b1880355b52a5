// SPDX-License-Identifier: Apache-2.0
// Chromium with an empty profile, and a witness of all it does: requests, violations of the policy, complaints.
import { createRequire } from "node:module";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];

export class Browser {
	// modules: the folder that scripts/deps.sh --browser prints.
	static async start(modules, base) {
		const require = createRequire(modules + "/");
		const browser = new Browser();
		browser.base = base;
		browser.axe = require("axe-core").source;
		browser.chromium = await require("playwright-core").chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: flags });
		browser.requests = [];
		browser.violations = [];
		browser.complaints = [];
		return browser;
	}

	// A page of a profile of its own, nothing cached. options: of playwright's newContext, such as viewport and colorScheme.
	// expected: complaints of the console that belong to the test.
	async page(options = {}, expected = /^$/) {
		const context = await this.chromium.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", colorScheme: "light", ...options });
		context.setDefaultTimeout(60_000);
		await context.exposeFunction("tellViolation", (words) => this.violations.push(words));
		await context.addInitScript(() => document.addEventListener("securitypolicyviolation",
			({ violatedDirective, blockedURI }) => globalThis.tellViolation(`${violatedDirective} ${blockedURI}`)));
		context.on("request", (request) => this.requests.push(request.url()));
		const page = await context.newPage();
		const complain = (words) => expected.test(words) || this.complaints.push(words);
		page.on("console", (message) => ["error", "warning"].includes(message.type()) && complain(message.text()));
		page.on("pageerror", (error) => complain(error.stack ?? String(error)));
		page.on("dialog", (dialog) => {
			complain("a dialog: " + dialog.message());
			dialog.dismiss();
		});
		return page;
	}

	// What nothing on the page may have done, whatever was tested.
	checkWitness(report) {
		const { origin } = new URL(this.base);
		const elsewhere = this.requests.filter((url) => !url.startsWith(origin + "/") && !url.startsWith("data:"));
		report.check(`all of ${this.requests.length} requests went to topd`, this.requests.length > 0 && !elsewhere.length, elsewhere);
		report.check("nothing went against the content security policy", !this.violations.length, this.violations);
		report.check("the console has no complaint", !this.complaints.length, this.complaints);
	}

	close() {
		return this.chromium.close();
	}
}
