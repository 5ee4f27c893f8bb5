"""Codes, diagnoses and numbers as people type them."""

import pytest

from pabot.domain.codes import normal_number, npi_ok, parse_diagnoses, parse_lines, parse_ndc, unnamed
from pabot.domain.errors import Invalid
from pabot.domain.model import Category, ServiceLine
from pabot.domain.orders import Medication


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("K0856", [("K0856", "", 1)]),
        ("K0856 NU x2", [("K0856", "NU", 2)]),
        ("k0856-nu-kx 2", [("K0856", "NU KX", 2)]),
        ("  k0856   nu  ", [("K0856", "NU", 1)]),
        ("K0856x2", [("K0856", "", 2)]),
        ("K0856 NU × 2", [("K0856", "NU", 2)]),
        ("K0856 NU KX RR 59 x9999", [("K0856", "NU KX RR 59", 9999)]),
        ("97110 59 x12", [("97110", "59", 12)]),
        ("99999 XU", [("99999", "XU", 1)]),
        ("J9999 100", [("J9999", "", 100)]),
        ("0001U", [("0001U", "", 1)]),
        ("0420 x3", [("0420", "", 3)]),
        ("K0856; e2311 x2,\n\n0420", [("K0856", "", 1), ("E2311", "", 2), ("0420", "", 1)]),
    ],
)
def test_lines_are_read_as_they_are_typed(typed: str, read: list[tuple[str, str, int]]) -> None:
    lines = parse_lines(typed)
    assert [(line.code, line.modifiers, line.units) for line in lines] == read
    assert [line.seq for line in lines] == list(range(1, len(read) + 1))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type at least one code, such as K0856."),
        (" ;\n", "Type at least one code, such as K0856."),
        ("wheelchair", "“wheelchair” does not start with a code, such as K0856 or 99999."),
        ("W0001", "“W0001” does not start with a code, such as K0856 or 99999."),
        ("K0856\nK085", "“K085” does not start with a code, such as K0856 or 99999."),
        ("K0856 N", "“K0856 N”: write modifiers of two characters, then the units, as in NU x2."),
        ("K0856 NU KX RR AA BB", "“K0856 NU KX RR AA BB”: at most 4 modifiers fit on a code."),
        ("K0856 x0", "“K0856 x0”: units must be between 1 and 9999."),
        ("K0856 NU 10000", "“K0856 NU 10000”: units must be between 1 and 9999."),
        ("97110 GP 59", "“97110 GP 59”: is 59 the units or a modifier? Write x59, or 59 x1."),
        ("97110 12", "“97110 12”: is 12 the units or a modifier? Write x12, or 12 x1."),
        ("K0856\n" * 21, "At most 20 codes fit in one request."),
    ],
)
def test_a_line_that_is_not_understood_is_named(typed: str, sentence: str) -> None:
    with pytest.raises(Invalid) as wrong:
        parse_lines(typed)
    assert wrong.value.fields == {"codes": sentence}


def test_twenty_lines_fit() -> None:
    assert len(parse_lines("K0856\n" * 20)) == 20


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ()),
        ("m5416", ("M54.16",)),
        ("M54.16, m54.16 M5416", ("M54.16",)),
        ("I10;E11.9", ("I10", "E11.9")),
        ("S72.001A\nC7A.00", ("S72.001A", "C7A.00")),
    ],
)
def test_diagnoses_are_written_with_their_dot_and_once(typed: str, read: tuple[str, ...]) -> None:
    assert parse_diagnoses(typed) == read


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("back pain", "“BACK” is not written like a diagnosis code, such as M54.16."),
        ("M54.16, 72148", "“72148” is not written like a diagnosis code, such as M54.16."),
        ("M54.", "“M54.” is not written like a diagnosis code, such as M54.16."),
        (" ".join(f"M{n}.1" for n in range(10, 23)), "At most 12 diagnoses fit in one request."),
    ],
)
def test_a_diagnosis_that_cannot_be_is_named(typed: str, sentence: str) -> None:
    with pytest.raises(Invalid) as wrong:
        parse_diagnoses(typed)
    assert wrong.value.fields == {"diagnoses": sentence}


@pytest.mark.parametrize("npi", ["1234567893", "1993999998", "1558598797"])
def test_an_npi_with_the_right_check_digit(npi: str) -> None:
    assert npi_ok(npi)


@pytest.mark.parametrize(
    "npi", ["1234567890", "3234567893", "123456789", "12345678930", "", "123456789X", "１234567893"]
)
def test_no_npi(npi: str) -> None:
    assert not npi_ok(npi)


@pytest.mark.parametrize("typed", ["1042", "pa1042", "PA-1042", "#1042", " pa 1042 ", "PA-001042", "# PA-1042"])
def test_a_number_in_all_its_spellings(typed: str) -> None:
    assert normal_number(typed) == 1042


@pytest.mark.parametrize("typed", ["", "pa", "1042a", "J.D.", "10 42", "MRN-1042", "1" * 13, "１042"])
def test_not_a_number_of_ours(typed: str) -> None:
    assert normal_number(typed) is None


@pytest.mark.parametrize("typed", ["00000-1111-22", "00000111122", " 00000-1111-22 ", "00000-111122"])
def test_an_ndc_is_written_five_four_two(typed: str) -> None:
    assert parse_ndc(typed) == "00000-1111-22"


@pytest.mark.parametrize(
    "typed",
    ["", "0000-1111-22", "00000-111-22", "0000111122", "00000-1111-222", "00000 1111 22", "０0000-1111-22"],
)
def test_what_could_be_read_in_several_ways_is_no_ndc(typed: str) -> None:
    with pytest.raises(Invalid) as wrong:
        parse_ndc(typed)
    said = f"“{typed[:20]}” is not written like an NDC: eleven digits, as in 00000-1111-22."
    assert wrong.value.fields == {"ndc": said}


CODE, NAMED = (ServiceLine(1, "J0135"),), Medication("Adalimumab")


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize(
    ("lines", "medication", "of_a_medication", "of_another"),
    [
        (CODE, None, "", ""),
        (CODE, Medication(quantity=2), "", ""),
        ((), NAMED, "", "codes"),
        ((), None, "medication_name", "codes"),
        ((), Medication(strength="40 mg"), "medication_name", "codes"),
    ],
)
def test_what_is_asked_for_has_a_code_or_is_a_medication_by_its_name(
    category: Category, lines: tuple[ServiceLine, ...], medication: Medication, of_a_medication: str, of_another: str
) -> None:
    expected = of_a_medication if category is Category.MEDICATION else of_another
    assert list(unnamed(category, lines, medication)) == ([expected] if expected else [])
