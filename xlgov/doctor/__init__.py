"""What of this machine would stop the button, in plain words, with the fix for each.

Why the machine is a value that is passed in: a locked-down PC cannot be had in a test, but it can
be described. Nothing is changed, and nothing is asked of the network.
"""

from xlgov.doctor.check import Check, checks_as_json, exit_code, print_checks
from xlgov.doctor.examine import examine_machine
from xlgov.doctor.machine import Machine, Ran, this_machine

__all__ = [
    "Check",
    "Machine",
    "Ran",
    "checks_as_json",
    "examine_machine",
    "exit_code",
    "print_checks",
    "this_machine",
]
