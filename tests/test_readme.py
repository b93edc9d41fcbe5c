"""Every command and every line of Python in the README is run, and prints what the README shows."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest

from xlgov.cli import main
from xlgov.kinds import KINDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def unsigned(text: str) -> str:
    """What a log says, without the minute and the person: those are this run's own."""
    return re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d, [^:]+:", "WHEN, WHO:", text, flags=re.MULTILINE)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample workbooks in an empty folder, which is the current one."""
    shutil.copytree(ROOT / "workbooks", tmp_path / "workbooks")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_shown_prints_what_is_shown(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = "".join(blocks("text"))
    commands = re.findall(r"^> xlgov (.*)\n((?:(?!> ).*\n)*)", session, re.MULTILINE)
    assert len(commands) >= 4
    for command, shown in commands:
        code = main(shlex.split(command))
        printed = capsys.readouterr().out
        assert code in (0, 1), command
        if shown:
            assert unsigned(printed) == unsigned(shown), command
        else:
            read = "read as forms, 16 records", "read as monthly readings, 18 indicators"
            assert any(each in printed for each in read), command


def test_the_python_shown_runs(desk: Path) -> None:
    shown = blocks("python")
    assert shown
    for block in shown:
        exec(compile(block, "README.md", "exec"), {})
    assert (desk / "refreshed.xlsx").exists()


def test_the_settings_shown_are_accepted(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "workbooks" / "xlgov.toml").write_text(blocks("toml")[0], encoding="utf-8")
    settings = tomllib.loads(blocks("toml")[0])
    assert settings["risk"]["tolerance"] == 13
    del settings
    text = blocks("toml")[0].replace('"current.likelihood" = "F"\n', "")
    (desk / "workbooks" / "xlgov.toml").write_text(text, encoding="utf-8")
    main(["check", "workbooks/strategic-risk-register.xlsx"])
    printed = capsys.readouterr().out
    assert "Controls have not lowered the risk: SR3.3, SR3.5" not in printed
    assert "Accepted (1)" in printed


def test_the_settings_shown_for_a_dashboard_are_accepted(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "workbooks" / "xlgov.toml").write_text(blocks("toml")[1], encoding="utf-8")
    path = "workbooks/performance-dashboard.xlsx"
    assert main(["refresh", path, "--no-backup"]) == 0
    assert "better and worse marked" in capsys.readouterr().out


def test_both_set_up_commands_are_one_line_and_install_from_the_repository() -> None:
    first, second = (block.strip() for block in blocks("sh"))
    assert "\n" not in first and "xlgov refresh workbooks --out out" in first
    assert "\n" not in second and second.endswith(".venv/bin/pytest -q -n auto")


def test_every_finding_code_is_explained() -> None:
    explained = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", README))
    assert {code for kind in KINDS for code in kind.codes} <= explained


def test_every_command_and_option_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    usage = capsys.readouterr().out
    commands = re.findall(r"^    (\w+) ", usage, re.MULTILINE)
    assert {"refresh", "preview", "check", "read", "init"} <= set(commands)
    for command in commands:
        assert f"`xlgov {command}" in README
        with pytest.raises(SystemExit):
            main([command, "--help"])
        for option in re.findall(r"--[a-z-]+", capsys.readouterr().out):
            if option != "--help":
                assert option in README, f"{command} {option}"
