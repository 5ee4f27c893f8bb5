"""The words that forms choose from: lines of business, categories, channels, reasons of denial and withdrawal."""

from collections.abc import Mapping
from dataclasses import dataclass

from pabot.domain.model import Category, Channel, DenialClass, LineOfBusiness

_L = LineOfBusiness

# fmt: off
LINE_OF_BUSINESS_LABELS: Mapping[LineOfBusiness, str] = {
    _L.MEDICARE_FFS: "Original Medicare", _L.MEDICARE_ADVANTAGE: "Medicare Advantage", _L.PART_D: "Part D",
    _L.MEDICAID_FFS: "Medicaid", _L.MEDICAID_MCO: "Medicaid managed care", _L.CHIP: "CHIP",
    _L.QHP: "Marketplace plan", _L.COMMERCIAL_INSURED: "Commercial", _L.ERISA_SELF_FUNDED: "Self-funded employer",
    _L.TRICARE_VA: "TRICARE or VA", _L.WORKERS_COMP: "Workers' compensation", _L.OTHER: "Other",
}
# fmt: on

CATEGORY_LABELS: Mapping[Category, str] = {
    Category.SERVICE: "Service or equipment",
    Category.PROCEDURE: "Procedure",
    Category.IMAGING: "Imaging",
    Category.MEDICATION: "Medication",
    Category.THERAPY: "Therapy",
}

CHANNEL_LABELS: Mapping[Channel, str] = {
    Channel.PORTAL: "Portal",
    Channel.FAX: "Fax",
    Channel.PHONE: "Phone",
    Channel.EPA: "Electronic (ePA)",
    Channel.MAIL: "Mail",
}


@dataclass(frozen=True, slots=True)
class DenialReason:
    label: str
    denial_class: DenialClass
    biller_may_accept: bool = False


_A, _C, _B = DenialClass.ADMINISTRATIVE, DenialClass.CLINICAL, DenialClass.BENEFIT

UNSTATED = "other"  # the letter gives no reason, or none of these
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
    UNSTATED: DenialReason("Other, or no reason given", _C),
}

WITHDRAWAL_REASONS: Mapping[str, str] = {
    "patient_declined": "Patient declined",
    "plan_changed": "Clinician changed the plan",
    "coverage_ended": "Coverage ended",
    "done_elsewhere": "Done elsewhere",
    "entered_in_error": "Entered in error",
    "duplicate": "Duplicate of another request",
}
