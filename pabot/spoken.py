"""Words for patients as templates: what people may write in one, and what it says of a request.

A practice's own words are placeholders, conditions and text, nothing else: `read` refuses the rest and names it. They
run in jinja2's sandbox, where a value that is not given is an error.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pabot.domain.errors import Invalid
from pabot.domain.patient_words import LONGEST, PLACEHOLDERS, Placeholder, Sort

FIELD = "words"  # under which a fault is reported
QUOTED = 40  # characters of what cannot be used
REMEMBERED = 256  # texts kept ready in memory

DIAS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MESES = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


def day(value: date) -> str:
    return f"{value:%a %b} {value.day}"


@lru_cache(1024)
def full_day(value: date) -> str:
    """With its year: for dates that may lie far off."""
    return f"{value:%a %b} {value.day}, {value.year}"


def spoken_day(value: date) -> str:
    """As one says it on the phone."""
    return f"{value:%A, %B} {value.day}"


def spoken_day_es(value: date) -> str:
    """`lunes 3 de noviembre`."""
    return f"{DIAS[value.weekday()]} {value.day} de {MESES[value.month - 1]}"


def spoken_date(value: date) -> str:
    """With its year, as one says it: `November 3, 2026`."""
    return f"{value:%B} {value.day}, {value.year}"


def spoken_date_es(value: date) -> str:
    """`3 de noviembre de 2026`."""
    return f"{value.day} de {MESES[value.month - 1]} de {value.year}"


DAYS: Mapping[str, Callable[[date], str]] = {
    "spoken_day": spoken_day,
    "spoken_day_es": spoken_day_es,
    "spoken_date": spoken_date,
    "spoken_date_es": spoken_date_es,
    "day": day,
    "full_day": full_day,
}
# What a text that cannot be said raises: it is broken, or a value is not what it was written for.
UNSAID = (TemplateError, TypeError, ValueError, AttributeError, RecursionError)

# What jinja2 knows and a patient's text may not do, as it is written.
WRITTEN: Mapping[type[nodes.Node], str] = {
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.FromImport: "import",
    nodes.Call: "( )",
    nodes.Operand: "<",
    nodes.Getitem: "[ ]",
    nodes.Add: "+",
    nodes.Sub: "-",
    nodes.Mul: "*",
    nodes.Pow: "**",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
    nodes.Concat: "~",
    nodes.Test: "is",
    nodes.CondExpr: "if … else inside of {{ }}",
}


def say(words: str, facts: Mapping[str, Any]) -> str:
    """The words with the facts of a request, on one line. Raises one of UNSAID."""
    said = _ready(words).render(facts)
    return " ".join(str(said).split())


@lru_cache(REMEMBERED)
def asked(words: str) -> frozenset[str]:
    """The facts that a text uses, in any of its cases. Raises one of UNSAID."""
    return frozenset(meta.find_undeclared_variables(_ENVIRONMENT.parse(words)))


def read(words: str) -> tuple[str, ...]:
    """Every different thing that a text as people wrote it can say, with invented facts.

    Raises Invalid, naming what cannot be in it.
    """
    try:
        parsed = _ENVIRONMENT.parse(words)
        _look_at(parsed.body)
        used = sorted(meta.find_undeclared_variables(parsed))
    except TemplateSyntaxError as wrong:
        raise Invalid({FIELD: f"Line {wrong.lineno} cannot be read: {wrong.message}"}) from None
    except RecursionError:
        raise Invalid({FIELD: "That lies too deep in brackets. Write it more simply."}) from None
    return tuple(dict.fromkeys(_said(words, facts, used) for facts in _cases(used)))


def plain(words: str) -> str:
    """Words without placeholders, for one patient. Raises Invalid."""
    return _fit(" ".join(words.split()), "")


def fault_of(words: str) -> str:
    """Why a text cannot be said, in a sentence; empty when it can."""
    try:
        read(words)
    except Invalid as wrong:
        return wrong.sentence
    return ""


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # plain text, read out; screens escape it
        finalize=lambda value: "" if value is None else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters = dict(DAYS)
    return environment


_ENVIRONMENT = _environment()


@lru_cache(REMEMBERED)
def _ready(words: str) -> Any:
    return _ENVIRONMENT.from_string(words)


def _known(name: str) -> Placeholder:
    if name not in PLACEHOLDERS:
        raise Invalid({FIELD: f"“{name}” is no placeholder. There are: {', '.join(PLACEHOLDERS)}."})
    return PLACEHOLDERS[name]


def _look_at(body: Iterable[nodes.Node]) -> None:
    """Text, placeholders and conditions."""
    for node in body:
        if isinstance(node, nodes.If):
            _look_at_condition(node.test)
            _look_at([*node.body, *node.elif_, *node.else_])
        elif isinstance(node, nodes.Output):
            for part in node.nodes:
                _look_at_placeholder(part)
        else:
            raise _not_here(node)


def _look_at_placeholder(node: nodes.Node) -> None:
    if isinstance(node, nodes.TemplateData):
        return
    if isinstance(node, nodes.Filter) and isinstance(node.node, nodes.Name):
        name, sort = node.node.name, _known(node.node.name).sort
        if node.name not in DAYS or node.args or node.kwargs or sort is not Sort.DAY:
            raise Invalid({FIELD: f"“{name} | {node.name}” cannot be written. Dates take: {', '.join(DAYS)}."})
        return
    if not isinstance(node, nodes.Name):
        raise _not_here(node)
    sort = _known(node.name).sort
    if sort is Sort.DAY:
        raise Invalid({FIELD: f"Write the day as {{{{ {node.name} | spoken_day }}}}, so that it can be read out."})
    if sort is not Sort.WORD:
        raise Invalid({FIELD: f"“{node.name}” {sort}: use it after {{% if."})


def _look_at_condition(node: nodes.Node) -> None:
    if isinstance(node, nodes.Not):
        _look_at_condition(node.node)
    elif isinstance(node, nodes.And | nodes.Or):
        _look_at_condition(node.left)
        _look_at_condition(node.right)
    elif isinstance(node, nodes.Compare):
        _look_at_comparison(node)
    elif isinstance(node, nodes.Name):
        _known(node.name)
    else:
        raise _not_here(node)


def _look_at_comparison(node: nodes.Compare) -> None:
    """A choice beside what it can be, so that every case is known and can be looked at."""
    if not isinstance(node.expr, nodes.Name):
        raise _not_here(node.expr)
    name, placeholder = node.expr.name, _known(node.expr.name)
    if placeholder.sort is not Sort.CHOICE:
        raise Invalid({FIELD: f"“{name}” is not compared with anything: write {{% if {name} %}}."})
    for operand in node.ops:
        if operand.op not in ("eq", "ne", "in", "notin"):
            raise _not_here(operand)
        for value in _constants(operand.expr):
            if value not in placeholder.samples:
                can_be = ", ".join(filter(None, placeholder.samples))
                raise Invalid({FIELD: f"“{name}” is never “{value}”. It can be: {can_be}."})


def _constants(node: nodes.Expr) -> Iterator[Any]:
    if isinstance(node, nodes.Const):
        yield node.value
    elif isinstance(node, nodes.Tuple | nodes.List):
        for item in node.items:
            yield from _constants(item)
    else:
        raise _not_here(node)


def _not_here(node: nodes.Node) -> Invalid:
    if isinstance(node, nodes.Getattr):
        written = f".{node.attr}"
    elif isinstance(node, nodes.Filter):
        written = f"| {node.name}"
    elif isinstance(node, nodes.Const):
        written = repr(node.value)[:QUOTED]
    elif isinstance(node, nodes.Name):
        written = node.name
    else:
        written = WRITTEN.get(type(node), type(node).__name__.lower())
    return Invalid({FIELD: f"“{written}” cannot be used here: only text, {{{{ placeholders }}}} and {{% if … %}}."})


def _cases(used: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Every way in which the facts that a text uses may turn out."""
    asked = sorted(used)
    plain = {name: placeholder.samples[0] for name, placeholder in PLACEHOLDERS.items()}
    for chosen in product(*(PLACEHOLDERS[name].samples for name in asked)):
        yield {**plain, **dict(zip(asked, chosen, strict=True))}


def _said(words: str, facts: Mapping[str, Any], used: Iterable[str]) -> str:
    try:
        said = say(words, facts)
    except UNSAID:
        raise Invalid({FIELD: _not_always([name for name in used if facts[name] is None])}) from None
    return _fit(said, _when(facts, used))


def _fit(said: str, case: str) -> str:
    if not said:
        raise Invalid({FIELD: f"It says nothing{case}. Type the words."})
    if "{" in said or "}" in said:
        raise Invalid({FIELD: "A bracket would be read out. Write placeholders with two: {{ payer }}."})
    if len(said) > LONGEST:
        raise Invalid({FIELD: f"That is {len(said)} characters long; at most {LONGEST} can be read out."})
    return said


def _when(facts: Mapping[str, Any], used: Iterable[str]) -> str:
    """The case in words, as far as a text makes a difference of it."""
    told = [f"{name} is {facts[name] or 'empty'}" for name in used if PLACEHOLDERS[name].sort is not Sort.WORD]
    return f" when {' and '.join(told)}" if told else ""


def _not_always(unknown: list[str]) -> str:
    if not unknown:
        return "It cannot be read out as it is written. Write it more simply."
    first = unknown[0]
    return f"“{first}” is not always known. Put what is said with it between {{% if {first} %}} and {{% endif %}}."
