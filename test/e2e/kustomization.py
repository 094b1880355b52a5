# SPDX-License-Identifier: Apache-2.0
"""deploy/ with components."""
import pathlib
import shutil
import tempfile

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"


class Kustomization:
    """deploy/ with a kustomization.yaml beside topd.yaml, as docs/graphs.md has it. Use it in a `with`."""

    def __init__(self, *components):
        self.components = components

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        shutil.copytree(DEPLOY, self.folder.name, dirs_exist_ok=True)
        pathlib.Path(self.folder.name, "kustomization.yaml").write_text(
            f"resources: [topd.yaml]\ncomponents: [{', '.join(self.components)}]\n")
        return self.folder.name

    def __exit__(self, *_):
        self.folder.cleanup()
