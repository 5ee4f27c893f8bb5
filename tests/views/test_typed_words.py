"""What people type is shown, never obeyed: in Slack's mrkdwn no mention, link, quote or emphasis comes to life."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from message_samples import LOOK

from pabot.views.parts import fit, joined
from pabot.views.text import Mrkdwn, clip, quote, safe


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("O'Brien & Sons <x>", "O'Brien &amp; Sons &lt;x&gt;"),
        ("<!channel> <@U0CORA>", "&lt;!channel&gt; &lt;@U0CORA&gt;"),
        ("*bold* _slant_ ~struck~ `code`", "∗bold∗ ＿slant＿ ∼struck∼ ˋcodeˋ"),
        ("NW_20_118", "NW_20_118"),
        ("2*3", "2*3"),
        ("> quoted", "\u200b&gt; quoted"),
        ("A\u202eB\u2066C\u0007D", "ABCD"),
        ("line\nline", "line\nline"),
        ("already &amp; escaped", "already &amp;amp; escaped"),
    ],
)
def test_typed_words_are_harmless(typed: str, shown: str) -> None:
    assert safe(typed) == shown


def test_what_is_mrkdwn_already_is_not_escaped_again() -> None:
    assert safe(Mrkdwn("*Next:*")) == "*Next:*"
    assert joined([Mrkdwn("*a*"), "", None, "<b>"]) == "*a* · &lt;b&gt;"


@given(st.text())
def test_whatever_is_typed_opens_nothing(typed: str) -> None:
    said = safe(typed)
    assert "<" not in said
    assert not re.search(r"(?<![^\W_])[*_~](?=\S)|`", said)
    assert not re.search(r"^\s*&gt;", said, re.MULTILINE)


@given(st.text(alphabet="ab &<>*_~`\n", min_size=1), st.integers(30, 60))
def test_fitting_never_cuts_an_escape_or_a_mention_apart(typed: str, length: int) -> None:
    said = fit(Mrkdwn(f"{safe(typed * 9)}<!date^1^{{time}}|x>{safe(typed * 9)}"), length)
    assert len(said) <= length
    assert not re.search(r"&(?!amp;|lt;|gt;)", said)
    assert said.count("<") == said.count(">")


def test_a_quote_stays_one_however_many_lines_it_has() -> None:
    assert quote("first\n> second\n*third*") == "> first\n> \u200b&gt; second\n> ∗third∗"
    assert clip("x" * 400, 300) == "x" * 299 + "…"


def test_typed_words_reach_a_template_harmless() -> None:
    assert "&lt;!here&gt;" in LOOK.say("home", name="<!here>")
