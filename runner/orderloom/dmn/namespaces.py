"""The namespaces of the standard's versions, and which words in them mean the same."""

from __future__ import annotations

# The model namespace of each version, as its XML Schema declares it (omg.org/spec/DMN, read 2026-11).
VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
    "https://www.omg.org/spec/DMN/20240513/MODEL/": "1.6",
}
MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"
DMNDI = "https://www.omg.org/spec/DMN/20230324/DMNDI/"
FEEL = "https://www.omg.org/spec/DMN/20230324/FEEL/"
DI = "http://www.omg.org/spec/DMN/20180521/DI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

TYPE_WORDS = {  # other spellings of the types of FEEL (DMN 1.5, 7.3.2 and the XML Schema types of DMN 1.1)
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "days and time duration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "date and time": "date and time",
}


def is_feel(uri: str | None) -> bool:
    """Whether an expression language is FEEL or its simple part, of any version."""
    return uri is None or not uri.strip() or "feel" in uri.casefold()


def modern(uri: str) -> str:
    """A namespace of any version as that of DMN 1.5, which is what is written."""
    if uri in VERSIONS:
        return MODEL
    return DMNDI if "/spec/DMN/" in uri and uri.endswith("/DMNDI/") else uri
