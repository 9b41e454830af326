"""A module by its name or its folder in, loaded out; what keeps it from that is a finding in its own lines."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from contextlib import redirect_stdout
from hashlib import sha256
from inspect import signature
from pathlib import Path
from traceback import walk_tb
from types import ModuleType

from orderloom.declare import DeclarationError, node
from orderloom.problems import Place, ProblemsError, did_you_mean, refuse

NO_PYTHON = "look at this line and at the end of the one before it"
_KEYWORD = re.compile(r"node\(\) got an unexpected keyword argument '(\w+)'")
_KEYWORDS = tuple(name for name, one in signature(node).parameters.items() if one.kind is one.KEYWORD_ONLY)
_MISSING = re.compile(r"cannot import name '(\w+)'")


def load_module(source: str | Path, place: Place | None = None) -> ModuleType:
    """The module of that name or in that folder. Raises `ProblemsError` (N012) at the line that breaks it.

    `place` is told where the trouble is in no file of the module, such as one that is not there.
    """
    source = source.resolve() if isinstance(source, Path) else source
    try:
        with redirect_stdout(sys.stderr):  # what a module says while it loads is no data of the command's
            return importlib.import_module(source) if isinstance(source, str) else _project_module(source)
    except (Exception, SystemExit) as error:
        if isinstance(source, str) and isinstance(error, ModuleNotFoundError) and error.name == source:
            raise _absent(source, place) from error
        folder = source if isinstance(source, Path) else folder_of(source)
        found = own_place(error, folder) if folder else None
        where = found or place or (Place(str(folder / "__init__.py")) if folder else Place(str(source)))
        raise refuse("N012", f"the module does not load: {_said(error)}", where, _mend(error)) from error


def _absent(source: str, place: Place | None) -> ProblemsError:
    """A module that its package does not have: told in the package, which names it."""
    around, _, name = source.rpartition(".")
    folder = folder_of(around) if around else None
    if folder is None:
        return refuse("N012", f"there is no module `{source}`", place or Place(source), "install it, or respell it")
    beside = [one.stem for one in folder.iterdir() if one.is_dir() or one.suffix == ".py"]
    known = sorted(one for one in beside if one.isidentifier() and not one.startswith("__"))
    mend = did_you_mean(name, known) or f"beside it are: {', '.join(known) or 'none'}"
    return refuse("N012", f"there is no module `{source}`", place or Place(str(folder / "__init__.py")), mend)


def own_place(error: BaseException, folder: Path) -> Place | None:
    """The last line of the folder's own code that was reached, or that could not be read as Python."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(folder):
        return Place(error.filename, error.lineno or 0, error.offset or 1)
    own = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    reached = [Place(file, line, 1) for file, line in own if Path(file).is_relative_to(folder)]
    return reached[-1] if reached else None


def _project_module(folder: Path) -> ModuleType:
    # a private name: nothing is put on sys.path, and two projects in one process do not meet
    name = f"_orderloom_project_{_state(folder)}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        for loaded in [known for known in sys.modules if known == name or known.startswith(f"{name}.")]:
            del sys.modules[loaded]
        raise
    return module


def _state(folder: Path) -> str:
    """Another word for each folder, and for each state of its files: a file that was changed is read anew."""
    files = sorted(folder.rglob("*.py"))
    told = [str(folder.resolve()), *(f"{file} {file.stat().st_mtime_ns} {file.stat().st_size}" for file in files)]
    return sha256("\n".join(told).encode()).hexdigest()[:16]


def folder_of(module: str) -> Path | None:
    """The folder in which a module's package lies, as far as it can be told without running it."""
    file = file_of(module)
    return file.parent if file else None


def file_of(module: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(module)
    except (Exception, SystemExit):  # the package around it is what is broken
        around = module.rpartition(".")[0]
        return file_of(around) if around else None
    return Path(spec.origin) if spec is not None and spec.origin else None


def _said(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "it ends the program (sys.exit)"
    if isinstance(error, RecursionError):
        return "it calls itself without end"
    if missing := _not_promised(error):
        return f"`orderloom` promises no `{missing}`"
    if isinstance(error, SyntaxError):
        return "the file is not UTF-8" if _is_encoding(error) else f"this is no Python: {error.msg}"
    return str(error) or type(error).__name__


def _mend(error: BaseException) -> str:
    if isinstance(error, DeclarationError):
        return error.mend
    return _mend_of_python(error) or "whatever stands outside of functions runs when the module is imported"


def _mend_of_python(error: BaseException) -> str | None:
    if isinstance(error, SyntaxError):
        return "save the file as UTF-8" if _is_encoding(error) else NO_PYTHON
    if isinstance(error, SystemExit):
        return "take it out: a node's module is imported, and goes on"
    if isinstance(error, RecursionError):
        return "let it end"
    if isinstance(error, TypeError) and (found := _KEYWORD.search(str(error))):
        return did_you_mean(found[1], _KEYWORDS) or f"it takes: name, {', '.join(_KEYWORDS)}"
    if isinstance(error, ModuleNotFoundError) and error.name:
        known = ["orderloom", *sorted(set(sys.stdlib_module_names))]
        near = did_you_mean(error.name.partition(".")[0], known)
        return near or f"install it, or look at the spelling of `{error.name}`"
    if isinstance(error, NameError) and error.name:
        promised = error.name in _surface()
        near = did_you_mean(error.name, _surface())
        return f"from orderloom import {error.name}" if promised else near or f"import `{error.name}`, or respell it"
    missing = _not_promised(error)
    return (did_you_mean(missing, _surface()) or "docs/writing-nodes.md lists what there is") if missing else None


def _is_encoding(error: SyntaxError) -> bool:
    return "codec can't decode" in str(error.msg)


def _surface() -> list[str]:
    """What `orderloom` promises to authors; by its name, since what it lists lies above this module."""
    names: list[str] = importlib.import_module("orderloom").__all__
    return names


def _not_promised(error: BaseException) -> str | None:
    """The name that was to be imported from `orderloom` and is not there."""
    found = _MISSING.match(str(error)) if isinstance(error, ImportError) and error.name == "orderloom" else None
    return found[1] if found else None
