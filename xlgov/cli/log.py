"""The command that asks logs of runs: who changed what, and when."""

from __future__ import annotations

import argparse
import json
import sys


def log(options: argparse.Namespace) -> int:
    from xlgov.journal.answer import answer_document, answer_lines
    from xlgov.journal.query import Question, read_question, split_arguments
    from xlgov.journal.reading import read_log

    paths, words = split_arguments(options.words)
    asked = Question(
        options.record,
        options.measure,
        options.assessment,
        options.since,
        options.until,
        options.file,
        options.by_hand,
    )
    question = read_question(words, asked)
    found = read_log(paths)
    if options.json:
        print(json.dumps(answer_document(found, question), ensure_ascii=False, indent=2))
        return 0
    for line in found.problems:
        print(f"xlgov: {line}", file=sys.stderr)
    for line in answer_lines(found, question):
        print(line)
    return 0
