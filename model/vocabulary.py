"""The words that the scenario files, the rules, the results and the charts share.

Order matters: a name's place in its tuple is its index in every array, and the
compiled rules use the indices below by name.
"""

SEXES = ("female", "male")
FEMALE, MALE = 0, 1

# Exclusive groups of offences; antisocial behaviour is no crime and stays last.
OFFENCES = (
    "homicide",
    "violence_with_injury",
    "violence_without_injury",
    "stalking_harassment",
    "rape",
    "other_sexual",
    "robbery",
    "residential_burglary",
    "other_burglary",
    "theft_of_vehicle",
    "theft_from_vehicle",
    "shoplifting",
    "other_theft",
    "criminal_damage",
    "arson",
    "drugs",
    "weapons",
    "public_order",
    "fraud_computer_misuse",
    "other",
    "antisocial_behaviour",
)
ANTISOCIAL = len(OFFENCES) - 1
N_OFFENCES = len(OFFENCES)

# Offences that leave their victim at higher risk for a year: a definition, those whose repetition against one
# person or home is what "repeat victimisation" was found for (Farrell and Pease, Once Bitten, Twice Bitten, Home
# Office 1993: violence, burglary, vehicle crime, damage). Nuisance, small thefts and fraud are counted without.
MARKING = (
    "violence_with_injury",
    "violence_without_injury",
    "stalking_harassment",
    "rape",
    "other_sexual",
    "robbery",
    "residential_burglary",
    "theft_of_vehicle",
    "theft_from_vehicle",
    "criminal_damage",
    "arson",
)

# Types of crime in the published street files, as counted by neighbourhood.
STREET_TYPES = (
    "violence_sexual",
    "robbery",
    "burglary",
    "vehicle",
    "shoplifting",
    "other_theft",
    "theft_person",
    "bicycle_theft",
    "damage_arson",
    "drugs",
    "weapons",
    "public_order",
    "other_crime",
    "asb",
)

# Adverse childhood experiences: the nine that the surveys count, and neglect as a tenth.
ACES = (
    "sexual_abuse",
    "physical_abuse",
    "verbal_abuse",
    "domestic_violence",
    "parental_separation",
    "household_mental_illness",
    "household_alcohol",
    "household_drugs",
    "household_prison",
    "neglect",
)
COUNTED_ACES = 9
ACE_COUNTS = ("0", "1", "2", "3", "4 or more")

# Risk factors: bits of one integer. The first thirteen start and end by the rules of
# risk.py, the rest are set by what happens to the person.
RISK_FACTORS = (
    "conduct_problems",
    "school_absence",
    "excluded",
    "looked_after",
    "gang",
    "alcohol_misuse",
    "drug_misuse",
    "opiate_crack_use",
    "poor_mental_health",
    "not_working",
    "unstable_housing",
    "abused_by_partner",
    "abusive_to_partner",
    "recently_victimised",
    "convicted",
    "in_custody",
    "on_probation",
)
N_DYNAMIC_RISKS = 13

# What a victim is to the offender, and the kinds of weight by which victims are likelier or not.
RELATIONS = ("partner", "child", "known", "stranger", "business", "society")
PARTNER, CHILD, KNOWN, STRANGER, BUSINESS, SOCIETY = range(len(RELATIONS))
VICTIM_WEIGHTS = ("violent", "property", "theft", "fraud", "sexual", "rape", "former_partner")
VIOLENT, PROPERTY, THEFT, FRAUD, SEXUAL, RAPE, FORMER_PARTNER = range(len(VICTIM_WEIGHTS))

AGE_BANDS = ("0-9", "10-17", "18-24", "25-34", "35-49", "50-64", "65+")
AGE_BAND_FROM = (0, 10, 18, 25, 35, 50, 65)
QUINTILES = (1, 2, 3, 4, 5)  # 1 is the most deprived fifth of England

TIERS = ("primary", "secondary", "tertiary", "system")

# What each service counts is in results' long names: contacts unless the name says months or nights.
SERVICES = (
    "calls_999",
    "calls_101",
    "police_incidents",
    "missing_person_reports",
    "mental_health_incidents",
    "welfare_checks",
    "arrests",
    "court_cases",
    "prison_months",
    "probation_months",
    "ambulance_journeys",
    "emergency_department",
    "hospital_nights",
    "mental_health_months",
    "social_care_referrals",
    "looked_after_months",
    "homelessness_applications",
    "school_exclusions",
    "benefit_months",
    "victim_support",
)
ROLES = ("response", "investigation", "custody", "public_protection")
KINDS = ("crime", "non_crime")

COMPONENTS = (
    "physical_emotional_harm",
    "lost_output",
    "health_services",
    "victim_services",
    "property_stolen_damaged",
    "police",
    "cjs_other",
)


def age_band(age: int) -> int:
    """The index in AGE_BANDS of a person aged `age` whole years."""
    return sum(age >= first for first in AGE_BAND_FROM) - 1
