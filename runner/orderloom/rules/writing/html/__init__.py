"""A table and what was found about it in, one page of HTML out that needs nothing else: no network, no other file."""

from __future__ import annotations

from orderloom.rules.writing.html.page import page_html

__all__ = ["page_html"]
