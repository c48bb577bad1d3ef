import pytest

from sigma_ls.sandbox.cloud import Endpoint, local_url

ENDPOINT = Endpoint("http://127.0.0.1:4566", "000000000000", "us-east-1", (3, 11), "000000000000", "sandbox")


@pytest.mark.parametrize(
    ("public", "local"),
    [
        ("https://ab12cd34.execute-api.eu-west-1.amazonaws.com", "/_api/ab12cd34/"),
        ("https://ab12cd34.execute-api.eu-west-1.amazonaws.com/", "/_api/ab12cd34/"),
        ("https://ab12cd34.execute-api.eu-west-1.amazonaws.com/images?all=1", "/_api/ab12cd34/images?all=1"),
        ("https://ab12cd34.execute-api.eu-west-1.amazonaws.com/prod/a%2Fb", "/_api/ab12cd34/prod/a%2Fb"),
        ("http://ab12cd34.execute-api.127.0.0.1:4566/images", "/_api/ab12cd34/images"),
        ("https://0a1b2c3d.lambda-url.eu-west-1.on.aws/x", "/_url/0a1b2c3d/x"),
    ],
)
def test_addresses_of_deployed_things_answer_on_this_machine(public, local):
    assert local_url(ENDPOINT, public) == f"http://127.0.0.1:4566{local}"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/execute-api.html",
        "http://127.0.0.1:4566/000000000000/failed",
        "s3://bucket/key",
        "arn:aws:sqs:eu-west-1:000000000000:failed",
        "",
        "see https://ab12cd34.execute-api.eu-west-1.amazonaws.com/images",
    ],
)
def test_other_text_stays_as_it_is(url):
    assert local_url(ENDPOINT, url) == url
