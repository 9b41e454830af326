"""Write runtime.txt, dev.txt and bench.txt beside this file: what pyproject.toml asks for, pinned with hashes.

Run by `make pins`. pip-tools is installed into a throw-away environment.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import tomllib
import venv
from pathlib import Path

HERE = Path(__file__).parent
OPTIONS = (
    "--quiet", "--upgrade", "--generate-hashes", "--allow-unsafe", "--strip-extras",
    "--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host",
)  # fmt: skip


def main() -> None:
    pyproject = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = pyproject["project"]["dependencies"]
    extras = pyproject["project"]["optional-dependencies"]
    dev = [*extras["dev"], *extras["files"], *pyproject["build-system"]["requires"]]
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        tools = Path(folder) / "bin"
        subprocess.run([tools / "pip", "install", "--quiet", "pip-tools"], check=True)  # noqa: S603 (our own words)
        pin(tools, runtime, "runtime.txt")
        pin(tools, [*runtime, *dev], "dev.txt", "--constraint", "runtime.txt")
        pin(tools, [*runtime, *extras["bench"]], "bench.txt", "--constraint", "runtime.txt")


def pin(tools: Path, wanted: list[str], name: str, *options: str) -> None:
    """Compile the requirements into one file; the new versions replace the old ones."""
    subprocess.run(  # noqa: S603 (our own words)
        [tools / "pip-compile", *OPTIONS, *options, "--output-file", name, "-"],
        input="\n".join(wanted),
        text=True,
        check=True,
        cwd=HERE,
        env={**os.environ, "CUSTOM_COMPILE_COMMAND": "make pins"},
    )


if __name__ == "__main__":
    main()
