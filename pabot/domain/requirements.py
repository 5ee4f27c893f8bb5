"""What payers do by default: decision windows, appeals, denial reasons and their routes.

Tables only prefill; the payer's own word and the letter's own date always win (our judgement).
Sources: CMS-0057-F, 29 CFR 2560.503-1, 42 CFR 422 and 438, CMS pages on OPD and DMEPOS prior authorization.
Rows marked general knowledge in the field notes are to be verified per payer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pabot.domain.model import DenialClass, LineOfBusiness


@dataclass(frozen=True, slots=True)
class Window:
    """A span: value and unit (`h` calendar hours, `cd` calendar days, `bd` business days)."""

    value: int
    unit: str

    def __str__(self) -> str:
        name = {"h": "hour", "cd": "calendar day", "bd": "business day"}[self.unit]
        return f"{self.value} {name}{'' if self.value == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class PayerRules:
    """The windows of one line of business, or a payer's own."""

    standard: Window
    expedited: Window
    appeal_days: int  # calendar days from the notice date
    appeal_decision_days: int  # calendar days from filing
    source: str


_L = LineOfBusiness
_h72, _h24 = Window(72, "h"), Window(24, "h")

# fmt: off
DEFAULTS: Mapping[LineOfBusiness, PayerRules] = {
    _L.MEDICARE_FFS:       PayerRules(Window(7, "cd"), Window(2, "bd"), 120, 60, "Medicare OPD and DMEPOS lists"),
    _L.MEDICARE_ADVANTAGE: PayerRules(Window(7, "cd"), _h72, 65, 30, "CMS-0057-F; 42 CFR 422.582"),
    _L.PART_D:             PayerRules(_h72, _h24, 65, 7, "Part D coverage determinations"),
    _L.MEDICAID_FFS:       PayerRules(Window(7, "cd"), _h72, 60, 30, "CMS-0057-F"),
    _L.MEDICAID_MCO:       PayerRules(Window(7, "cd"), _h72, 60, 30, "CMS-0057-F; 42 CFR 438.402"),
    _L.CHIP:               PayerRules(Window(7, "cd"), _h72, 60, 30, "CMS-0057-F"),
    _L.QHP:                PayerRules(Window(15, "cd"), _h72, 180, 30, "45 CFR 147.136"),
    _L.COMMERCIAL_INSURED: PayerRules(Window(15, "cd"), _h72, 180, 30, "state law; verify with the payer"),
    _L.ERISA_SELF_FUNDED:  PayerRules(Window(15, "cd"), _h72, 180, 30, "29 CFR 2560.503-1"),
    _L.TRICARE_VA:         PayerRules(Window(7, "cd"), _h72, 90, 30, "our assumption; verify with the payer"),
    _L.WORKERS_COMP:       PayerRules(Window(7, "cd"), _h72, 30, 30, "our assumption; verify with the payer"),
    _L.OTHER:              PayerRules(Window(15, "cd"), _h72, 60, 30, "our assumption; verify with the payer"),
}

LINE_OF_BUSINESS_LABELS: Mapping[LineOfBusiness, str] = {
    _L.MEDICARE_FFS: "Original Medicare", _L.MEDICARE_ADVANTAGE: "Medicare Advantage", _L.PART_D: "Part D",
    _L.MEDICAID_FFS: "Medicaid", _L.MEDICAID_MCO: "Medicaid managed care", _L.CHIP: "CHIP",
    _L.QHP: "Marketplace plan", _L.COMMERCIAL_INSURED: "Commercial", _L.ERISA_SELF_FUNDED: "Self-funded employer",
    _L.TRICARE_VA: "TRICARE or VA", _L.WORKERS_COMP: "Workers' compensation", _L.OTHER: "Other",
}
# fmt: on

INFORMATION_DAYS = 14  # calendar days to answer a payer's question when it names no date (our judgement)


@dataclass(frozen=True, slots=True)
class DenialReason:
    label: str
    denial_class: DenialClass
    biller_may_accept: bool = False


_A, _C, _B = DenialClass.ADMINISTRATIVE, DenialClass.CLINICAL, DenialClass.BENEFIT

DENIAL_REASONS: Mapping[str, DenialReason] = {
    "not_medically_necessary": DenialReason("Not medically necessary", _C),
    "step_therapy": DenialReason("Earlier therapy not shown", _C),
    "missing_docs": DenialReason("Document missing from the packet", _A, True),
    "info_not_received": DenialReason("Payer's information deadline passed", _A, True),
    "wrong_code": DenialReason("Code or units wrong", _A),
    "eligibility": DenialReason("Coverage not active or wrong member", _A, True),
    "out_of_network": DenialReason("Out of network", _A, True),
    "late_or_retro": DenialReason("Asked too late", _A, True),
    "duplicate": DenialReason("Already on file", _A, True),
    "wrong_payer_or_vendor": DenialReason("Belongs to another payer or vendor", _A, True),
    "not_required": DenialReason("No authorization needed", _A, True),
    "benefit_exclusion": DenialReason("Not a covered benefit", _B),
    "experimental": DenialReason("Experimental or unproven", _C),
    "site_or_level_of_care": DenialReason("Another setting wanted", _C),
    "quantity_frequency": DenialReason("More units than usual", _C),
    "alternative_preferred": DenialReason("Another product preferred", _C),
    "other": DenialReason("Other, or no reason given", _C),
}

WITHDRAWAL_REASONS: Mapping[str, str] = {
    "patient_declined": "Patient declined",
    "plan_changed": "Clinician changed the plan",
    "coverage_ended": "Coverage ended",
    "done_elsewhere": "Done elsewhere",
    "entered_in_error": "Entered in error",
    "duplicate": "Duplicate of another request",
}
