"""A threshold file says everything that is wrong with it at once."""

from __future__ import annotations

import pytest

from geo.analysis.detection.thresholds import load_thresholds
from geo.errors import DataFileMissingError, InputError
from geo.settings import data_dir


def test_the_data_set_has_them_all():
    rules = load_thresholds()
    assert rules.reactivation.min_verified == 3
    assert rules.reactivation.min_reports == 5
    assert rules.clusters.alert_p < rules.clusters.warning_p < rules.clusters.watch_p
    assert rules.reactivation.alert_p + rules.clusters.alert_p <= 0.01


def test_all_problems_at_once(tmp_path):
    text = (data_dir() / "risk.toml").read_text(encoding="utf-8")
    file = tmp_path / "risk.toml"
    file.write_text(
        text.replace("watch_p = 0.2", "wach_p = 0.2", 1).replace("alpha = 0.05", "alpha = -1"), encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        load_thresholds(file)
    assert len(caught.value.problems) == 3


def test_missing_file_and_bad_toml(tmp_path):
    with pytest.raises(DataFileMissingError):
        load_thresholds(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("[", encoding="utf-8")
    with pytest.raises(InputError, match="not TOML"):
        load_thresholds(tmp_path / "bad.toml")


def test_weights_are_one_for_each(tmp_path):
    text = (data_dir() / "risk.toml").read_text(encoding="utf-8")
    file = tmp_path / "risk.toml"
    file.write_text(text.replace("window_weights = [0.05, ", "window_weights = ["), encoding="utf-8")
    with pytest.raises(InputError, match="window_weights"):
        load_thresholds(file)
