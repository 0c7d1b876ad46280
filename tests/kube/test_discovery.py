"""Discovery under many threads, as a diff of many objects uses it: one look at the cluster, and everybody sees all of it."""

import pathlib
import threading
from typing import Any

from flux_cli.core.api import Resource
from flux_cli.kube.discovery import Discovery

CRON_JOBS = Resource("batch", "v1", "cronjobs", "CronJob")
BATCH = {
    "metadata": {"name": "batch"},
    "versions": [{"version": "v1", "resources": [
        {"resource": "cronjobs", "responseKind": {"kind": "CronJob"}, "scope": "Namespaced", "singularResource": "cronjob"},
    ]}],
}  # fmt: skip


def test_many_threads_ask_once_and_see_the_same(tmp_path: pathlib.Path) -> None:
    threads, asked, seen = 8, [], []
    begun = threading.Event()

    def fetch(path: str, _accept: str) -> Any:
        asked.append(path)
        begun.wait(0.2)  # never set: the others have all this time to look, too
        return {"kind": "APIGroupDiscoveryList", "items": [BATCH] if path == "/apis" else []}

    discovery = Discovery(fetch, str(tmp_path / "kept.json"))
    workers = [threading.Thread(target=lambda: seen.append(discovery.resolve("batch/v1", "CronJob"))) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert seen == [CRON_JOBS] * threads
    assert sorted(asked) == ["/api", "/apis"]
