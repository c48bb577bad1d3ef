"""The live table on a terminal: what stays on the screen."""

from attrs import evolve

from sigma_ls.cli.live import live_view
from tests.cli.samples import at, deployment, staged
from tests.cli.shell import Terminal


def view(tmp_path):
    out, err = Terminal(), Terminal()
    return live_view(out, err, tmp_path, lambda: at(9)), out


def stays(out):
    """What was written since the drawn table was last erased (by `ESC [2K`, line by line)."""
    return out.getvalue().rpartition("\x1b[2K")[2]


def test_a_plan_stays_on_the_screen_once_however_many_questions_there_are(tmp_path):
    live, out = view(tmp_path)
    live.show(deployment())
    live.show(staged())
    live.hold()
    assert "images" in stays(out)
    live.resume()
    live.hold()
    assert "images" not in stays(out)
    live.close()


def test_the_end_stays_with_its_result(tmp_path):
    live, out = view(tmp_path)
    live.show(staged())
    live.finish(evolve(staged(), phase="completed", outcome="succeeded", ended_at=at(5), message="Done."))
    live.close()
    *_, last = out.getvalue().splitlines()
    assert last == "thumbnailer (dev): succeeded in 5.0 s. Done."


def test_what_is_told_stands_above_the_table(tmp_path):
    live, out = view(tmp_path)
    live.show(staged())
    live.tell("Stopping: rolling back.")
    live.close()
    assert "Stopping: rolling back." in out.getvalue()
