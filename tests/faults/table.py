"""Every fault that tests make, how often, and what it cost: the tests take their counts from here.

So does the table in docs/faults.md, which ``python -m tests.gates.written`` writes.
"""

from dataclasses import dataclass
from typing import Final

KILLS: Final = 50
"""SIGKILLs of each kind of work; each at a random moment at which it was at work."""
SERVER_KILLS: Final = 15
OF_A_WATCH: Final = 8
"""SIGKILLs of a watch while photos arrive, every few seconds."""
OF_THE_WHOLE_PROGRAM: Final = 5
"""SIGKILLs of ``photocull score`` with the built-in model, started anew each time."""
EXPORTS: Final = 25
"""Exports of each way that die at an act on a file, some of them several times, and again in their undo."""
ELSEWHERE: Final = 10
"""The same for moves to another drive, and for clean-ups."""
IN_A_LARGE_FILE: Final = 4
PARTS: Final = ("Killed", "No room", "No right", "Damaged", "Two at once")


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the table.

    Attributes:
        part: one of `PARTS`. what: the fault, and how the test makes it. times: how often in one run of all tests.
        outcome: what was lost, or is said. test: the test function, from the repository's root.
    """

    part: str
    what: str
    times: int
    outcome: str
    test: str


def faults() -> tuple[Fault, ...]:
    """All rows, by part."""
    from tests.catalog.test_kills import COPYING, MIGRATING
    from tests.catalog.test_restore import RESTORING
    from tests.faults.test_damage import SPOILT
    from tests.faults.test_permissions import FOLDERS_OF_STATE, OF_THE_CATALOGUE
    from tests.faults.test_two_at_once import STARTS

    killed, room, right, damaged, two = PARTS
    kills = "tests/faults/test_kills.py"
    export, full = "tests/picks/test_export_faults.py", "tests/faults/test_full_drive.py"
    rights, damage, both = (f"tests/faults/test_{name}.py" for name in ("permissions", "damage", "two_at_once"))
    same = "nothing; in the end all is as without a kill"
    return (
        Fault(killed, "`score` on forty photos, begun anew whenever it was done", KILLS, same,
              f"{kills}::test_scoring_goes_on_where_it_was_killed_and_ends_as_if_it_never_was"),
        Fault(killed, "the window, a key pressed every few milliseconds, sidecars on", KILLS,
              "no decision that the bar called saved; no half sidecar",
              f"{kills}::test_no_decision_is_lost_that_the_window_said_was_saved"),
        Fault(killed, "`score --write-xmp`, all photos decided anew before", KILLS, same,
              f"{kills}::test_sidecars_are_whole_after_each_kill_and_complete_after_the_next_run"),
        Fault(killed, "`export --copy`", KILLS, same, f"{kills}::test_an_export_ends_as_if_it_was_never_killed"),
        Fault(killed, "`export --move`", KILLS, same, f"{kills}::test_an_export_ends_as_if_it_was_never_killed"),
        Fault(killed, "`trash`", KILLS, same, f"{kills}::test_a_clean_up_ends_as_if_it_was_never_killed"),
        Fault(killed, "the whole program from its start, with its own model and sidecars", OF_THE_WHOLE_PROGRAM, same,
              f"{kills}::test_the_real_program_with_its_own_model_goes_on_after_kills"),
        Fault(killed, "the catalogue's writer: enters, scores and rates without end", KILLS, "nothing confirmed",
              "tests/catalog/test_faults.py::test_what_was_confirmed_survives_many_kills"),
        Fault(killed, "the same with the catalogue on a PostgreSQL server", SERVER_KILLS, "nothing confirmed",
              "tests/catalog/test_faults.py::test_what_was_confirmed_survives_many_kills"),
        Fault(killed, "a decision and its sidecar, one after the other without end", KILLS,
              "nothing confirmed; sidecars complete after the next run",
              "tests/pipeline/test_sidecar_kills.py"
              "::test_what_was_confirmed_is_in_the_catalogue_and_after_the_next_run_in_the_sidecar"),
        Fault(killed, "a rating policy on shoots with the photographer's marks among them", KILLS,
              "no mark of the photographer's; in the end all is as without a kill",
              "tests/watch/test_autorating_kills.py::test_rating_ends_the_same_after_many_kills"),
        Fault(killed, "`watch` with rating and sidecars, while 600 photos arrive", OF_A_WATCH,
              "nothing, and nothing done twice but the photos in hand",
              "tests/watch/test_kills.py::test_killed_again_and_again_nothing_is_lost_and_nothing_done_twice"),
        Fault(killed, "a migration of an older catalogue", len(MIGRATING), "nothing; the next start makes it",
              "tests/catalog/test_kills.py::test_a_migration_that_is_killed_is_made_by_the_next_start"),
        Fault(killed, "a backup of the catalogue", len(COPYING), "nothing; the backup before is there",
              "tests/catalog/test_kills.py::test_a_backup_that_is_killed_leaves_the_one_before"),
        Fault(killed, "a backup that is put back", len(RESTORING),
              "nothing; the old catalogue or the whole new one is there",
              "tests/catalog/test_restore.py::test_a_killed_restore_leaves_a_whole_catalogue"),
        Fault(killed, "exports that die at a random act on a file, up to six times each, and again in their undo",
              2 * EXPORTS, same, f"{export}::test_killed_at_any_moment_an_export_goes_on_and_can_be_undone"),
        Fault(killed, "moves to another drive, in the same way", ELSEWHERE, same,
              f"{export}::test_killed_at_any_moment_a_move_to_another_drive_goes_on"),
        Fault(killed, "clean-ups, in the same way", ELSEWHERE, same,
              f"{export}::test_killed_at_any_moment_a_clean_up_goes_on_and_all_comes_back"),
        Fault(killed, "while 40 MB are copied", IN_A_LARGE_FILE, same,
              f"{export}::test_a_kill_in_the_midst_of_a_large_file_leaves_no_half_file"),
        Fault(room, "for a new catalogue: none, then 20 kB", 2, "one line, exit code 2",
              f"{full}::test_no_room_for_a_catalogue_is_one_line_and_none_half_made_is_left"),
        Fault(room, "for the catalogue, while 72 photos are scored", 1,
              "one line, exit code 2; what was scored and decided stays, the next run goes on",
              f"{full}::test_a_drive_that_fills_while_photos_are_scored_keeps_what_was_scored_and_decided"),
        Fault(room, "for the catalogue under an open window", 1,
              "nothing: “not saved” is in sight until there is room, then it is saved by itself",
              "tests/ui/test_full_drive.py"
              "::test_what_is_not_saved_says_so_stays_in_sight_and_is_saved_when_there_is_room"),
        Fault(room, "for previews", 1, "previews, which are made again",
              f"{full}::test_without_room_for_previews_photos_are_scored_all_the_same"),
        Fault(room, "for sidecars", 1, "a line each, exit code 1; the next run writes them",
              f"{full}::test_without_room_for_sidecars_each_is_told_none_is_half_and_the_next_run_writes_them"),
        Fault(room, "for log and settings", 1, "log lines",
              f"{full}::test_without_room_for_log_and_settings_photos_are_scored"),
        Fault(room, "for an export, seen before it begins (copy, move)", 2, "one line, exit code 2; nothing is moved",
              f"{full}::test_an_export_to_a_drive_without_room_is_one_line_and_moves_nothing"),
        Fault(room, "for an export, in the midst of it", 1, "one line; it goes on when there is room, or is undone",
              f"{export}::test_a_full_disk_stops_in_a_sentence_and_goes_on_when_there_is_room"),
        Fault(right, "to write or read the catalogue or its folder", len(OF_THE_CATALOGUE), "one line, exit code 2",
              f"{rights}::test_a_catalogue_that_may_not_be_written_or_read_is_one_line"),
        Fault(right, "to write beside the photos", 1, "a line for each of five, then how many more; exit code 1",
              f"{rights}::test_a_folder_of_photos_that_may_not_be_written_is_scored_and_its_sidecars_are_told"),
        Fault(right, "to read a photo", 1, "one line, exit code 1, until it may be read",
              f"{rights}::test_a_photo_that_may_not_be_read_is_one_line_until_it_may"),
        Fault(right, "to read a folder below", 1, "one line, exit code 1; what is known of its photos stays",
              f"{rights}::test_a_folder_below_that_may_not_be_read_is_one_line_and_its_photos_are_not_given_up"),
        Fault(right, "to write settings, previews or the log", len(FOLDERS_OF_STATE), "those alone",
              f"{rights}::test_where_settings_previews_or_the_log_may_not_be_written_photos_are_scored"),
        Fault(right, "to read the settings, to make the home", 2, "one line, exit code 2",
              f"{rights}::test_settings_that_may_not_be_read_and_a_home_that_may_not_be_made_are_one_line"),
        Fault(right, "to keep settings, under an open window", 1, "the settings; the bar says so",
              "tests/ui/test_app.py::test_settings_that_cannot_be_kept_end_nothing_early"),
        Fault(damaged, f"the catalogue: {', '.join(SPOILT)}", len(SPOILT),
              "one line from each command, exit code 2; the file stays as it was",
              f"{damage}::test_each_command_says_one_sentence_and_changes_nothing"),
        Fault(damaged, "each page of a catalogue in turn, by zeros", 1, "`catalog check` finds those that are in use",
              f"{damage}::test_a_damaged_page_that_is_seldom_read_is_found_by_the_check_and_told_in_one_line"),
        Fault(damaged, "the log (`-wal`) of a killed program, gone or random", 2,
              "what was in it since the last checkpoint; the catalogue is sound",
              f"{damage}::test_a_log_that_is_gone_or_random_leaves_a_sound_catalogue"),
        Fault(damaged, "an older log beside a backup that was put in the catalogue's place", 1,
              "one line that says what to move away; both files stay",
              "tests/catalog/test_header.py::test_a_backup_put_in_the_place_of_a_catalogue_is_not_spoilt_by_its_log"),
        Fault(two, "a second window with the same catalogue", 1, "one line, exit code 0; the first shows its folders",
              f"{both}::test_the_program_itself_says_it_in_one_line_and_ends_well"),
        Fault(two, f"{STARTS} windows started at once", 1, "one opens, with the folders of all",
              f"{both}::test_of_many_starts_at_once_one_opens_and_shows_all_folders"),
        Fault(two, "a window beside one that was killed", 1, "nothing",
              f"{both}::test_a_window_that_was_killed_is_in_nobodys_way"),
        Fault(two, "two `score` beside an open window", 1, "nothing; the window shows what they do",
              f"{both}::test_commands_score_beside_an_open_window"),
        Fault(two, "decisions in the window and in another program", 1, "nothing; the window shows both",
              "tests/ui/test_outsiders.py::test_decisions_of_both_are_kept_and_shown"),
        Fault(two, "another program writes for a second", 1, "nothing; a command waits",
              f"{both}::test_a_command_waits_for_another_program_that_writes"),
        Fault(two, "another program writes without end", 1, "after ten seconds one line, exit code 2",
              f"{both}::test_a_command_that_waited_ten_seconds_says_so_in_one_line"),
        Fault(two, "another program writes while a key is pressed in the window", 1,
              "nothing: “saving decisions” is in sight until it has ended",
              "tests/ui/test_outsiders.py"
              "::test_while_another_program_writes_a_decision_waits_in_sight_and_is_saved_then"),
    )  # fmt: skip
