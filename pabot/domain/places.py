"""Places of service, by the public code list of CMS; the usual ones of an office practice."""

from collections.abc import Mapping

PLACES: Mapping[str, str] = {
    "11": "Office",
    "12": "Home",
    "02": "Telehealth, elsewhere",
    "10": "Telehealth, at home",
    "19": "Off-campus outpatient hospital",
    "20": "Urgent care",
    "21": "Inpatient hospital",
    "22": "On-campus outpatient hospital",
    "23": "Emergency room",
    "24": "Ambulatory surgery center",
    "31": "Skilled nursing facility",
    "32": "Nursing facility",
    "49": "Independent clinic",
    "50": "Federally qualified health center",
    "61": "Inpatient rehabilitation",
    "62": "Outpatient rehabilitation",
    "65": "Dialysis facility",
    "71": "Public health clinic",
    "72": "Rural health clinic",
    "81": "Independent laboratory",
    "99": "Other place",
}
