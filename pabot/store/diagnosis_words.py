"""How a diagnosis is put into words that can be compared: folded, in the singular, with abbreviations spelt out.

The list is made and searched with the same functions, so that what people type meets what was kept.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping

LONGEST = 100  # characters that are read of a text
MOST = 5  # words that are read of a text
FORGIVEN = ((3, 0), (6, 1), (11, 2), (20, 3))  # up to so many letters, so many mistakes; nobody types longer words

# They stand in too many names to tell one from another.
IDLE = frozenset({"of", "with", "and", "or", "in", "to", "the", "for", "by", "due", "on", "patient"})

# What people say, in the words of the classification.
SPELT_OUT: Mapping[str, str] = {
    "acl": "anterior cruciate ligament",
    "adhd": "attention deficit hyperactivity",
    "af": "atrial fibrillation",
    "afib": "atrial fibrillation",
    "als": "amyotrophic lateral sclerosis",
    "bph": "benign prostatic hyperplasia",
    "broken": "fracture",
    "cad": "atherosclerotic heart disease native",
    "cancer": "malignant neoplasm",
    "chf": "heart failure",
    "ckd": "chronic kidney disease",
    "copd": "chronic obstructive pulmonary disease",
    "cp": "cerebral palsy",
    "cva": "cerebral infarction",
    "diabetic foot ulcer": "diabetes foot ulcer",
    "distal radius": "lower end radius",
    "dm1": "type 1 diabetes mellitus",
    "dm2": "type 2 diabetes mellitus",
    "dvt": "embolism thrombosis deep vein",
    "esrd": "end stage renal disease",
    "gerd": "gastro esophageal reflux",
    "heart attack": "myocardial infarction",
    "herniated disc": "intervertebral disc displacement",
    "high blood pressure": "hypertension",
    "hip fracture": "fracture neck femur",
    "htn": "hypertension",
    "ibs": "irritable bowel syndrome",
    "mi": "myocardial infarction",
    "ms": "multiple sclerosis",
    "oa": "osteoarthritis",
    "osa": "obstructive sleep apnea",
    "pe": "pulmonary embolism",
    "psoriatic arthritis": "arthropathic psoriasis",
    "ptsd": "post traumatic stress",
    "pvd": "peripheral vascular disease",
    "ra": "rheumatoid arthritis",
    "sle": "systemic lupus erythematosus",
    "slipped disc": "intervertebral disc displacement",
    "stroke": "cerebral infarction",
    "t1dm": "type 1 diabetes mellitus",
    "t2dm": "type 2 diabetes mellitus",
    "tbi": "traumatic brain injury",
    "tia": "transient cerebral ischemic attack",
    "torn": "tear",
    "uti": "urinary tract infection",
}
_SPELT_OUT = re.compile(rf"\b({'|'.join(SPELT_OUT)})\b")


def words(text: str) -> tuple[str, ...]:
    """Every word once, in lower case, without accents, in the singular."""
    plain = (
        unicodedata.normalize("NFKD", text.replace("’", "'"))
        .encode("ascii", "ignore")
        .decode()
        .lower()
        .replace("'", "")
    )
    return tuple(dict.fromkeys(singular(word) for word in re.findall("[a-z0-9]+", plain)))


def typed_words(text: str) -> tuple[str, ...]:
    """The words that are looked for: abbreviations spelt out, idle words left out."""
    joined = re.sub(r"(?<=\w)\.(?=\w)", "", text[:LONGEST].lower())  # E11.4 is one word
    found = words(_SPELT_OUT.sub(lambda said: SPELT_OUT[said[0]], joined))
    telling = tuple(word for word in found if word not in IDLE)
    return (telling or found)[:MOST]


def singular(word: str) -> str:
    """Good enough to bring both sides to the same: fractures, fracture."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("us", "ss", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1]


def grams(word: str) -> Iterator[str]:
    """Its runs of three letters; the first two stand for the beginning."""
    padded = f"^{word}"
    return iter({padded[at : at + 3] for at in range(max(1, len(padded) - 2))})


def forgiven(word: str) -> int:
    """How many mistakes a typed word of this length may have."""
    return next((slips for letters, slips in FORGIVEN if len(word) <= letters), 0)


def mistakes(typed: str, word: str) -> int:
    """The slips (a letter missing, too many, wrong, or two swapped) between what was typed and how the word begins."""
    before: list[int] = []
    row = list(range(len(word) + 1))
    for at, letter in enumerate(typed, 1):
        last, before, row = before, row, [at]
        for place, other in enumerate(word, 1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != other))
            if last and place > 1 and letter == word[place - 2] and typed[at - 2] == other:
                cost = min(cost, last[place - 2] + 1)
            row.append(cost)
    return min(row)
