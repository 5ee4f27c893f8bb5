"""What is wrong with the templates in force: each fault one line that names the file, the line in it and what to do.

What a template may use is what pabot gives it: for patients the placeholders, for payers the letter's words, for a
message of Slack's what pabot's own template of that name uses, or what its messages are given.
"""

from collections.abc import Iterator

from jinja2 import TemplateNotFound, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pabot.domain.letters import WORDS as LETTER_WORDS
from pabot.domain.patient_words import PLACEHOLDERS
from pabot.views.messages import WORDS
from pabot.views.text import SLACK_ENDING, Texts

ALWAYS = frozenset({"zone"})


def faults(texts: Texts) -> list[str]:
    """A line for each; none when every template can be said."""
    return [fault for name in texts.slack.list_templates(extensions=["j2"]) for fault in _of(texts, name)]


def _of(texts: Texts, name: str) -> Iterator[str]:
    environment = texts.slack if name.startswith("slack/") else texts.patient
    source, path = _source(environment, name)
    where = f"message template {path}"
    given = _given(texts, name)
    if given is None:
        yield f"{where}: pabot says nothing by this name. Look for the right one in message_templates/README.md"
        return
    try:
        environment.compile(source, name, path)
    except TemplateSyntaxError as wrong:  # a filter that is not there is one as well
        yield f"{where}, line {wrong.lineno}: {wrong.message}"
        return
    parsed, lines = environment.parse(source), dict[str, int]()
    for used in parsed.find_all(nodes.Name):
        lines.setdefault(used.name, used.lineno)
    unknown = meta.find_undeclared_variables(parsed) - given - ALWAYS
    for variable in sorted(unknown, key=lambda one: (lines[one], one)):
        yield f"{where}, line {lines[variable]}: “{variable}” is nothing that it is given"


def _given(texts: Texts, name: str) -> frozenset[str] | None:
    """The variables that a template is given; None: there is no template of this name."""
    folder, _, rest = name.partition("/")
    try:
        shipped = _source(texts.shipped_slack, name)[0]
    except TemplateNotFound:
        return None
    if folder == "slack":
        words = WORDS.get(rest.removesuffix(SLACK_ENDING))
        about = {"about", *words.split()} if words else set()
        return frozenset(meta.find_undeclared_variables(texts.shipped_slack.parse(shipped)) | about)
    return frozenset(LETTER_WORDS if folder == "payer" else PLACEHOLDERS)


def _source(environment: ImmutableSandboxedEnvironment, name: str) -> tuple[str, str]:
    """What a template says, and the file that says it. Raises TemplateNotFound."""
    loader = environment.loader
    if loader is None:
        raise TemplateNotFound(name)
    source, path, _ = loader.get_source(environment, name)
    return source, path or name
