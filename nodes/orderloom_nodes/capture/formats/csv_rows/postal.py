"""Postal codes that a spreadsheet took for numbers: those of fixed length that have lost a zero in front."""

from __future__ import annotations

# countries whose codes are digits only, and how many (Universal Postal Union, November 2026)
_DIGITS = {
    **dict.fromkeys(("DE", "EE", "ES", "FI", "FR", "HR", "IT", "KR", "LT", "MX", "MY", "TH", "TR", "UA", "US"), 5),
    **dict.fromkeys(("CN", "IN", "RO", "RU", "SG", "VN", "KZ"), 6),
    **dict.fromkeys(("AT", "AU", "BE", "BG", "CH", "CY", "DK", "HU", "LU", "NO", "NZ", "PH", "SI", "TN", "ZA"), 4),
}


def restored(code: str, country: str) -> str | None:
    """The code with its zeros again; None where none is lost, or where nobody can tell."""
    whole = _DIGITS.get(country)
    if whole is None or not code.isascii() or not code.isdigit() or not whole - 2 <= len(code) < whole:
        return None
    return code.zfill(whole)
