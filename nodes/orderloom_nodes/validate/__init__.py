"""An order as it was captured in; the same order in normal form out, or every reason why a person must look at it."""

from __future__ import annotations

from pydantic import PositiveInt

from orderloom import Outcome, Setting, node
from orderloom.model import Order
from orderloom_nodes.validate.catalogue import Catalogue
from orderloom_nodes.validate.denied import DeniedList
from orderloom_nodes.validate.findings import FieldProblem
from orderloom_nodes.validate.lines import MOST_PER_LINE, Weights


class Valid(Outcome, name="valid"):
    """It can be worked on. `order` is in normal form; `notes` tell what is odd but stops nothing."""

    order: Order
    notes: tuple[FieldProblem, ...] = ()


class Fixable(Outcome, name="fixable"):
    """A person can mend it, field by field."""

    order: Order
    problems: tuple[FieldProblem, ...]
    notes: tuple[FieldProblem, ...] = ()


class Rejected(Outcome, name="rejected"):
    """No correction makes this an order to be shipped."""

    problems: tuple[FieldProblem, ...]


@node("validate", version=1, kind="action", effects="none")
def validate(
    order: Order,
    most_per_line: Setting[PositiveInt] = MOST_PER_LINE,
    weights: Setting[Weights | None] = None,
    denied: DeniedList | None = None,
    catalogue: Catalogue | None = None,
) -> Valid | Fixable | Rejected:
    """Check addresses, contacts, sums and quantities, all at once and offline, and put the order into normal form.

    With `weights: hold` a line that is to be shipped and has no weight holds the order, since carriers price by weight;
    with `weights: note` that is only told.

    `denied` is a CSV of the countries, regions and parties that nothing is sent or sold to, `catalogue` one of the
    articles that are sold: an unknown number is held with those that may be meant, and none is guessed.

    A phone number that cannot be read is a note, not a hold, as long as there is an e-mail address. What a person has
    looked at and found right is let pass by the tag `confirmed:CODE`, for the codes whose help says so.
    """
    from orderloom_nodes.validate.check import check  # noqa: PLC0415 (address and phone data: 0.1 s, for the first order)

    checked = check(order, most_per_line, weights, denied, catalogue)
    if checked.rejections:
        return Rejected(problems=(*checked.rejections, *checked.errors))
    if checked.errors:
        return Fixable(order=checked.order, problems=checked.errors, notes=checked.notes)
    return Valid(order=checked.order, notes=checked.notes)
