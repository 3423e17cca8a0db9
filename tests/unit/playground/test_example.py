"""The worked example hangs together."""

from __future__ import annotations

from playground import example


def test_what_runs_in_the_example_exists_and_talks():
    pods = [
        obj["spec"]["template"]["spec"]
        for obj in example.manifests("prod", small=False)
        if "template" in obj.get("spec", {})
    ]
    images = [one["image"] for pod in pods for one in pod["containers"]]
    assert len(images) >= 4
    for repository, tag in (image.rsplit(":", 1) for image in images):
        assert tag in example.VERSIONS[repository]
        assert len(example.SAYING[repository]) > 2, "logs of one line more show nothing new"
