"""How hard a text is to understand, as the school grade that reads it with ease: the formula of Flesch and Kincaid."""

import re

AIM = 6.0  # school grade that the words for patients keep below

_SILENT = re.compile(r"(?<=[^l])es?$|ed$")


def grade(text: str) -> float:
    """The school grade of an English text. Syllables are groups of vowels, but for a silent ending."""
    words = re.findall(r"[a-z']+", text.casefold())
    if not words:
        return 0.0
    sentences = max(1, len(re.findall(r"[.!?]", text)))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", _SILENT.sub("", word)))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
