"""The tables that stock in a database stands in. Moments and days are text (UTC, ISO 8601): they sort as they read."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_ID, _SKU, _MOMENT = sa.String(128), sa.String(255), sa.String(40)

locations = sa.Table(
    "orderloom_location", metadata,
    sa.Column("location_id", _ID, primary_key=True),
    sa.Column("document", sa.Text, nullable=False),
)  # fmt: skip
levels = sa.Table(
    "orderloom_stock", metadata,
    sa.Column("location_id", _ID, primary_key=True),
    sa.Column("sku", _SKU, primary_key=True),
    sa.Column("on_hand", sa.Integer, nullable=False),
    sa.Column("reserved", sa.Integer, nullable=False, default=0),
    sa.Column("safety_stock", sa.Integer, nullable=False, default=0),
    sa.Column("as_of", _MOMENT),
    sa.Column("expected_at", _MOMENT),
)  # fmt: skip
reservations = sa.Table(
    "orderloom_reservation", metadata,
    sa.Column("reservation_id", _ID, primary_key=True),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("used", sa.Text, nullable=False),
    sa.Column("expires_at", _MOMENT),
    sa.Index("orderloom_reservation_due", "status", "expires_at"),
)  # fmt: skip
picks = sa.Table(
    "orderloom_pick", metadata,
    sa.Column("location_id", _ID, primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("units", sa.Integer, nullable=False),
)  # fmt: skip
done = sa.Table(
    "orderloom_stock_done", metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("key", _SKU, primary_key=True),
)  # fmt: skip
