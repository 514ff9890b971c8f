"""The folder that an evaluation is kept in."""

from pathlib import Path

import pytest

from promptlift.errors import Rejected
from promptlift.evaluation.journal import JOURNAL, Answer, Journal
from tests.clients.evaluation.made import failed, pair, plan
from tests.fakes import judged
from tests.pictures import plain


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    with Journal(tmp_path, plan()) as journal:
        journal.begin()
        journal.add(pair("a", 0.9, 0.2))
        journal.add_control(Answer(control="blank", of=3, judgement=judged(0.1)))

    with Journal(tmp_path, plan()) as again:
        assert again.records == {"a-0": pair("a", 0.9, 0.2)}
        assert again.controls == {("blank", 3): judged(0.1)}
        assert len(again.sessions) == 1


@pytest.mark.parametrize("torn", [1, 20])
def test_a_line_that_a_crash_tore_is_dropped_and_what_follows_stays_readable(tmp_path: Path, torn: int) -> None:
    with Journal(tmp_path, plan()) as journal:
        journal.add(pair("a", 0.9, 0.2))
        journal.add(pair("b", 0.9, 0.2))
    whole = (tmp_path / JOURNAL).read_bytes()
    (tmp_path / JOURNAL).write_bytes(whole[:-torn])

    with Journal(tmp_path, plan()) as again:
        assert set(again.records) == {"a-0"}
        again.add(pair("c", 0.9, 0.2))
    with Journal(tmp_path, plan()) as once_more:
        assert set(once_more.records) == {"a-0", "c-0"}


def test_a_journal_torn_in_its_first_line_begins_anew(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(b'{"version"')

    with Journal(tmp_path, plan()) as journal:
        journal.add(pair("a", 0.9, 0.2))
    with Journal(tmp_path, plan()) as again:
        assert set(again.records) == {"a-0"}


def test_the_last_record_of_a_trial_counts(tmp_path: Path) -> None:
    with Journal(tmp_path, plan()) as journal:
        journal.add(failed("a"))
        journal.add(pair("a", 0.9, 0.2, tries=2))

    with Journal(tmp_path, plan()) as again:
        assert again.records["a-0"].tries == 2


def test_another_plan_is_refused_with_what_differs(tmp_path: Path) -> None:
    with Journal(tmp_path, plan(seeds=4)):
        pass

    with (
        pytest.raises(Rejected, match="holds an evaluation with seeds 4, not 2; ask for the same"),
        Journal(tmp_path, plan(seeds=2)),
    ):
        pass


def test_two_processes_never_write_into_one_folder(tmp_path: Path) -> None:
    with (
        Journal(tmp_path, plan()),
        pytest.raises(Rejected, match="another process evaluates into"),
        Journal(tmp_path, plan()),
    ):
        pass


def test_a_line_that_means_nothing_is_named(tmp_path: Path) -> None:
    with Journal(tmp_path, plan()):
        pass
    with (tmp_path / JOURNAL).open("a") as file:
        file.write('{"trial": {}}\n')

    with pytest.raises(Rejected, match=r"journal.jsonl, line 2 is no entry of this version: trial.key: is required"):
        Journal(tmp_path, plan()).__enter__()


def test_a_picture_is_kept_as_it_came(tmp_path: Path) -> None:
    with Journal(tmp_path, plan()) as journal:
        name = journal.save("a-0-base", plain(format="WEBP"))

    assert name == "pictures/a-0-base.webp"
    assert (tmp_path / name).read_bytes() == plain(format="WEBP").data


def test_a_session_lasts_from_its_beginning_to_its_last_trial(tmp_path: Path) -> None:
    with Journal(tmp_path, plan()) as journal:
        journal.begin()
        [(began, _)] = journal.sessions
        journal.add(pair("a", 0.9, 0.2, finished_at=began + 5))

        assert journal.sessions == [(began, began + 5)]
