"""GS1's numbers: a serial in, a Serial Shipping Container Code out (GS1 General Specifications 3.2 and 7.9)."""

from __future__ import annotations

FNC1 = "\xf1"  # how reportlab's Code 128 names the character that makes it GS1-128
TRIAL_PREFIX = "9521321"  # 952 is GS1's own for demonstrations: no company ever has it


def check_digit(digits: str) -> str:
    """Of GS1: weights 3 and 1 from the right."""
    return str(-sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))) % 10)


def sscc_of(prefix: str, serial: int, extension: int = 0) -> str:
    """Eighteen digits. Raises `ValueError` where the serial has no room behind the company's prefix."""
    if not (prefix.isascii() and prefix.isdigit() and 4 <= len(prefix) <= 12):
        raise ValueError(f"`{prefix}` is no GS1 company prefix: 4 to 12 digits")
    room = 16 - len(prefix)
    if not 0 <= serial < 10**room:
        raise ValueError(f"serial {serial} has no room in the {room} digits behind prefix {prefix}")
    digits = f"{extension}{prefix}{serial:0{room}d}"
    return digits + check_digit(digits)
