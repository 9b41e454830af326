"""The wheel: built, installed into a fresh environment, and used from a folder that is not ours.

In CI the fresh environment gets its dependencies from the pinned requirements; elsewhere it borrows those of this one,
so that the tests need no network.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

REPOSITORY = Path(__file__).parent.parent
ROOTS = ("runner/orderloom", "nodes/orderloom_nodes", "flows/orderloom_flows", "schemas/orderloom_schemas")
SAMPLE = REPOSITORY / "flows" / "orderloom_flows" / "samples" / "shopify-order.json"

pytestmark = [pytest.mark.wheel, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    call([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(REPOSITORY)], folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that has the wheel and what it depends on."""
    home = tmp_path_factory.mktemp("fresh")
    venv.create(home, with_pip=False)
    python = str(home / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", python, "install"]
    if os.environ.get("CI"):
        call([*pip, "--require-hashes", "-r", str(REPOSITORY / "requirements" / "runtime.txt")], home)
    else:
        (site_packages(home) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    call([*pip, "--no-deps", "--no-index", str(wheel)], home)
    return home / "bin"


def test_the_wheel_holds_every_file_of_the_four_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert packed == {path for root in ROOTS for path in files_of(root)}


def test_the_wheel_names_its_licence_command_and_pack(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        told = {
            name.rpartition("/")[2]: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name
        }

    assert "License-Expression: Apache-2.0" in told["METADATA"]
    assert "orderloom = orderloom.cli:main" in told["entry_points.txt"]
    assert "core = orderloom_nodes" in told["entry_points.txt"]
    assert "LICENSE" in told


def test_the_command_runs_from_a_foreign_folder(fresh: Path, tmp_path: Path) -> None:
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert call([str(fresh / "orderloom"), "--version"], tmp_path) == f"orderloom {version}\n"
    assert call([str(fresh / "orderloom"), "explain", "Y024"], tmp_path).startswith("Y024: ")


def test_the_packages_come_from_the_wheel(fresh: Path, tmp_path: Path) -> None:
    names = "orderloom, orderloom_nodes, orderloom_flows, orderloom_schemas"
    code = f"import {names}; print(*(package.__file__ for package in ({names})))"

    places = call([str(fresh / "python"), "-c", code], tmp_path).split()

    assert all(place.startswith(str(fresh.parent)) for place in places)


def test_the_shipped_nodes_are_found_by_their_entry_point(fresh: Path, tmp_path: Path) -> None:
    listed = json.loads(call([str(fresh / "orderloom"), "nodes", "list", "--json"], tmp_path))

    folders = {file.parent.name for file in (REPOSITORY / "nodes" / "orderloom_nodes").glob("*/node.schema.json")}
    assert {folder.replace("_", "-") for folder in folders} <= {node["name"] for node in listed}


def test_a_pack_of_somebody_else_is_installed_beside_it_and_works(fresh: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(REPOSITORY / "examples" / "gift-pack", pack)
    call([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(pack)], tmp_path)
    built = next(tmp_path.glob("*.whl"))
    target = ["--python", str(fresh / "python"), "install", "--no-deps", "--no-index", str(built)]
    call([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *target], tmp_path)
    call([str(fresh / "orderloom"), "init", "shop"], tmp_path)

    listed = json.loads(call([str(fresh / "orderloom"), "nodes", "list", "--json"], tmp_path / "shop"))
    tested = call([str(fresh / "orderloom"), "nodes", "test", "card-text"], tmp_path / "shop")

    assert {"card-text", "supplier-stock"} <= {node["name"] for node in listed}
    assert "0 failed" in tested


def test_a_shipped_flow_runs_from_a_foreign_folder(fresh: Path, tmp_path: Path) -> None:
    sample = tmp_path / "order.json"
    sample.write_bytes(SAMPLE.read_bytes())

    told = json.loads(
        call([str(fresh / "orderloom"), "run", "order-to-delivery", "--input", "order.json", "--json",
              "--answer", "delivered=happened"], tmp_path)
    )

    assert told["flow"] == "order-to-delivery"
    assert told["status"] == "completed"


@pytest.mark.parametrize("template", ["shop", "returns", "empty"])
def test_a_new_project_does_what_init_says_to_type_next(fresh: Path, tmp_path: Path, template: str) -> None:
    said = call([str(fresh / "orderloom"), "init", "new", "--template", template], tmp_path)

    typed = said.partition("next:")[2].strip().splitlines()
    script = "\n".join(["set -e", f'PATH="{fresh}:$PATH"', *typed])

    assert len(typed) >= 3
    call(["sh", "-c", script], tmp_path)


def test_what_we_depend_on_is_pinned_with_hashes() -> None:
    asked = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    runtime, dev = pinned("runtime.txt"), pinned("dev.txt")

    for requirement in map(Requirement, asked["project"]["dependencies"]):
        assert requirement.specifier.contains(runtime[plain(requirement.name)]), requirement
    for text in (*asked["project"]["optional-dependencies"]["dev"], *asked["build-system"]["requires"]):
        requirement = Requirement(text)
        assert requirement.specifier.contains(dev[plain(requirement.name)]), requirement
    assert runtime.items() <= dev.items()


def call(command: list[str], folder: Path) -> str:
    """Standard output of a command that succeeds, called where nothing of this repository can be found."""
    ours = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    told = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert told.returncode == 0, f"{command}\n{told.stdout}\n{told.stderr}"
    return told.stdout


def files_of(root: str) -> set[str]:
    """The files of a package as they stand in the wheel."""
    source = REPOSITORY / root
    files = (path for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(source.parent)) for path in files}


def site_packages(home: Path) -> Path:
    return next((home / "lib").glob("python3.*/site-packages"))


def pinned(name: str) -> dict[str, str]:
    """The version of every package that a requirements file names; each must carry a hash."""
    text = (REPOSITORY / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert all("--hash=sha256:" in line for line in lines)
    return {plain(line.split("==")[0]): re.split(r"==|\s", line)[1] for line in lines}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
