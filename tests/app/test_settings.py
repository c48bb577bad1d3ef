"""Settings from whatever an editor gives."""

from __future__ import annotations

import pytest

from sigma_ls.app.settings import Settings, settings_from


def test_nothing_given_is_the_default():
    assert settings_from({}) == (Settings(), ())


def test_every_key_is_read():
    settings, problems = settings_from(
        {
            "autoExecute": True,
            "stage": "prod",
            "sandbox": True,
            "pollInterval": 5,
            "endpointUrl": "http://127.0.0.1:4566",
            "gcpEndpointUrl": "https://gcp.example",
            "cfnLint": False,
            "trace": "verbose",
            "trusted": False,
            "interpreter": ["python3"],
        }
    )
    assert problems == ()
    assert settings == Settings(
        auto_execute=True,
        stage="prod",
        sandbox=True,
        poll_interval=5.0,
        endpoint_url="http://127.0.0.1:4566",
        gcp_endpoint_url="https://gcp.example",
        cfn_lint=False,
        trace="verbose",
        trusted=False,
    )


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"autoExecute": "yes"}, 'sigma.autoExecute must be true or false, not "yes"; false is used.'),
        ({"pollInterval": "3"}, 'sigma.pollInterval must be a number of seconds, not "3"; 3 is used.'),
        ({"pollInterval": True}, "sigma.pollInterval must be a number of seconds, not true; 3 is used."),
        ({"pollInterval": 0}, "sigma.pollInterval must be at least 0.1 seconds, not 0; 3 is used."),
        ({"pollInterval": float("nan")}, "sigma.pollInterval must be at least 0.1 seconds, not nan; 3 is used."),
        ({"stage": 5}, 'sigma.stage must be a text, not 5; "" is used.'),
        ({"trace": "all"}, 'sigma.trace must be one of off, messages, verbose, not "all"; "off" is used.'),
        (
            {"endpointUrl": "localhost:4566"},
            'sigma.endpointUrl must be empty or begin with http:// or https://, not be "localhost:4566"; "" is used.',
        ),
        ({"sandbox": {}}, "sigma.sandbox must be true or false, not an object; false is used."),
        ({"cfnLint": []}, "sigma.cfnLint must be true or false, not an array; true is used."),
    ],
)
def test_a_bad_value_is_named_and_changes_nothing(values, problem):
    assert settings_from({"stage": None, **values}) == (Settings(), (problem,))


def test_what_was_set_before_stays_where_nothing_new_is_given():
    before = Settings(stage="prod", sandbox=True)
    assert settings_from({"stage": None, "sandbox": "?"}, before)[0] == before
