# SPDX-License-Identifier: Apache-2.0
"""topd doctor on a real control plane: healthy, and with one thing wrong at a time.

    doctor_test.py --binaries FOLDER --topd FILE [--keep] [FINDING...]

For each seed the report must name exactly that finding, and nothing once it is undone. The last line counts both.
"""
import argparse
import pathlib
import shutil
import sys
import tempfile
import time
import traceback

sys.path[:0] = map(str, pathlib.Path(__file__).resolve().parents[:2])
from control_plane import wait_for  # noqa: E402
from doctor_cluster import Cluster  # noqa: E402
from doctor_seeds import SEEDS  # noqa: E402


def wait_for_report(cluster, ids, seconds, replaced=None):
    """Changes take a moment to get round. Returns the report that names these and nothing else."""
    last = None

    def look():
        nonlocal last
        last = cluster.doctor(replaced)
        return last.ids() == ids

    try:
        wait_for(f"the report to name {ids}", look, seconds, 1)
    except TimeoutError as gave_up:
        raise AssertionError(f"{gave_up}; it ends with {last.code}:\n{last.text}") from None
    return last


def check_seed(cluster, seed):
    with seed.make(cluster) as replaced:
        report = wait_for_report(cluster, [seed.finding], 15, replaced)
        if seed.breaks_aggregation:
            # By then it is an effect of something that has been named.
            cluster.wait_available("False")
            report = wait_for_report(cluster, [seed.finding], 5, replaced)
    assert report.code == seed.code, f"it ends with {report.code}:\n{report.text}"
    assert seed.part in report.text, f"{seed.part!r} is not in:\n{report.text}"


def check_health(cluster):
    cluster.wait_available()
    report = wait_for_report(cluster, [], 30)
    assert report.code == 0, f"it ends with {report.code}:\n{report.text}"
    return report


def check_daemons_own_view(cluster):
    """Its rights do not reach to APIServices, which is no finding."""
    report = cluster.doctor(admin=False)
    assert (report.code, report.ids()) == (0, []), f"it ends with {report.code}:\n{report.text}"
    assert "--admin-kubeconfig" in report.text, report.text


def steps(options, cluster):
    yield "a healthy cluster", lambda: print(check_health(cluster).text, end="")
    yield "a healthy cluster, as the daemon sees it", lambda: check_daemons_own_view(cluster)
    for seed in SEEDS:
        if not options.findings or seed.finding in options.findings:
            yield seed.finding, lambda seed=seed: check_seed(cluster, seed)
            yield f"well again after {seed.finding}", lambda: check_health(cluster)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", required=True)
    parser.add_argument("--topd", required=True, type=lambda p: str(pathlib.Path(p).resolve()))
    parser.add_argument("--keep", action="store_true", help="keep the work folder with its logs")
    parser.add_argument("findings", nargs="*", help="seeds to check; default: all")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="topd-doctor-")
    cluster = Cluster(options.binaries, options.topd, folder)
    passed, failed = 0, 0
    try:
        cluster.start()
        for name, step in steps(options, cluster):
            at = time.monotonic()
            try:
                step()
                passed += 1
                print(f"ok    {name} ({time.monotonic() - at:.1f} s)", flush=True)
            except Exception:
                failed += 1
                print(f"FAIL  {name} ({time.monotonic() - at:.1f} s)\n{traceback.format_exc()}", flush=True)
    except Exception:
        failed += 1
        traceback.print_exc()
    finally:
        cluster.stop()
        if failed:
            print(f"all logs: {folder}")
        elif not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
