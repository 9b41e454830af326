"""What `orderloom init` can make: each template's files, by where they go in a project, and what to type first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orderloom.project import shipped

_WHOLE = (
    "*.yaml", "rules/*", "rates/*", "stock/*", "orders/*", "samples/*", "scenarios/*", "mappings/*", "templates/*",
)  # fmt: skip
_RETURNS = (
    "returns.yaml", "send-order.yaml", "rules/return-*.table.yaml", "rules/payment-retry.table.yaml",
    "rules/carrier-choice.table.yaml", "rates/*", "stock/*", "orders/*", "samples/return-request-*.json",
    "scenarios/returns.yaml", "scenarios/send-order.yaml",
)  # fmt: skip
_INSPECTED = "inspected=samples/inspected-as-new.json"


@dataclass(frozen=True)
class Template:
    """A project to begin with. `takes` are patterns of shipped files; what `folder` holds comes on top of them.

    Each command of `first` ends with exit code 0 in a project that was just made.
    """

    name: str
    takes: tuple[str, ...]
    first: tuple[str, ...]

    def files(self) -> Mapping[str, Path]:
        """Where each file goes, and where it comes from."""
        found = dict(_shipped(self.takes))
        own = shipped() / "project" / self.name
        found |= {file.relative_to(own).as_posix(): file for file in sorted(own.rglob("*")) if file.is_file()}
        hidden = {".gitignore": "gitignore", ".vscode/settings.json": "vscode.json"}
        return found | {place: shipped() / "project" / name for place, name in hidden.items()}


def _shipped(patterns: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """Flows lie at the top of the shipped folder and in `flows/` of a project; the rest lies alike."""
    for pattern in patterns:
        for file in sorted(shipped().glob(pattern)):
            if file.is_file():
                place = file.relative_to(shipped()).as_posix()
                yield place if "/" in place else f"flows/{place}", file


TEMPLATES: Mapping[str, Template] = {
    template.name: template
    for template in (
        Template(
            "shop",
            _WHOLE,
            (
                "orderloom check",
                "orderloom test",
                "orderloom run order-to-delivery --input samples/shopify-order.json --answer delivered=happened",
                "orderloom run returns --input samples/return-request-damaged.json",
            ),
        ),
        Template(
            "returns",
            _RETURNS,
            (
                "orderloom check",
                "orderloom test",
                "orderloom run returns --input samples/return-request-damaged.json",
                f"orderloom run returns --input samples/return-request-late.json --answer {_INSPECTED}",
            ),
        ),
        Template("empty", (), ("orderloom check", "orderloom test", "orderloom run first --input samples/order.json")),
    )
}
