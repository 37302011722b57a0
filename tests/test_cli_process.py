"""What is promised, and in which hours, on the command line: shown as a file, tried out, saved as a new version."""

import json
from pathlib import Path

import pytest
from sqlmodel import col, select

from chatserver.models import AuditEntry, CalendarVersion, PolicyVersion
from chatserver.process.sla import DEFAULT_POLICY, policy_to_json
from tests.test_cli import Cli, read, runner


@pytest.fixture
def cli(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    monkeypatch.setenv("CHATSERVER_DATABASE_URL", database_url)
    return runner(monkeypatch, capsys)


def show(cli: Cli, *command: str) -> dict[str, object]:
    code, printed, said = cli(*command)
    assert code == 0, said
    shape: dict[str, object] = json.loads(printed)
    return shape


def test_the_policy_is_shown_as_a_file_that_can_be_saved(cli: Cli, tmp_path: Path) -> None:
    assert show(cli, "policy", "show") == policy_to_json(DEFAULT_POLICY)
    assert "to be confirmed by the owner" in cli("policy", "show")[2]
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(show(cli, "policy", "show")))
    for _ in range(2):  # the same again is nothing new
        assert cli("policy", "set", str(file))[:2] == (0, "Version 2 counts from now on.\n")
    assert "to be confirmed" not in cli("policy", "show")[2]
    (entry,) = read(select(AuditEntry))
    assert (entry.actor, entry.action, entry.entity) == ("system:command-line", "confirm_policy", "policy:2")


def test_a_policy_is_tried_out_and_nothing_is_saved(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(policy_to_json(DEFAULT_POLICY)))
    code, printed, _ = cli("policy", "set", str(file), "--try")
    assert code == 0
    assert "nothing is saved" in printed
    assert [line.split()[0] for line in printed.splitlines()[2:]] == ["S1", "S2", "S3", "S4"]
    assert len(read(select(PolicyVersion))) == 1


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"budgets": {"S1": {}}}', "\x00"])
def test_what_is_no_policy_is_refused_with_the_reason(cli: Cli, tmp_path: Path, text: str) -> None:
    file = tmp_path / "policy.json"
    file.write_text(text)
    code, _, said = cli("policy", "set", str(file))
    assert code == 1
    assert "policy.json" in said
    assert len(read(select(PolicyVersion))) == 1


def test_a_calendar_is_shown_changed_and_listed(cli: Cli, tmp_path: Path) -> None:
    hours = show(cli, "calendar", "show")
    file = tmp_path / "hours.json"
    file.write_text(json.dumps(hours | {"closures": ["2026-12-24"]}))
    code, printed, _ = cli("calendar", "set", "help-desk", str(file), "--try")
    assert (code, "nothing is saved" in printed) == (0, True)
    assert cli("calendar", "set", "help-desk", str(file))[:2] == (0, "Version 2 counts from now on.\n")
    assert show(cli, "calendar", "show")["closures"] == ["2026-12-24"]
    versions = read(select(CalendarVersion).order_by(col(CalendarVersion.version)))
    assert [row.definition.get("closures", []) for row in versions] == [[], ["2026-12-24"]]
    assert "help-desk" in cli("calendar", "list")[1]


def test_a_calendar_that_is_not_there_is_said_so(cli: Cli) -> None:
    code, _, said = cli("calendar", "show", "nowhere")
    assert (code, "There is no calendar nowhere" in said) == (1, True)
