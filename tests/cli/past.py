"""A project with runs in it, for the tests of `orderloom runs`: one that ended, one that waits, one that failed.

The flow decides, asks a person about big orders, tells a service (of which a test says how it answers), and writes to
the customer. The service is real, and listens on this machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from tests.world.serving import Answer, Asked, said, serving

from orderloom.cli import invoke

SECRET = "tok-7f3a9c1e5b2d"
CARD = "4111 1111 1111 1111"
ANN, BEN = "ann@example.com", "ben@example.com"
FLOW = """
flow: small
version: 3
key: =capture.order.order_id
steps:
  capture: {use: capture}
  weigh:
    use: decision
    with: {table: rules/size.table.yaml, facts: {order: =capture.order}}
    next: {big: approve, small: tell}
  approve:
    use: ask
    with: {kind: approve, desk: sales, question: "Ship {capture.order.order_number} to {capture.order.customer.email}?"}
    next: {approved: tell, declined: stop}
  tell:
    use: http
    with:
      connection: erp
      method: PUT
      path: orders/{id}
      parts: {id: =capture.order.order_number}
      body: {order: =capture.order}
    undo:
      use: http
      with: {connection: erp, method: DELETE, path: "orders/{id}", parts: {id: =capture.order.order_number}}
  thank:
    use: notify
    after: [tell]
    with: {template: thanks, to: =capture.order.customer, data: {order: =capture.order}}
  file: {use: validate, after: [tell], with: {order: =capture.order}, next: {valid: ~, fixable: ~, rejected: ~}}
  stop: {use: validate, with: {order: =capture.order}, next: {valid: ~, fixable: ~, rejected: ~}, end: cancelled}
"""
TABLE = """
table: size
hit: first
inputs: {total: {is: order.totals.grand_total.amount, type: number}}
outputs: {outcome: {type: text, values: [big, small]}}
rows:
  - {id: large, total: ">= 100", outcome: big}
  - {id: usual, outcome: small}
"""
LOCAL = """
mail: {type: outbox, folder: outbox}
orders: {type: order-book}
"""
HOME = {
    "name": "Ann Lindqvist", "address_lines": ["Chestnut Street 92"], "city": "Louisville", "region_code": "KY",
    "postal_code": "40202", "country_code": "US", "phone": "+1 502 555 0142",
}  # fmt: skip


def order(number: int, total: str = "25.00", email: str = ANN, **changes: Any) -> dict[str, Any]:
    """An order of a customer who has a name, an address, and something to say."""
    name = email.partition("@")[0].title()
    money = {"amount": total, "currency": "USD"}
    return {
        "order_id": f"api:main:{number}",
        "order_number": str(number),
        "channel": {"type": "api"},
        "ordered_at": "2026-03-02T10:00:00Z",
        "currency": "USD",
        "customer": {"customer_id": f"c-{name}", "first_name": name, "last_name": "Lindqvist", "email": email},
        "shipping_address": {**HOME, "name": f"{name} Lindqvist"},
        "lines": [{"line_id": "1", "sku": "MUG", "quantity": 1, "unit_price": money, "title": "Blue mug"}],
        "totals": {"grand_total": money},
        "payment": {"status": "paid"},
        "notes": [f"{name} rings twice, my card is {CARD}"],
        **changes,
    }


@dataclass
class Shop:
    """The project's folder; what the service answers (200 by default), and what it was asked."""

    folder: Path
    asked: list[Asked] = field(default_factory=list)
    answers: Callable[[Asked], Answer] = lambda _: said({"ok": True})

    def run(
        self, number: int, total: str = "25.00", email: str = ANN, code: int = 0, flow: str = "small", **changes: Any
    ) -> dict[str, Any]:
        """Run an order; what `orderloom run --json` says of it."""
        file = self.folder / f"order-{number}.json"
        file.write_text(json.dumps(order(number, total, email, **changes)))
        words = ["run", flow, "--input", str(file), "--format", "canonical", "--json"]
        told: dict[str, Any] = json.loads(self.tell(*words, code=code))
        file.unlink()
        return told

    def tell(self, *words: str, code: int = 0) -> str:
        """What a command says on standard output; its exit code is looked at first."""
        return self.both(*words, code=code)[0]

    def both(self, *words: str, code: int = 0) -> tuple[str, str]:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            got = invoke(list(words))
        assert got == code, f"{words} ended with {got}\n{out.getvalue()}\n{err.getvalue()}"
        return out.getvalue(), err.getvalue()

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(self.tell(*words, "--json", code=code))

    def files_with(self, text: str) -> list[str]:
        """The files of the project in which the text stands, as bytes."""
        every = [file for file in self.folder.rglob("*") if file.is_file()]
        return sorted(str(file.relative_to(self.folder)) for file in every if text.encode() in file.read_bytes())


@contextmanager
def open_shop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A project in that folder, which is where the test then is, with its service running."""
    monkeypatch.setenv("ERP_TOKEN", SECRET)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(folder)
    shop = Shop(folder / "shop")
    shop.tell("init", "--template", "empty", "shop")
    monkeypatch.chdir(shop.folder)
    with serving(lambda asked: shop.answers(asked)) as served:  # noqa: PLW0108 (a test changes it meanwhile)
        shop.asked = served.asked
        erp = f"erp: {{type: http, base: '{served.base}', auth: {{bearer: {{env: ERP_TOKEN}}}}, private: true}}\n"
        (shop.folder / "connections.yaml").write_text(LOCAL + erp)
        (shop.folder / "flows" / "small.yaml").write_text(FLOW)
        (shop.folder / "rules").mkdir(exist_ok=True)
        (shop.folder / "rules" / "size.table.yaml").write_text(TABLE)
        yield shop


@contextmanager
def with_three_runs(folder: Path) -> Iterator[Shop]:
    """A shop of which order 1 went through, order 2 waits for a person, and order 3, of Ben's, failed."""
    with pytest.MonkeyPatch.context() as patched, open_shop(folder, patched) as shop:
        shop.run(1)
        shop.run(2, "250.00", code=3)
        shop.answers = out_of_order
        shop.run(3, email=BEN, code=1)
        yield shop


def out_of_order(asked: Asked) -> Answer:
    """The service says no to everything, and repeats what it was told: the token, and the order."""
    return said({"error": "no", "token": asked.headers.get("authorization", "")}, 400)
