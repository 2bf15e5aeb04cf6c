"""What the model is not for and leaves out, in a panel's words: from README.md and model/ODD.md, which say more."""

NOT_FOR = (
    "It is no forecast of how much crime there will be: only differences between alternatives mean anything.",
    "It does not score, rank or pick out a named person: the people in it are made up from census tables.",
    "It is no evidence that a scheme works: what a scheme does is put in, from studies or from judgement, with its "
    "doubt.",
    "It should not decide on its own: the ranges cover chance and the uncertain numbers, not what the model leaves out "
    "or has wrong.",
)

LEFT_OUT = (
    "Courts, wards and other services turn nobody away: their caseloads are counted, and never full.",
    "People do not choose, learn or respond to what police and courts do: their chances change with their lives.",
    "What programmes do outside crime and the demand that it brings, such as schooling, work or health over a life, is "
    "not valued.",
    "What a court case costs may hold part of the sentence, which is told apart: if so, that part is told twice. A "
    "child in custody is priced as an adult is, which is too low. Cases of public order, weapons and harassment have "
    "no price of their own: they are priced as an adult's average case in court.",
    "Costs of crime to victims and the economy are the Home Office's latest as others copied them, and their split by "
    "component is mostly from memory of the edition before.",
    "Costs and benefits after the last year of the plan are left out, those of childhood programmes among them.",
    "Hours that the force is spared are capacity. They are cash only where a post goes.",
    "Effects are not corrected for optimism: their doubt is drawn, and some of it is that they may harm.",
    "A plan that takes money away is an extrapolation: what the money already does is in the figures that the model is "
    "fitted to, and nobody has watched it end.",
)
