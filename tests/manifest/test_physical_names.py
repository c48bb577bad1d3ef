"""Names of what is made, by the rules of each service."""

import pytest

from sigma_ls.manifest import check_text
from tests.support.check import SHELL, check_part


def found(kind, name, more=""):
    text = (
        f"{SHELL}resources:\n  it: {{type: {kind}, name: '{name}'{more}}}\noutputs: {{A: {{value: '${{it.name}}'}}}}\n"
    )
    return [(each.code, each.fix and each.fix.edits[0].text) for each in check_text(text)]


@pytest.mark.parametrize(
    ("kind", "name", "more"),
    [
        ("bucket", "my-images.example", ""),
        ("table", "Orders_1.a", ", partitionKey: id"),
        ("queue", "jobs", ""),
        ("queue", "jobs.fifo", ", fifo: true"),
        ("topic", "news.fifo", ", fifo: true"),
        ("stream", "clicks.1", ""),
        ("eventBus", "shop/orders", ""),
        ("logGroup", "/shop/#1", ""),
        ("userPool", "Our users", ""),
        ("secret", "prod/db+1", ""),
        ("cache", "sessions-1", ""),
        ("database", "orders", ""),
        ("queue", "a" * 80, ""),
    ],
)
def test_names_that_are_taken(kind, name, more):
    assert found(kind, name, more) == []


@pytest.mark.parametrize(
    ("kind", "name", "more", "fix"),
    [
        ("bucket", "My-Images", "", "'my-images'"),
        ("bucket", "my_images", "", "'my-images'"),
        ("bucket", "ab", "", None),
        ("bucket", "a" * 64, "", None),
        ("bucket", "192.168.0.1", "", "'192-168-0-1'"),
        ("bucket", "my..images", "", "'my-images'"),
        ("bucket", "xn--images", "", None),
        ("bucket", "images--x-s3", "", None),
        ("table", "my orders", ", partitionKey: id", "'my-orders'"),
        ("queue", "a" * 81, "", None),
        ("queue", "jobs", ", fifo: true", "'jobs.fifo'"),
        ("queue", "jobs.fifo", "", None),
        ("topic", "news!", "", None),
        ("stream", "clicks/1", "", None),
        ("eventBus", "default", "", None),
        ("logGroup", "aws/x", "", None),
        ("secret", "prod db", "", "'prod-db'"),
        ("cache", "sessions-", "", None),
        ("database", "1orders", "", None),
    ],
)
def test_names_that_are_refused(kind, name, more, fix):
    assert found(kind, name, more) == [("SIG209", fix)]


def test_the_name_is_marked():
    check_part(
        """\
resources:
  images: {type: bucket, name: My_Images, keep: true}
#                              ^^^^^^^^^ error SIG209: 'My_Images' is no name for a bucket on AWS: it takes lower-case
outputs: {A: {value: "${images.name}"}}
"""
    )
