"""Words by which somebody judges rather than records: found, so that a clinician is asked (guides R9, R11).

A table of phrases, each with what it does. It errs towards asking: whoever is not licensed is offered a clinician, and
in internal notes may still save. Our judgement throughout; `tests/domain/sentences.py` holds what it was tried on.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from pabot.domain import commands as c
from pabot.domain import commands_appeals as ca
from pabot.domain.commands_clocks import ChangeDetails, HoldUntil
from pabot.domain.commands_patient import AnswerCall, HandOverCall, RecordPatientCall
from pabot.domain.commands_review import ReturnReview
from pabot.domain.errors import Judges
from pabot.domain.model import AuthorizationState, Member, Role


class Oversteps(StrEnum):
    """What a phrase does that its writer may not."""

    NECESSITY = "argues that care is necessary, or how ill somebody is"
    ADVICE = "gives advice about care"
    DECISION = "judges a denial"
    PROMISE = "promises what the payer will do"
    BENEFIT = "says what a plan pays"


JUDGING = frozenset({Oversteps.NECESSITY, Oversteps.ADVICE, Oversteps.DECISION})
PATIENT = frozenset(Oversteps)  # what no text for a patient may do


@dataclass(frozen=True, slots=True)
class Marked:
    """A phrase that was found, as it was typed."""

    words: str
    does: Oversteps


# Words that stand for each other in a phrase below.
VOCABULARY: Mapping[str, str] = {
    "care": "surgery operation procedure scan scans mri ct pet imaging drug drugs med meds medication "
    "medications medicine dose dosage pill pills tablet tablets injection injections infusion "
    "infusions shot treatment treatments therapy chemo insulin inhaler steroid steroids antibiotic "
    "antibiotics brace wheelchair cpap oxygen walker pump biologic opioids",
    "them": "pt patient patients she he they you her him them mom mother dad father son daughter wife husband family",
    "its": "the a an this that her his their your another more less some",
    "do": "wait stop continue keep start take skip increase decrease reduce double halve switch try avoid "
    "rest cut restart resume hold",
    "needed": "necessary needed required justified warranted appropriate indicated overkill unnecessary",
    "ill": "severe bad sick ill serious advanced critical unstable stable worse worsening "
    "deteriorating life-threatening",
    "record": "note notes record records chart lab labs result results symptoms history dx diagnosis scan mri "
    "imaging xray exam",
    "very": "not never clearly definitely really probably obviously still just also only very so too",
    "be": "is are was were isn't aren't be been its it's",
    "must": "should shouldn't must ought better",
    "may": "can could may might ok okay fine safe free",
    "payer": "payer insurer insurance plan policy medicare medicaid reviewer md they denial decision",
}

# A phrase is words in a row. `{name}`: any word of the vocabulary. `a/b`: either. `~`: any ending. `?`: may be absent.
# `*`: up to four words of any kind.
PHRASES: Mapping[Oversteps, tuple[str, ...]] = {
    Oversteps.NECESSITY: (
        "medical/medically necess~",
        "clinically/medically {needed}/urgent/stable",
        "meet/meets/met/meeting/satisf~/fulfil~/fits * criteria",
        "qualif~ for/under/clinically/medically",
        "standard of care",
        "{ill} enough",
        "failed/exhausted/tried and? failed? all/every/conservative/first-line/physical/step/other/prior",
        "no other/alternative/better option~/alternative~/treatment~/therap~/choice",
        "will/would/could/might/gonna {very}? get/worsen/deteriorate/suffer/die/decline worse?",
        "{be}/getting/gets/got/looks/seems {very}? {ill}",
        "{record} {very}? supports/support/justif~/proves/prove/qualif~",
        "{them} {very}? needs/need/requires/require * {care}",
        "{care} {be} {very}? {needed}",
        "in severe/terrible/unbearable/much pain",
    ),
    Oversteps.ADVICE: (
        "{must} to? not? {very}? {do}",
        "need/needs/has/have to {very}? {do}",
        "{may} to? safely? {very}? {do}/use/stay/go without?",
        "stop/quit/continue/keep/start/skip/double/halve/restart taking/using/wearing/doing",
        "stop/continue/skip/double/halve/increase/reduce/split/restart/take {its}? {care}",
        "don't/not/to/shouldn't be? worry/worried",
        "{be}/not/nothing {very}? safe/dangerous/harmless/risky/normal",
        "recommend~ that? {its}? {very}? {care}/{them}",
        "advised/advise/told/suggested/instructed * to not? {do}/give/use",
        "better off with/without",
    ),
    Oversteps.DECISION: (
        "{payer} {be}/got {very}? wrong/unjustified/incorrect/unfair/ridiculous/mistaken/bogus",
        "{must}/gonna/will/lets/let's/we'll/need/needs/have/has to? {very}? appeal/accept/fight the/this/it",
        "worth an? appeal/appealing/fighting",
        "in my opinion/judgment/judgement/view",
    ),
    Oversteps.PROMISE: (
        "will/shall be/get {very}? approved/authorized/covered/paid",
        "going to be/get {very}? approved/authorized/covered/paid",
        "guarante~/promis~",
        "definitely/certainly/surely",
        "for sure",
        "{be}/i'm/we're {very}? sure",
        "sure to be/get",
    ),
    Oversteps.BENEFIT: (
        "{payer} will/does/won't/doesn't? not? cover/covers/pay/pays",
        "deductible/copay/co-pay/copayment/coinsurance",
        "{them} owe/owes",
        "{them} will/won't/don't/wouldn't not? owe/pay",
        "{them} pay/pays nothing/only/less/more/no/zero/about/half",
        "no cost",
        "free of charge",
    ),
}


BETWEEN = r"[\s,'\"()-]"  # two words; a full stop ends the phrase


def pattern(phrases: Iterable[str], vocabulary: Mapping[str, str]) -> re.Pattern[str]:
    """Finds any of some phrases, written as PHRASES are."""
    either = "|".join("".join(_word(word, vocabulary) for word in phrase.split()) for phrase in phrases)
    return re.compile(rf"\b(?:{either})", re.IGNORECASE)


def _word(word: str, vocabulary: Mapping[str, str]) -> str:
    if word == "*":
        return rf"(?:[\w'-]+{BETWEEN}+){{0,4}}?"
    chosen = word.removesuffix("?").split("/")
    known = [each for one in chosen for each in (vocabulary[one.strip("{}")] if "{" in one else one).split()]
    either = "|".join(re.escape(one).replace("\\~", r"\w*").replace("~", r"\w*") for one in known)
    return rf"(?:(?:{either})(?!\w){BETWEEN}*)" + ("?" if word.endswith("?") else "")


@cache
def _pattern(does: Oversteps) -> re.Pattern[str]:
    """Made when it is first needed: it is large, and a worker never needs it."""
    return pattern(PHRASES[does], VOCABULARY)


def oversteps(text: str, of: Iterable[Oversteps] = JUDGING) -> tuple[Marked, ...]:
    """The phrases of a text that do what is looked for, in the order in which they stand."""
    return marked(text.replace("’", "'"), ((does, _pattern(does)) for does in of))


def marked(
    text: str, patterns: Iterable[tuple[Oversteps, re.Pattern[str]]], typed: str | None = None
) -> tuple[Marked, ...]:
    """What the patterns find in a text, in the order in which it stands; in the words of `typed`, mark for mark."""
    found = sorted(((hit.span(), does) for does, of in patterns for hit in of.finditer(text)), key=lambda one: one[0])
    return tuple(Marked((typed or text)[start:end].strip(" .,;:!?"), does) for (start, end), does in found)


class Goes(StrEnum):
    """What becomes of a text that somebody types."""

    STAYS = "an internal note"
    LEAVES = "goes to the payer"
    QUOTES = "says what the payer or the patient said"
    ASKS = "is what a licensed person is asked"
    LICENSED = "is written by whoever may judge"


# Every text of a step that is more than a name or a number, by command and field.
TEXTS: Mapping[type[c.Command], Mapping[str, Goes]] = {
    c.Assign: {"note": Goes.STAYS},
    c.CheckRequirement: {"missing": Goes.STAYS, "proof": Goes.QUOTES},
    c.ChangeCodes: {"reason": Goes.STAYS},
    c.RecordDocuments: {"missing": Goes.STAYS},
    c.RequestDocuments: {"note": Goes.ASKS},
    c.CannotProvide: {"reason": Goes.STAYS},
    c.AskAboutDocuments: {"question": Goes.ASKS},
    c.GoWithout: {"reason": Goes.STAYS},
    c.GoWithoutClinical: {"reason": Goes.LICENSED},
    c.RecordApproval: {"no_number_reason": Goes.QUOTES, "cut_reason_text": Goes.QUOTES},
    c.Acknowledge: {"proof": Goes.QUOTES},
    c.ReturnUnprocessed: {"reason": Goes.QUOTES},
    c.SendAgain: {"reason": Goes.STAYS},
    c.LogContact: {"result": Goes.QUOTES, "told_next": Goes.QUOTES},
    c.RecordInformationRequest: {"asked": Goes.QUOTES},
    c.AnswerInformation: {"answer": Goes.LEAVES},
    c.RecordDenial: {"reason_text": Goes.QUOTES},
    c.Route: {"note": Goes.ASKS},
    c.DecideDenial: {"reason": Goes.LICENSED, "words": Goes.LICENSED, "necessity": Goes.LICENSED},
    c.AskForMore: {"need": Goes.LICENSED},
    c.AskClinician: {"question": Goes.ASKS, "background": Goes.ASKS},
    ReturnReview: {"words": Goes.LICENSED},
    c.AnswerQuestion: {"answer": Goes.LICENSED},
    c.TellPatient: {"note": Goes.STAYS},
    RecordPatientCall: {"said": Goes.QUOTES},
    AnswerCall: {"answer": Goes.LICENSED},
    HandOverCall: {"note": Goes.ASKS},
    c.WaiveUpdate: {"reason": Goes.STAYS, "note": Goes.STAYS},
    c.Withdraw: {"note": Goes.STAYS},
    c.Close: {"note": Goes.STAYS},
    c.Reopen: {"reason": Goes.STAYS},
    c.AttestUrgency: {"basis": Goes.LICENSED},
    c.CorrectEntry: {"reason": Goes.STAYS},
    ca.PackAppeal: {"attachments": Goes.LEAVES},
    ca.FileAppeal: {"attachments": Goes.LEAVES, "without": Goes.STAYS},
    ca.WriteNecessity: {"text": Goes.LICENSED, "where": Goes.LICENSED},
    ca.WithdrawAppeal: {"reason": Goes.LICENSED},
    ca.DismissAppeal: {"reason": Goes.QUOTES},
    ca.RecordPeerToPeer: {"note": Goes.QUOTES},
    ChangeDetails: {"reason": Goes.STAYS},
    HoldUntil: {"note": Goes.STAYS},
}


def kept_as_is(state: AuthorizationState, command: c.Command, actor: Member) -> str:
    """The words that judge, of a step by somebody without a licence who keeps them; empty: there are none.

    Raises Judges, naming them under their fields, unless they stay in the practice and the command says to keep them.
    What a clinician released goes to the payer as the clinician said it.
    """
    goes = TEXTS.get(type(command), {})
    asked = state.open_information_request
    released = isinstance(command, c.AnswerInformation) and asked is not None and asked.clinical
    if actor.is_(Role.CLINICIAN) or released:
        return ""
    searched = {name: where for name, where in goes.items() if where in (Goes.STAYS, Goes.LEAVES)}
    found = {name: marks for name in searched if (marks := oversteps(getattr(command, name)))}
    leaving = {name for name in found if goes[name] is Goes.LEAVES}
    if leaving or (found and not command.as_is):
        faults = {name: sentence(marks, leaves=name in leaving) for name, marks in found.items()}
        raise Judges(faults, may_keep=not leaving)
    return ", ".join(mark.words for marks in found.values() for mark in marks)


def sentence(marks: Sequence[Marked], *, leaves: bool) -> str:
    """What a person reads under the field: the words, what they do, and what is to be done."""
    first, *more = marks
    words = ", ".join(f"“{mark.words}”" for mark in (first, *more[:2]))
    told = f"{words}: that {first.does}, which is a clinician's to say."
    return f"{told} It cannot go to the payer: reword it, or ask the clinician." if leaves else told
