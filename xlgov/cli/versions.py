"""The commands about two versions of a workbook: diff, mark, unmark."""

from __future__ import annotations

import argparse
import json
import sys

from xlgov.cli.codes import NOTHING_RECOGNISED
from xlgov.cli.places import find_file, plan_copy, plan_single
from xlgov.errors import UsageError


def diff(options: argparse.Namespace) -> int:
    from xlgov import versions

    old, new = find_file(options.old), find_file(options.new)
    target = plan_copy(options.out, new)
    if target is not None and any(target.resolve() == each.resolve() for each in (old, new)):
        raise UsageError(f"{target} is one of the two versions itself. Name another folder.")
    difference = versions.diff(old, new, out=target)
    if options.json:
        from xlgov.review.document import difference_document

        document = difference_document(difference, str(old), str(new))
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        from xlgov.review.telling import tell_findings, tell_lines, tell_paper

        for line in tell_paper(difference) if options.paper else tell_lines(difference):
            print(line)
        for line in tell_findings(difference):
            print(line, file=sys.stderr)
    if target is not None:
        print(f"{target}: sheet 'xlgov changes' added", file=sys.stderr)
    if difference.is_unrecognised:
        print(f"xlgov: no register recognised in {old.name} or {new.name}.", file=sys.stderr)
        return NOTHING_RECOGNISED
    return 0


def mark(options: argparse.Namespace) -> int:
    from xlgov import versions
    from xlgov.report.findings import finding_lines
    from xlgov.report.texts import count

    new, old = find_file(options.new), find_file(options.since)
    target = plan_single(options.out, new)
    if target is not None and target.exists() and target.samefile(old):
        raise UsageError(f"{target} is the old version itself. Name another folder.")
    difference, changes = versions.mark(
        new,
        old,
        target,
        backup=not options.no_backup,
        break_signature=options.break_signature,
    )
    if difference.is_unrecognised:
        print(f"xlgov: no register recognised in {new.name}.", file=sys.stderr)
        return NOTHING_RECOGNISED
    for line in finding_lines(changes):
        print(line, file=sys.stderr)
    records = count(len(difference.changes), "changed record")
    done = f"{records} since {old.name}, marked"
    if difference.is_empty:
        done = f"nothing changed since {old.name}"
    elif changes.is_empty:
        done += " already"
    print(f"{target or new}: {done}")
    return 0


def unmark(options: argparse.Namespace) -> int:
    from xlgov import versions
    from xlgov.report.findings import finding_lines
    from xlgov.report.texts import count

    path = find_file(options.file)
    target = plan_single(options.out, path)
    changes = versions.unmark(
        path,
        target,
        all_red=options.all_red,
        backup=not options.no_backup,
        break_signature=options.break_signature,
    )
    for line in finding_lines(changes):
        print(line, file=sys.stderr)
    done = "no marks to take off" if changes.is_empty else count(len(changes.cells), "cell")
    print(f"{target or path}: {done}{'' if changes.is_empty else ' as before the marks'}")
    return 0
