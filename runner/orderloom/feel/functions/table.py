"""The functions of the language as their signatures: DMN 1.5, clause 10.3.4, and two of our own at the end.

`?` marks what may be left out, `...` what may be repeated, `|` alternatives. As a result, `item` is the type of the
items of the first argument and `same` the type of the first argument itself.
"""

from __future__ import annotations

from dataclasses import dataclass

_SIGNATURES = """
date(from: string|date|date and time): date
date(year: number, month: number, day: number): date
date and time(from: string|date and time|date): date and time
date and time(date: date|date and time, time: time): date and time
date and time(year: number, month: number, day: number, hour: number, minute: number, second: number): date and time
date and time(year: number, month: number, day: number, hour: number, minute: number, second: number, \
hour offset: number|days and time duration|null): date and time
date and time(year: number, month: number, day: number, hour: number, minute: number, second: number, \
timezone: string): date and time
time(from: string|time|date and time|date): time
time(hour: number, minute: number, second: number, offset?: days and time duration|null): time
number(from: string|number): number
number(from: string|number, grouping separator: string|null, decimal separator: string|null): number
string(from: any): string
duration(from: string|days and time duration|years and months duration): duration
years and months duration(from: date|date and time, to: date|date and time): years and months duration
context(entries: list): context
range(from: string): range
not(negand: any): boolean
substring(string: string, start position: number, length?: number): string
string length(string: string): number
upper case(string: string): string
lower case(string: string): string
substring before(string: string, match: string): string
substring after(string: string, match: string): string
replace(input: string, pattern: string, replacement: string, flags?: string|null): string
contains(string: string, match: string): boolean
starts with(string: string, match: string): boolean
ends with(string: string, match: string): boolean
matches(input: string, pattern: string, flags?: string|null): boolean
split(string: string, delimiter: string): list<string>
string join(list: list, delimiter?: string|null): string
list contains(list: list, element: any): boolean
count(list: list): number
min(list: list): item
min(c...: any): same
max(list: list): item
max(c...: any): same
sum(list: list): item
sum(n...: any): same
mean(list: list): number
mean(n...: any): number
product(list: list): number
product(n...: any): number
median(list: list): number
median(n...: any): number
stddev(list: list): number
stddev(n...: any): number
mode(list: list): list<number>
mode(n...: any): list<number>
all(list: list): boolean
all(b...: any): boolean
any(list: list): boolean
any(b...: any): boolean
sublist(list: list, start position: number, length?: number): same
append(list: list, item...: any): same
concatenate(list...: list): same
insert before(list: list, position: number, newItem: any): same
remove(list: list, position: number): same
list replace(list: list, position: number, newItem: any): same
list replace(list: list, match: function, newItem: any): same
reverse(list: list): same
index of(list: list, match: any): list<number>
union(list...: list): same
distinct values(list: list): same
duplicate values(list: list): same
flatten(list: list): list
sort(list: list, precedes?: function): same
decimal(n: number, scale: number): number
floor(n: number, scale?: number): number
ceiling(n: number, scale?: number): number
round up(n: number, scale?: number): number
round down(n: number, scale?: number): number
round half up(n: number, scale?: number): number
round half down(n: number, scale?: number): number
round half even(n: number, scale?: number): number
abs(n: number|days and time duration|years and months duration): same
modulo(dividend: number, divisor: number): number
sqrt(number: number): number
log(number: number): number
exp(number: number): number
odd(number: number): boolean
even(number: number): boolean
is(value1: any, value2: any): boolean
day of year(date: date|date and time): number
day of week(date: date|date and time): string
month of year(date: date|date and time): string
week of year(date: date|date and time): number
now(): date and time
today(): date
get value(m: context, key: string): any
get value(context: context, keys: list): any
get entries(m: context): list
context put(context: context, key: string, value: any): context
context put(context: context, keys: list, value: any): context
context merge(contexts: list): context
before(point1: any, point2: any): boolean
before(point: any, range: any): boolean
before(range: any, point: any): boolean
before(range1: any, range2: any): boolean
after(point1: any, point2: any): boolean
after(point: any, range: any): boolean
after(range: any, point: any): boolean
after(range1: any, range2: any): boolean
meets(range1: range, range2: range): boolean
met by(range1: range, range2: range): boolean
overlaps(range1: range, range2: range): boolean
overlaps before(range1: range, range2: range): boolean
overlaps after(range1: range, range2: range): boolean
finishes(point: any, range: range): boolean
finishes(range1: range, range2: range): boolean
finished by(range: range, point: any): boolean
finished by(range1: range, range2: range): boolean
includes(range: range, point: any): boolean
includes(range1: range, range2: range): boolean
during(point: any, range: range): boolean
during(range1: range, range2: range): boolean
starts(point: any, range: range): boolean
starts(range1: range, range2: range): boolean
started by(range: range, point: any): boolean
started by(range1: range, range2: range): boolean
coincides(point1: any, point2: any): boolean
coincides(range1: range, range2: range): boolean
coalesce(value...: any): any
has(value: any): boolean
"""


@dataclass(frozen=True, slots=True)
class Formal:
    """One parameter; `kinds` are the standard's words for types, empty for any."""

    name: str
    kinds: frozenset[str]
    optional: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function."""

    name: str
    formals: tuple[Formal, ...]
    result: str

    @property
    def least(self) -> int:
        return sum(not formal.optional for formal in self.formals)

    @property
    def most(self) -> float:
        repeated = bool(self.formals) and self.formals[-1].repeated
        return float("inf") if repeated else len(self.formals)

    def formal(self, position: int) -> Formal:
        return self.formals[min(position, len(self.formals) - 1)]

    def __str__(self) -> str:
        marks = (f"{f.name}…" if f.repeated else f"[{f.name}]" if f.optional else f.name for f in self.formals)
        return f"{self.name}({', '.join(marks)})"


def _signature(line: str) -> Signature:
    head, _, result = line.rpartition("): ")
    name, _, formals = head.partition("(")
    return Signature(name, tuple(_formal(text) for text in formals.split(", ") if text), result)


def _formal(text: str) -> Formal:
    name, _, kinds = text.partition(": ")
    accepted = frozenset() if kinds == "any" else frozenset(kinds.split("|"))
    return Formal(name.rstrip("?."), accepted, name.endswith("?"), name.endswith("..."))


def _by_name() -> dict[str, tuple[Signature, ...]]:
    found: dict[str, tuple[Signature, ...]] = {}
    for line in _SIGNATURES.strip().splitlines():
        signature = _signature(line)
        found[signature.name] = (*found.get(signature.name, ()), signature)
    return found


SIGNATURES = _by_name()
FUNCTION_NAMES = tuple(SIGNATURES)
