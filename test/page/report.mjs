// SPDX-License-Identifier: Apache-2.0
// Counts checks as test/simulated/harness.py does; the last line it prints is "N passed, N failed".
export class Report {
	passed = 0;
	failed = 0;

	check(name, good, detail = "") {
		if (good) this.passed++;
		else this.failed++;
		const words = typeof detail === "string" ? detail : JSON.stringify(detail);
		console.log(good ? `ok    ${name}` : `FAIL  ${name}: ${words.slice(0, 1500)}`);
	}

	equal(name, found, wanted) {
		const [one, other] = [found, wanted].map((value) => JSON.stringify(value));
		this.check(name, one === other, `${one}, not ${other}`);
	}

	// Checks that belong together: those of the next group are made even when this one throws.
	async group(name, work) {
		try {
			await work();
		} catch (error) {
			this.check(name, false, error.stack ?? String(error));
		}
	}

	figure(name, value) {
		console.log(`      ${name}: ${value}`);
	}

	leaveOut(what) {
		console.log(`left out: ${what}`);
	}

	finish() {
		console.log(`${this.passed} passed, ${this.failed} failed`);
		return this.failed ? 1 : 0;
	}
}
