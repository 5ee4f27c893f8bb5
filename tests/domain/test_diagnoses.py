"""What is said of a diagnosis that a payer may stumble over: in words, by name, and never as a refusal."""

import pytest

from pabot.domain.diagnoses import Diagnosis, NoList, Standing, warnings

FINE = Diagnosis("M54.16", "Radiculopathy, lumbar region", Standing.BILLABLE)
GENERAL = Diagnosis("M54.1", "Radiculopathy", Standing.GENERAL)
ALSO_GENERAL = Diagnosis("G35", "Multiple sclerosis", Standing.GENERAL)
UNKNOWN = Diagnosis("M54.1X", "", Standing.UNKNOWN)
UNCHECKED = Diagnosis("M54.1X")
IDA = "Dr. Ida Voss can name the right one; others change it only as a clinician directs. It is saved as typed."


@pytest.mark.parametrize(
    ("found", "named", "said"),
    [
        ([FINE], True, ()),
        ([UNCHECKED], True, ()),
        ([], True, ()),
        ([UNKNOWN], True, (f"M54.1X is not in the ICD-10-CM release of April 2026. {IDA}",)),
        ([UNKNOWN], False, (f"One of the diagnoses is not in the ICD-10-CM release of April 2026. {IDA}",)),
        ([GENERAL, FINE], True, (f"M54.1 is not the most specific code, and a payer may refuse it. {IDA}",)),
        (
            [GENERAL, FINE],
            False,
            (f"One of the diagnoses is not the most specific code, and a payer may refuse it. {IDA}",),
        ),
        (
            [GENERAL, ALSO_GENERAL],
            True,
            (f"M54.1 and G35 are each not the most specific code, and a payer may refuse it. {IDA}",),
        ),
        (
            [GENERAL, ALSO_GENERAL],
            False,
            (f"2 of the diagnoses are each not the most specific code, and a payer may refuse it. {IDA}",),
        ),
        (
            [GENERAL, UNKNOWN],
            False,
            (
                f"One of the diagnoses is not in the ICD-10-CM release of April 2026. {IDA}",
                f"One of the diagnoses is not the most specific code, and a payer may refuse it. {IDA}",
            ),
        ),
    ],
)
def test_a_doubt_is_said_with_who_may_settle_it(found: list[Diagnosis], named: bool, said: tuple[str, ...]) -> None:
    assert warnings(found, "April 2026", "Dr. Ida Voss", named=named) == said


def test_without_a_clinician_it_says_which_role() -> None:
    (said,) = warnings([GENERAL], "April 2026", "", named=False)
    assert "A clinician can name the right one" in said


@pytest.mark.parametrize("named", [True, False])
def test_a_code_is_said_only_where_it_may_stand(named: bool) -> None:
    said = " ".join(warnings([GENERAL, UNKNOWN, ALSO_GENERAL], "April 2026", "Dr. Ida Voss", named=named))
    assert [code in said for code in ("M54.1", "M54.1X", "G35")] == [named] * 3


def test_without_a_list_every_code_is_taken_as_typed() -> None:
    assert NoList().search("diabetes", 10) == ()
    assert NoList().look_up("M54.1X") == Diagnosis("M54.1X", "", Standing.UNCHECKED)
