"""Action logs, delivery plans, decisions, estates and demand risks: one module per kind.

The order is that of the search: a sheet belongs to the first kind that takes it.
"""

from xlgov.tracker.actions import ACTIONS
from xlgov.tracker.agenda import AGENDA
from xlgov.tracker.decisions import DECISIONS
from xlgov.tracker.delivery import DELIVERY
from xlgov.tracker.demand import DEMAND
from xlgov.tracker.estates import ESTATES
from xlgov.tracker.forward import FORWARD
from xlgov.tracker.kind import Tracker

TRACKERS: tuple[Tracker, ...] = (DELIVERY, ACTIONS, DECISIONS, FORWARD, AGENDA, ESTATES, DEMAND)
