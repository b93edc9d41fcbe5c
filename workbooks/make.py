"""Makes the sample workbooks from the facts: ``python workbooks/make.py [--out DIR]``.

Why XlsxWriter: the samples must come from another writer than the one under test. Why the stale
ratings: the samples are as an office would have them, some ratings typed and then forgotten when
the scores changed, or multiplied. Likelihoods and impacts are as printed, but for one impact that
fell behind its categories; so the risks above tolerance are the printed ones. The dashboard carries
the contradictions of the published one, and no others.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from action_log import make_log, make_minutes
from delivery_plan import MAY, NOVEMBER, make_plan
from demand_risk import make_demand_risk
from finance_tables import make_finance
from kpi_dashboard import make_dashboard
from panel_papers import make_papers
from risk_facts import Stale, make_stale, read_risks
from risk_forms import make_forms
from risk_table import make_table

FORMS = "strategic-risk-register.xlsx"
TABLE = "strategic-risk-register-table.xlsx"
DASHBOARD = "performance-dashboard.xlsx"
ACTION_LOG = "action-log.xlsx"
MINUTES = "actions-from-minutes.xlsx"
PANEL_PAPERS = "panel-registers.xlsx"
DEMAND_RISK = "force-demand-risk.xlsx"
FINANCE = "finance-and-workforce.xlsx"
PLANS = {"delivery-plan-2017-11.xlsx": NOVEMBER, "delivery-plan-2018-05.xlsx": MAY}

STALE: dict[str, tuple[Stale, ...]] = {
    FORMS: (
        Stale("SR1.2", "current", "rating", 8, 9),  # read with likelihood and impact swapped
        Stale("SR2.2", "inherent", "rating", 8, 14),  # 2 x 4
        Stale("SR3.4", "future", "rating", 5, 3),  # kept when the likelihood went from 2 to 1
        Stale("SR4.2", "current", "rating", 6, 9),  # 2 x 3
        Stale("SR4.5", "inherent", "rating", 14, 18),  # kept when the likelihood went from 2 to 3
    ),
    TABLE: (
        Stale("SR2.1", "current", "rating", 4, 5),  # 2 x 2
        Stale("SR3.1", "inherent", "rating", 17, 18),  # read with likelihood and impact swapped
        Stale("SR3.4", "current", "impact", 2, 3),  # the political impact is 3
        Stale("SR3.4", "current", "rating", 5, 9),  # right for an impact of 2
        Stale("SR3.5", "future", "rating", 14, 9),  # copied from the current rating
        Stale("SR4.3", "current", "rating", 9, 6),  # kept when the likelihood went from 2 to 1
    ),
}


def make_workbooks(folder: Path) -> list[Path]:
    """Writes every sample workbook into a folder; the same bytes each time."""
    folder.mkdir(parents=True, exist_ok=True)
    risks = read_risks()
    make_forms(folder / FORMS, make_stale(risks, STALE[FORMS]))
    make_table(folder / TABLE, make_stale(risks, STALE[TABLE]))
    make_dashboard(folder / DASHBOARD)
    for name, report in PLANS.items():
        make_plan(folder / name, report)
    make_log(folder / ACTION_LOG)
    make_minutes(folder / MINUTES)
    make_papers(folder / PANEL_PAPERS)
    make_demand_risk(folder / DEMAND_RISK)
    make_finance(folder / FINANCE)
    return [
        folder / name
        for name in (
            FORMS,
            TABLE,
            DASHBOARD,
            *PLANS,
            ACTION_LOG,
            MINUTES,
            PANEL_PAPERS,
            DEMAND_RISK,
            FINANCE,
        )
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the sample workbooks from the facts.")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="folder (default: this one)"
    )
    for path in make_workbooks(parser.parse_args().out):
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
