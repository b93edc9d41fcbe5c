"""Rules of indicators that several tests state, once as values."""

from datetime import date

from xlgov.settings import IndicatorRule, Settings

OUTCOME_RATE = IndicatorRule(
    combine="ratio",
    unit="percent",
    decimals=1,
    direction="up",
    target=25,
    baseline=20.5,
    lag=3,
    average_test="proportion",
    average_limit=0,
    benchmark_test="points",
    benchmark_limit=2.5,
    peer_test="relative",
    peer_limit=5,
    significant="xmr",
    rebase=(date(2016, 4, 1), date(2017, 4, 1)),
    screen=False,
    parts=("Violence with Injury", "Violence without Injury"),
    names=("Outcome rate, all crime",),
    source="Police recorded crime",
)
DASHBOARD = Settings(
    month=date(2018, 3, 1),
    year_start=4,
    force="Cambridgeshire",
    judgement="font",
    all_indicators=IndicatorRule(average_test="spread", average_limit=1, significant="outcome"),
    themes={"VICTIMS": IndicatorRule(direction="up", rebase=(date(2016, 4, 1),), screen=True)},
    indicators={
        "All Crime Outcome Rate": OUTCOME_RATE,
        "Hate Crime": IndicatorRule(direction="none", target=-0.25, decimals=0),
    },
    totals={"Juveniles": ("14 and under", "15-17"), "KSI": ("Fatal", "Serious")},
)
