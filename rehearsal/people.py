"""The invented practice: twelve clinicians, four coordinators, a biller, a manager, the front desk. Nobody exists."""

from pabot.domain.model import Category, LineOfBusiness, Role, ServiceLine
from pabot.domain.practice import SaveMember

CHANNEL = "C0AUTHS"
MANAGER = "U0MAYA"


def _ring(names: tuple[str, ...], prefix: str, role: Role) -> tuple[SaveMember, ...]:
    """People of one role, each covered by the next."""
    ids = [f"{prefix}{name.split()[-1].upper()}" for name in names]
    return tuple(
        SaveMember(user_id, name, frozenset({role}), cover_id=ids[(at + 1) % len(ids)])
        for at, (user_id, name) in enumerate(zip(ids, names, strict=True))
    )


CLINICIANS = _ring(
    (
        *("Dr. Ada Example", "Dr. Ben Sample", "Dr. Cleo Placeholder", "Dr. Dov Fictive"),
        *("Dr. Eve Madeup", "Dr. Fay Invented", "Dr. Gil Pretend", "Dr. Hal Dummy"),
        *("Dr. Ivy Mockup", "Dr. Jon Specimen", "Dr. Kit Nonesuch", "Dr. Lea Imaginary"),
    ),
    "U1",
    Role.CLINICIAN,
)
COORDINATORS = _ring(("Casey Notreal", "Jordan Phantom", "Robin Supposed", "Sam Assumed"), "U2", Role.COORDINATOR)
SUCCESSOR = SaveMember("U2QUINN", "Quinn Conceived", frozenset({Role.COORDINATOR}), cover_id=COORDINATORS[0].user_id)
OTHERS = (
    SaveMember(MANAGER, "Maya Nobody", frozenset({Role.MANAGER})),
    SaveMember("U0BLAKE", "Blake Mythical", frozenset({Role.BILLER}), cover_id=MANAGER),
    SaveMember("U0FRAN", "Fran Unreal", frozenset({Role.VIEWER})),
)
STAFF = (*OTHERS, *COORDINATORS, *CLINICIANS)

PLANS = (
    ("Original Medicare (example)", "DME", LineOfBusiness.MEDICARE_FFS),
    ("Sunrise Example Health", "Advantage Plus", LineOfBusiness.MEDICARE_ADVANTAGE),
    ("Sunrise Example Health", "Employer PPO", LineOfBusiness.ERISA_SELF_FUNDED),
    ("Pinewood Sample Mutual", "Silver", LineOfBusiness.QHP),
    ("Tidewater Example Plan", "Community", LineOfBusiness.MEDICAID_MCO),
)
SERVICES = (
    ("Power wheelchair", Category.SERVICE, ServiceLine(1, "K0856", "NU")),
    ("Back brace", Category.SERVICE, ServiceLine(1, "L0650")),
    ("MRI of the knee", Category.IMAGING, ServiceLine(1, "73721")),
    ("Knee arthroscopy", Category.PROCEDURE, ServiceLine(1, "29881")),
    ("Compression pump", Category.THERAPY, ServiceLine(1, "E0651", "NU")),
)
