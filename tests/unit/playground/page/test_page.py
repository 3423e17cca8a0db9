"""The page's server: what it answers to which address."""

import requests

from playground.page import Page
from playground.workspace import Workspace


def test_by_another_name_it_leads_to_the_address_that_its_socket_takes() -> None:
    with Workspace() as workspace:
        workspace.install_all(["/deploy"])
        dana = workspace.add_user("dana")
        workspace.add_channel("deploys", [dana])
        with Page(workspace) as page:
            answer = requests.get(
                f"{page.url}?as=dana", headers={"Host": "localhost"}, allow_redirects=False, timeout=5
            )
            assert (answer.status_code, answer.headers["Location"]) == (302, f"{page.url}?as=dana")
            assert requests.get(page.url, timeout=5).status_code == 200
