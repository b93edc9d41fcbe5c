"""The commands for Excel: addin, button, doctor."""

from __future__ import annotations

import argparse
import json

from xlgov.cli.places import find_file


def addin(options: argparse.Namespace) -> int:
    from hashlib import sha256

    from xlgov.macros.addin import make_addin

    made = make_addin(options.out)
    print(f"{made}: the ribbon add-in, SHA-256 {sha256(made.read_bytes()).hexdigest()}")
    print("In Excel: File, Options, Add-ins, Manage Excel Add-ins, Go, Browse, and choose it.")
    return 0


def button(options: argparse.Namespace) -> int:
    from xlgov.macros.button import add_button

    print(add_button(find_file(options.file), options.out).message)
    return 0


def doctor(options: argparse.Namespace) -> int:
    from xlgov.doctor import checks_as_json, examine_machine, exit_code, print_checks

    file = options.file
    if file is not None and not file.casefold().startswith("http"):
        file = find_file(file)
    checks = examine_machine(file)
    if options.json:
        print(json.dumps(checks_as_json(checks), ensure_ascii=False, indent=2))
    else:
        print(print_checks(checks))
    return exit_code(checks)
