"""The commands about one workbook's records and settings: read, init."""

from __future__ import annotations

import argparse
import json
import sys

from xlgov.cli.codes import NOTHING_RECOGNISED
from xlgov.cli.places import find_file, plan_copy


def read(options: argparse.Namespace) -> int:
    from xlgov.operations import read_rows

    path = find_file(options.file)
    tables = read_rows(path)
    if not tables:
        print(f"{path.name}: no register recognised.", file=sys.stderr)
        return NOTHING_RECOGNISED
    from xlgov.report.documents import tables_document
    from xlgov.report.tables import print_tables, write_csv

    if options.csv:
        for written in write_csv(tables, options.csv, path.stem):
            print(written)
    elif options.json:
        print(json.dumps(tables_document(tables), ensure_ascii=False, indent=2))
    else:
        print_tables(tables)
    return 0


def init(options: argparse.Namespace) -> int:
    from xlgov import operations

    path = find_file(options.file)
    target = plan_copy(options.out, path)
    operations.init(path, target)
    print(f"{target or path}: sheet 'xlgov' added; edit it in Excel, then refresh")
    return 0
