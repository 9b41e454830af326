"""Papers that are printed: sheets with text, tables and barcodes, labels as PDF and as ZPL, and GS1's numbers.

The same content gives the same bytes. What a font cannot show is spelt in Latin letters, so that nothing is left out.
"""

from orderloom.paper.gs1 import check_digit, sscc_of
from orderloom.paper.label import LabelText, label_pdf
from orderloom.paper.pages import Column, Pages, pages
from orderloom.paper.words import fit, readable
from orderloom.paper.zpl import label_zpl

__all__ = [
    "Column",
    "LabelText",
    "Pages",
    "check_digit",
    "fit",
    "label_pdf",
    "label_zpl",
    "pages",
    "readable",
    "sscc_of",
]
