"""A project with a light flow whose every effect can be counted, and orders for it.

Most orders are held, charged, stamped, marked and told of; every tenth is cancelled behind that, so that all is taken
back; every twentieth asks for what is not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

FLOW = """
flow: crash
version: 1
key: =capture.order.order_id
let: {id: =capture.order.order_id}
steps:
  capture: {use: capture, with: {sources: [{files: in/*.jsonl}]}}
  hold:
    use: reserve-stock
    with: {order: =capture.order}
    next: {reserved: charge, short: refuse}
    undo: {use: release-stock, with: {reservation: =result.reservation}}
  charge:
    use: http
    with: {connection: knows, method: POST, path: "charges/{id}", parts: {id: =id}, idempotent: true}
    undo:
      use: http
      with: {connection: knows, method: POST, path: "refunds/{id}", parts: {id: =id}, idempotent: true}
  stamp: {use: stamp, with: {order: =id}, after: [charge]}
  mark:
    use: http
    with: {connection: forgets, method: POST, path: "marks/{id}", parts: {id: =id}, idempotent: true}
    after: [stamp]
  size:
    use: decision
    after: [mark]
    with:
      facts: {order: =capture.order}
      table:
        hit: first
        inputs: {units: {is: "sum(for line in order.lines return line.quantity)", type: number}}
        outputs: {outcome: {type: text, values: [keep, drop]}}
        rows: [{units: ">= 7", outcome: drop}, {outcome: keep}]
    next: {keep: tell, drop: drop}
  tell: {use: notify, with: {template: thanks, to: '=id + "@example.test"', data: {id: =id}}}
  drop: {use: notify, with: {template: thanks, to: '=id + "@example.test"', data: {id: =id}}, end: cancelled}
  refuse: {use: notify, with: {template: thanks, to: '=id + "@example.test"', data: {id: =id}}, end: refused}
"""
STAMP = '''
from orderloom import Http, Outcome, World, node


class Stamped(Outcome, name="stamped"):
    order: str


@node("stamp", effects="once")
def stamp(order: str, world: World) -> Stamped:
    """Puts a stamp on paper: nobody can tell it from a second one."""
    world.connection("once", Http).send("POST", "stamps/{id}", parts={"id": order}, key=world.key)
    return Stamped(order=order)
'''
LEVELS = "location_id,sku,on_hand,reserved,safety_stock\nreno,MUG,{units},0,0\nreno,NONE,0,0,0\n"
LOCATIONS = "locations:\n  - location_id: reno\n    address: {city: Reno, country_code: US}\n"


def make_shop(folder: Path, port: int, orders: int) -> None:
    base = f"http://127.0.0.1:{port}"
    connections = "".join(
        f"{name}: {{type: http, base: {base}/{name}, private: true}}\n" for name in ("knows", "forgets", "once")
    )
    files = {
        "orderloom.yaml": "project: crash\n",
        "connections.yaml": f"{connections}stock: {{type: stock-files, folder: stock}}\nmail: {{type: outbox}}\n",
        "flows/crash.yaml": FLOW,
        "nodes/stamp/__init__.py": STAMP,
        "templates/thanks.txt": "Subject: Order {id}\n\nThank you.\n",
        "stock/locations.yaml": LOCATIONS,
        "stock/levels.csv": LEVELS.format(units=1_000_000),
        "orders.jsonl": "".join(f"{json.dumps(order)}\n" for order in made_orders(orders)),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def made_orders(count: int) -> Iterator[dict[str, object]]:
    for number in range(count):
        sku, quantity = ("NONE" if number % 20 == 19 else "MUG"), (7 if number % 10 == 4 else 1)
        price = {"amount": "9.00", "currency": "USD"}
        yield {
            "order_id": f"o{number:06d}",
            "channel": {"type": "api"},
            "ordered_at": "2026-03-01T10:00:00Z",
            "currency": "USD",
            "lines": [{"line_id": "1", "sku": sku, "quantity": quantity, "unit_price": price}],
            "totals": {"grand_total": {"amount": f"{9 * quantity}.00", "currency": "USD"}},
            "payment": {"status": "paid"},
        }


def ways(count: int) -> dict[str, str]:
    """How each order is to end, by its id."""
    return {
        f"o{number:06d}": "refused" if number % 20 == 19 else "cancelled" if number % 10 == 4 else "completed"
        for number in range(count)
    }
