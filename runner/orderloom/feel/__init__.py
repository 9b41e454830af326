"""FEEL, the formula language (OMG DMN 1.5, clause 10): text in, values, types and findings out."""

from orderloom.feel import types
from orderloom.feel.coercion import coerce
from orderloom.feel.errors import FeelError, FeelSyntaxError
from orderloom.feel.formatting import format_value
from orderloom.feel.formula import Expression, UnaryTests, parse, parse_unary_tests
from orderloom.feel.infer import Inferred, infer
from orderloom.feel.parser import parse_type
from orderloom.feel.reads import Read
from orderloom.feel.scope import NOW
from orderloom.feel.tree import TypeName
from orderloom.feel.typescope import Finding
from orderloom.feel.values import Function, MonthsDuration, Range

__all__ = [
    "NOW",
    "Expression",
    "FeelError",
    "FeelSyntaxError",
    "Finding",
    "Function",
    "Inferred",
    "MonthsDuration",
    "Range",
    "Read",
    "TypeName",
    "UnaryTests",
    "coerce",
    "format_value",
    "infer",
    "parse",
    "parse_type",
    "parse_unary_tests",
    "types",
]
