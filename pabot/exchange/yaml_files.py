"""YAML: read with the line of every fault, and written so that reading and writing again changes no byte."""

from collections.abc import Iterable, Iterator
from typing import Any

import yaml
from pydantic import ValidationError

from pabot.domain.errors import BadFile
from pabot.domain.library import PayerEntry
from pabot.exchange.faults import Where, told
from pabot.exchange.payer_file import PayerFile, written


def read(name: str, text: str) -> Iterator[PayerEntry]:
    """The payers of a file, one a document. Raises BadFile with file and line."""
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.CSafeLoader)):
            raise BadFile(f"{name}: it refers to another place by *; write it out instead.")
        # Every scalar stays text, as it was written: no “no” becomes false, no code a number.
        nodes = list(yaml.compose_all(text, Loader=yaml.CBaseLoader))
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise BadFile(f"{name}, line {line}: this is not YAML ({getattr(wrong, 'problem', wrong)}).") from None
    for node in nodes:
        yield _payer(name, node)


def write(payers: Iterable[PayerEntry]) -> str:
    """The payers as one text, a document each."""
    documents = [written(entry) for entry in payers]
    text: str = yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True, width=110, explicit_start=True)
    return text


def _payer(name: str, node: yaml.Node) -> PayerEntry:
    lines: dict[Where, int] = {}
    values = _values(name, node, (), lines)
    try:
        return PayerFile.model_validate(values).entry()
    except ValidationError as wrong:
        raise BadFile(told(name, wrong, lines)) from None


def _values(name: str, node: yaml.Node, where: Where, lines: dict[Where, int]) -> Any:
    """Plain values of a node; `lines` learns where each of them stands. What is left empty is absent."""
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_values(name, each, (*where, at), lines) for at, each in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.value in found:
            raise BadFile(f"{name}, line {line}: “{key.value}” stands here a second time.")
        found[key.value] = _values(name, value, (*where, key.value), lines)
        lines[(*where, key.value)] = line
    return {key: value for key, value in found.items() if value != ""}
