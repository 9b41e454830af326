"""Labels of four by six inches, as PDF and as commands for a label printer."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.paper import LabelText, check_digit, fit, label_pdf, label_zpl, readable, sscc_of
from orderloom.paper.words import width_of
from orderloom.paper.zpl import field, marked
from tests.paper.reading import Bars, barcodes, pages, words

PLAIN = LabelText(
    banner="TEST - NOT POSTAGE",
    sender=("Loom & Larch", "1 Mill Street", "Reno NV 89501", "US"),
    receiver=("Ann Lee", "Chestnut Street 92", "Louisville KY 40202", "US"),
    service="ups ground",
    tracking_number="TEST123456789012",
    reference="Shipment shopify:main:1001/s1",
    sscc=sscc_of("9521321", 7),
)
EVIL = "^XZ~JR"
LOUD = st.text(alphabet="^~_\\>,:;XZJRF0123456789 \x00\x1b\n\r\u202e\u200bé北", max_size=60)


# Numbers


def test_the_check_digit_is_that_of_gs1s_own_example() -> None:
    """GS1 General Specifications 7.9: 37610425002123456 is followed by 9."""
    assert check_digit("37610425002123456") == "9"


def test_an_sscc_is_extension_prefix_serial_and_check_digit() -> None:
    assert sscc_of("4012345", 42, extension=3) == "340123450000000420"


@pytest.mark.parametrize(("prefix", "serial"), [("401234512345", 10_000), ("12", 1), ("40123x5", 1), ("4012345", -1)])
def test_a_serial_without_room_or_a_wrong_prefix_is_no_sscc(prefix: str, serial: int) -> None:
    with pytest.raises(ValueError, match=r"prefix"):
        sscc_of(prefix, serial)


# PDF


def test_the_bars_of_a_label_read_as_tracking_number_and_gs1_128() -> None:
    assert barcodes(label_pdf(PLAIN)) == [Bars("]C0", "TEST123456789012"), Bars("]C1", f"(00){PLAIN.sscc}")]


def test_a_return_label_bears_a_qr_code_that_a_counter_scans() -> None:
    label = label_pdf(replace(PLAIN, qr=PLAIN.tracking_number))

    assert Bars("]Q1", "TEST123456789012") in barcodes(label)


def test_a_label_without_sscc_has_no_bars_for_it() -> None:
    assert [found.identifier for found in barcodes(label_pdf(replace(PLAIN, sscc=None)))] == ["]C0"]


def test_the_same_label_is_the_same_bytes() -> None:
    assert label_pdf(PLAIN) == label_pdf(PLAIN)
    assert label_zpl(PLAIN) == label_zpl(PLAIN)


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("Владимир", "Vladimir"), ("北京", "BeiJing"), ("Łukasz Żak", "Lukasz Zak"), ("Zoe\u0301", "Zoé"),
        ("Ann\u202eLee\u200b", "AnnLee"), ("A\x00\nB", "A B"), ("\U000e0041", ""), ("Köln ß €", "Köln ß €"),
    ],
)  # fmt: skip
def test_a_name_in_another_script_is_spelt_in_latin_letters(name: str, spelt: str) -> None:
    assert readable(name) == spelt


def test_an_address_of_300_letters_stays_on_the_label() -> None:
    """Row 29 of the failures: 300-character names, Chinese, emoji: never a crash."""
    label = label_pdf(replace(PLAIN, receiver=("山" * 300, "x" * 300, "😀 Street", "7 " * 150, "Louisville", "US")))

    assert pages(label) == 1
    assert "..." in words(label)
    assert len(barcodes(label)) == 2


@given(st.text(max_size=200), st.floats(20, 300), st.integers(1, 4))
def test_fitted_text_is_never_wider_than_its_room_nor_has_more_lines(text: str, width: float, lines: int) -> None:
    size, told = fit(text, width, 14, least=5, lines=lines)

    assert 5 <= size <= 14
    assert len(told) <= lines
    assert all(width_of(line, size) <= width for line in told)


# ZPL


def test_commands_in_an_address_are_text_on_the_label() -> None:
    """Row 46 of the failures: `^XZ~JR` in an address ends no label and resets no printer."""
    label = label_zpl(replace(PLAIN, receiver=(EVIL, f"Main Street {EVIL}", "Reno"), reference=EVIL, service=EVIL))

    assert label.count(b"^XZ") == label.count(b"^XA") == 1
    assert b"~" not in label
    assert label.count(b"_5EXZ_7EJR") == 4
    assert EVIL in words(label_pdf(replace(PLAIN, receiver=(EVIL,))))


@given(LOUD)
def test_no_text_ever_becomes_a_command(text: str) -> None:
    data = field(text).removeprefix("^FH^FD").removesuffix("^FS")

    assert re.fullmatch(r"([A-Za-z0-9 .,/-]|_[0-9A-F]{2})*", data)
    assert bytes.fromhex(re.sub(r"_(..)|(.)", lambda m: m[1] or m[2].encode().hex(), data)).decode() == readable(text)


@given(LOUD, LOUD)
def test_a_label_has_the_commands_of_a_plain_one_whatever_its_texts_say(receiver: str, number: str) -> None:
    texts = replace(PLAIN, receiver=(receiver,) * 4, sender=(receiver,) * 4, banner=receiver, reference=number)
    loud = label_zpl(texts)

    commands = re.findall(rb"[\^~][A-Z0-9]{2}", loud)
    assert commands == re.findall(rb"[\^~][A-Z0-9]{2}", label_zpl(PLAIN))


def test_a_tracking_number_that_bars_cannot_hold_is_written_out_only() -> None:
    assert b"^BCN,96" not in label_zpl(replace(PLAIN, tracking_number="^XZ"))


def test_the_sscc_is_gs1_128_by_the_function_character() -> None:
    assert f"^FD>;>800{PLAIN.sscc}^FS".encode() in label_zpl(PLAIN)


def test_a_copy_is_marked_inside_of_the_label() -> None:
    copy = marked(label_zpl(PLAIN), "DUPLICATE")

    assert copy.count(b"^XZ") == 1
    assert copy.index(b"DUPLICATE") < copy.index(b"^XZ")
