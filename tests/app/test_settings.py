from pathlib import Path

import pytest

from dangol.app.problem import ProblemError
from dangol.app.settings import Settings, as_environment, load_settings


def test_without_anything_set_the_defaults_hold(tmp_path):
    settings = load_settings({}, folder=tmp_path)

    assert settings == Settings()


def test_the_environment_outranks_the_file(tmp_path):
    (tmp_path / "dangol.toml").write_text('port = 9000\nhost = "192.0.2.1"\n')

    settings = load_settings({"DANGOL_PORT": "9001"}, folder=tmp_path)

    assert (settings.port, settings.host) == (9001, "192.0.2.1")


def test_settings_survive_the_way_through_the_environment(tmp_path):
    settings = Settings(port=9001, data_folder=Path("/srv/dangol"), flush_seconds=2.5)

    assert load_settings(as_environment(settings), folder=tmp_path) == settings


def test_what_depends_on_the_data_folder_follows_it():
    settings = Settings(data_folder=Path("/srv/dangol"))

    assert settings.lake_folder == "/srv/dangol/lake"
    assert settings.key_path == Path("/srv/dangol/dangol.key")


def test_the_public_address_is_the_base_url_without_a_slash():
    assert Settings(port=9001).public_url == "http://127.0.0.1:9001"
    assert Settings(base_url="https://shop.example/").public_url == "https://shop.example"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"DANGOL_PORT": "abc"}, ["port", "'abc'", "DANGOL_PORT"]),
        ({"DANGOL_PORT": "70000"}, ["port", "70000", "65535"]),
        ({"DANGOL_PROT": "9000"}, ["prot", "9000", "port"]),
        ({"DANGOL_LOG_LEVEL": "loud"}, ["log_level", "loud"]),
        ({"DANGOL_TICK_SECONDS": "0"}, ["tick_seconds", "0"]),
        ({"DANGOL_DATABASE_URL": "mysql://db"}, ["database_url", "postgresql://"]),
        ({"DANGOL_BASE_URL": "shop.example"}, ["base_url", "https://"]),
        ({"DANGOL_SMTP_URL": "http://mail"}, ["smtp_url", "smtp://"]),
        ({"DANGOL_DATABASE_URL": "postgresql://db:port/x"}, ["database_url"]),
    ],
)
def test_a_wrong_value_is_named_with_its_key_and_remedy(tmp_path, environment, words):
    with pytest.raises(ProblemError) as problem:
        load_settings(environment, folder=tmp_path)

    assert [word for word in words if word not in str(problem.value)] == []


def test_a_password_in_a_url_is_not_repeated(tmp_path):
    with pytest.raises(ProblemError) as problem:
        load_settings({"DANGOL_DATABASE_URL": "mysql://me:hunter2@db/x"}, folder=tmp_path)

    assert "hunter2" not in str(problem.value)


def test_variables_of_the_test_machine_are_not_settings(tmp_path):
    assert load_settings({"DANGOL_CI_MUST": "1"}, folder=tmp_path) == Settings()


def test_a_named_file_must_exist(tmp_path):
    with pytest.raises(ProblemError, match="does not exist"):
        load_settings({"DANGOL_CONFIG": str(tmp_path / "none.toml")}, folder=tmp_path)


def test_a_file_that_is_not_toml_is_named(tmp_path):
    (tmp_path / "dangol.toml").write_text("port: 9000\n")

    with pytest.raises(ProblemError, match=r"dangol\.toml is not valid TOML"):
        load_settings({}, folder=tmp_path)
