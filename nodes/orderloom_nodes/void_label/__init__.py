"""Gives a shipping label back to its maker, so that it is neither used nor paid."""

from __future__ import annotations

from orderloom import Labels, Outcome, Setting, World, node
from orderloom.model import Label


class Voided(Outcome, name="voided"):
    """The label is not valid any more."""

    label: Label


class Kept(Outcome, name="kept"):
    """It cannot be given back."""

    label: Label
    reason: str


@node("void-label", effects="keyed")
def void_label(label: Label, world: World, connection: Setting[str] = "labels") -> Voided | Kept:
    """Give a label back; a second time changes nothing."""
    if not label.label_id:
        return Kept(label=label, reason="the label bears no id that its maker knows it by")
    if not world.connection(connection, Labels).void(label.label_id, world.key):
        return Kept(label=label, reason=f"its maker does not take label {label.label_id} back")
    return Voided(label=label.model_copy(update={"voided_at": label.voided_at or world.now()}))
