"""What is being typed in; the names that it may become out: of flows, tables, nodes, codes and answers.

A shell waits for this at every press of the key: neither pydantic nor networkx are loaded, and no node is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import click
from click.shell_completion import BashComplete, CompletionItem, ZshComplete, add_completion_class

Items = list[CompletionItem[str]]

_CODE = re.compile(r"^([A-Z]\d{3}):", re.MULTILINE)
_STEPS = re.compile(r"^steps:", re.MULTILINE)


def flows(_ctx: click.Context, _param: click.Parameter, typed: str) -> Items:
    """Flows of the project and shipped ones, or files."""
    return [*_files(typed), *_beginning(typed, _flow_files())]


def files(_ctx: click.Context, _param: click.Parameter, typed: str) -> Items:
    """Whatever the shell says of files."""
    return _files(typed)


def tables(_ctx: click.Context, _param: click.Parameter, typed: str) -> Items:
    """Rule tables of the project and shipped ones, or files."""
    from orderloom.project import find_project, shipped  # noqa: PLC0415

    project = find_project()
    folders = [*([project.rules] if project else []), Path("rules"), shipped() / "rules"]
    names = [file.name.partition(".table.")[0] for folder in folders for file in sorted(folder.glob("*.table.y*ml"))]
    return [*_files(typed), *_beginning(typed, names)]


def nodes(_ctx: click.Context, _param: click.Parameter, typed: str) -> Items:
    """Nodes of installed packs and of the project."""
    return _beginning(typed, [*_pack_nodes(), *_own_nodes()])


def error_codes(_ctx: click.Context, _param: click.Parameter, typed: str) -> Items:
    """Codes of findings, however they are written: `n00` is completed to `N001`."""
    from importlib.resources import files as inside  # noqa: PLC0415

    texts = [file.read_text(encoding="utf-8") for file in inside("orderloom.codes").iterdir() if _is_yaml(file.name)]
    return _beginning(typed.upper(), sorted(code for text in texts for code in _CODE.findall(text)))


def answers(ctx: click.Context, _param: click.Parameter, typed: str) -> Items:
    """`STEP=OUTCOME` for each outcome that the flow routes, `STEP=` for other steps; files behind the sign."""
    flow = ctx.params.get("flow") or next(iter(ctx.args), "")  # not read while an option lacks its value
    file = Path(flow) if Path(flow).is_file() else _flow_files().get(flow)
    found = _beginning(typed, _answers(file)) if file else []
    return [*(_files(typed) if "=" in typed else []), *found]


def _answers(file: Path) -> Iterator[str]:
    from orderloom.problems import ProblemsError  # noqa: PLC0415
    from orderloom.source import read_document  # noqa: PLC0415

    data = None
    with suppress(ProblemsError):
        data = read_document(file).data
    steps = data.get("steps") if isinstance(data, dict) else None
    for name, step in steps.items() if isinstance(steps, dict) else ():
        routes = step.get("next") if isinstance(step, dict) else None
        yield from (f"{name}={word}" for word in (routes if isinstance(routes, dict) else {"": None}))


def _flow_files() -> dict[str, Path]:
    from orderloom.project import find_project, shipped  # noqa: PLC0415

    project = find_project()
    found: dict[str, Path] = {}
    for folder in [*([project.flows] if project else []), shipped()]:
        for file in sorted(folder.glob("*.y*ml")):
            with suppress(OSError, UnicodeDecodeError):
                if _STEPS.search(file.read_text(encoding="utf-8")):
                    found.setdefault(file.stem, file)
    return found


def _pack_nodes() -> Iterator[str]:
    """A pack names its nodes without importing them; one that cannot be imported has none here."""
    from importlib import import_module  # noqa: PLC0415
    from importlib.metadata import entry_points  # noqa: PLC0415

    for entry in entry_points(group="orderloom.packs"):
        with suppress(Exception):
            yield from map(str, import_module(entry.module).NODES)


def _own_nodes() -> list[str]:
    from orderloom.project import find_project  # noqa: PLC0415

    project = find_project()
    folders = sorted(project.nodes.glob("*/")) if project else []
    files = ("__init__.py", "node.schema.json")
    return [folder.name.replace("_", "-") for folder in folders if any((folder / name).is_file() for name in files)]


def _beginning(typed: str, names: Iterable[str]) -> Items:
    return [CompletionItem(name) for name in dict.fromkeys(names) if name.startswith(typed)]


def _files(typed: str) -> Items:
    """Lets the shell complete files; before the names, as bash forgets those that came before."""
    return [CompletionItem(typed, type="file")]


def _is_yaml(name: str) -> bool:
    return name.endswith(".yaml")


@add_completion_class
class _Bash(BashComplete):
    """Bash takes `=` for the end of a word: it is put together again, and what stands before it not repeated."""

    name = "bash"
    source_template = BashComplete.source_template.replace(
        "COMPREPLY+=($value)\n", 'COMPREPLY+=($value)\n            [[ $value == *= ]] && compopt -o nospace\n'
    )
    _before = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, typed = super().get_completion_args()
        words: list[str] = []
        for word in [*args, typed]:
            if words and (word == "=" or words[-1].endswith("=")):
                words[-1] += word
            else:
                words.append(word)
        self._before = words[-1][: words[-1].rfind("=") + 1]
        return words[:-1], words[-1]

    def format_completion(self, item: CompletionItem[str]) -> str:
        return f"{item.type},{item.value.removeprefix(self._before)}"


@add_completion_class
class _Zsh(ZshComplete):
    """The script loses empty words, and with one its count: the name of a file, which nobody reads, is never empty."""

    name = "zsh"

    def format_completion(self, item: CompletionItem[str]) -> str:
        return super().format_completion(item) if item.value else f"{item.type}\n_\n_"
