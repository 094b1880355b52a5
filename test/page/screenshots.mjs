// SPDX-License-Identifier: Apache-2.0
// Pictures for docs/: page-VIEW-LOOK.png of each view, light and dark, and of two on a telephone.
import { places } from "./access_steps.mjs";
import { open } from "./view.mjs";

export async function screenshots(browser, report, { screenshots: folder }) {
	if (!folder) return;
	const all = await places(browser.base);
	for (const colorScheme of ["light", "dark"]) {
		const page = await browser.page({ colorScheme, viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 });
		for (const view of ["overview", "nodes", "pods", "node", "pod", "sick"]) {
			if (all[view] === undefined) continue;
			await open(page, browser.base, all[view]);
			await page.screenshot({ path: `${folder}/page-${view}-${colorScheme}.png`, animations: "disabled" });
		}
		await page.context().close();
	}
	const page = await browser.page({ viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 });
	for (const view of ["overview", "pod"]) {
		await open(page, browser.base, all[view]);
		await page.screenshot({ path: `${folder}/page-${view}-narrow.png`, animations: "disabled" });
	}
	await page.context().close();
	report.figure("screenshots", folder);
}
