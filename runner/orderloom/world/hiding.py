"""Text in; the same text without what may not be read by everybody out: secrets, card numbers, e-mail addresses.

Secrets are hidden by their value, wherever this process has met them. Card numbers and addresses are hidden by their
form: in reports of bugs, in logs, in what is shown of a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from orderloom.world.secrets import HIDDEN, known_secrets

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_DIGITS = re.compile(r"(?<![\w-])\d(?:[ -]?\d){11,18}(?![\w-])", re.ASCII)
_CARD = re.compile(  # the ranges of ISO/IEC 7812 that cards are issued from, by their length
    r"4\d{12}(?:\d{3}(?:\d{3})?)?|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}",
    re.ASCII,
)
_SHOWN = re.compile(r"(input_value=).*?(?=, input_type=)", re.DOTALL)  # what pydantic quotes of a value
SHORTEST = 3  # letters of a name that is looked for in free text; shorter ones stand in too many other words


def hide_secrets(text: str) -> str:
    """The text with every secret of this process blanked out."""
    for secret in known_secrets():
        text = secret.hide_in(text)
    return text


def hide_secrets_in(content: bytes) -> bytes:
    """The same, of what came in as bytes."""
    for secret in known_secrets():
        content = secret.hide_in_bytes(content)
    return content


def hide_numbers(text: str) -> str:
    """The text with what is a payment card's number for all one can tell (its form and its check digit) blanked out.

    Thirteen digits are one within a sentence alone: else they are an article's (GTIN) or an order's number.
    """
    fewest = 13 if " " in text.strip() else 14
    return _DIGITS.sub(lambda found: HIDDEN if _is_card(found[0], fewest) else found[0], text)


def hide_forms(text: str) -> str:
    """The text with secrets, card numbers and e-mail addresses blanked out, and with values that pydantic quotes."""
    return _ADDRESS.sub(HIDDEN, hide_numbers(hide_secrets(_SHOWN.sub(rf"\1{HIDDEN}", text))))


def finder(words: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of the words in a text, as words of their own and however they are capitalised; None for no words."""
    wanted = sorted({word.strip() for word in words if len(word.strip()) >= SHORTEST}, key=len, reverse=True)
    if not wanted:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)", re.IGNORECASE)


def _is_card(text: str, fewest: int) -> bool:
    digits = re.sub(r"[ -]", "", text)
    return len(digits) >= fewest and bool(_CARD.fullmatch(digits)) and _luhn(digits)


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: every second digit from the right counts double."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
