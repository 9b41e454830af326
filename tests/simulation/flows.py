"""The flows of the simulations, in `shop/`: together they use everything that a run can come to.

They are there in two editions: what a run has begun with is what it goes on with, whatever lies in the folder by then.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from orderloom.flow.check import check_document
from orderloom.flow.open import Opened
from orderloom.model import Address, Order, Party
from orderloom.packs import Catalogue
from orderloom.project import Project
from orderloom.run.machine.program import Program, compile_plan
from orderloom.source import noting, read_document
from tests.simulation.outside import Came, nodes

FOLDER = Path(__file__).parent / "shop"
NODES, OTHER_NODES = nodes(), nodes(other=True)
FLOWS = ("changes", "doubts", "ends", "items", "people", "ship", "within")  # `inner` is run within `within`
EDITIONS = (1, 2)
_BEGINS = "  start: {use: come}\n"
_EXTRA = """  extra: {use: mark, with: {what: '=id + "/extra/" + string(start.item)'}, after: [start]}\n"""
_kept: dict[tuple[bool, str, tuple[tuple[str, bytes], ...]], Opened] = {}


@cache
def folder(edition: int) -> Path:
    """Where the flows of that edition lie; in the second each does something more."""
    if edition == 1:
        return FOLDER
    made = Path(mkdtemp(prefix="orderloom-flows-"))
    for file in FOLDER.glob("*.yaml"):
        text = file.read_text(encoding="utf-8").replace("version: 1", f"version: {edition}")
        assert _BEGINS in text
        (made / file.name).write_text(text.replace(_BEGINS, _BEGINS + _EXTRA), encoding="utf-8")
    return made


@cache
def opened(name: str, edition: int = 1) -> Opened:
    """The flow of that name, checked. Made once: it does not change."""
    return _opened(folder(edition) / f"{name}.yaml", NODES, [folder(edition)])


@cache
def program(name: str, edition: int = 1) -> Program:
    return _compiled(opened(name, edition))


@cache
def held_to(pin: str) -> Program:
    """The program that runs with this pin began with."""
    made = (program(name, edition) for name in FLOWS for edition in EDITIONS)
    return next(one for one in made if one.plan.hash == pin)


class Reopening:
    """Makes a flow again of what a run has kept, with the nodes that are installed; the same files once."""

    def __init__(self, *, other: bool) -> None:
        self.other = other

    def __call__(self, file: Path, root: Path, _project: Project | None, _stood: Path) -> Opened:
        contents = tuple(sorted((one.name, one.read_bytes()) for one in root.rglob("*.yaml")))
        name = self.other, file.name, contents
        if name not in _kept:
            _kept[name] = _opened(file, OTHER_NODES if self.other else NODES, [file.parent, root])
        return _kept[name]


def _opened(file: Path, known: Catalogue, folders: list[Path]) -> Opened:
    with noting() as files:
        checked = check_document(read_document(file), known, folders, None)
    wrong = [problem for problem in checked.problems if problem.severity == "error"]
    assert wrong == [], [(str(problem.place), problem.message, problem.help) for problem in wrong]
    return Opened(file, checked, known, None, files)


def _compiled(opened: Opened) -> Program:
    assert opened.checked.plan is not None
    return compile_plan(opened.checked.plan)


def address_of(buyer: str) -> str:
    return f"{buyer}.quill@example.test"


def words_of(buyer: str) -> tuple[str, ...]:
    """What tells of a buyer, wherever it stands."""
    return address_of(buyer), f"Quilla-{buyer}", f"{buyer} Quillstreet"


def came(key: str, revision: int, units: int, buyer: str) -> Came:
    """An order that comes in, in one of its revisions."""
    email, name, street = words_of(buyer)
    line = {"line_id": "1", "sku": "MUG", "quantity": units, "unit_price": {"amount": "9.00", "currency": "USD"}}
    order = Order.model_validate(
        {
            "order_id": key, "channel": {"type": "api"}, "ordered_at": "2026-03-01T10:00:00Z", "currency": "USD",
            "revision": revision, "lines": [line], "tags": [f"revision {revision}"],
            "totals": {"grand_total": {"amount": f"{9 * units}.00", "currency": "USD"}}, "payment": {"status": "paid"},
            "customer": Party(email=email, first_name=name), "notes": [f"ring at {name}'s"],
            "shipping_address": Address(name=name, address_lines=(street,), country_code="US"),
        }
    )  # fmt: skip
    return Came(order=order)
