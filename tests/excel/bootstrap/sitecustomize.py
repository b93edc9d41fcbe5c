"""Python starts with a workbook open in the stand-in for Excel, as it does when a macro calls it.

Python imports a module of this name before anything else that it was told to run. What it needs to
know is in the environment (runpython_replay.py); without that it does nothing.
"""

from __future__ import annotations

import os

if os.environ.get("REPLAY_WORKBOOK"):
    import runpython_replay

    runpython_replay.open_workbook_for_macro()
