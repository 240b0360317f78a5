"""A world that is put down and taken up again goes on with its jobs."""

import pickle
from datetime import timedelta

from sandbox.app import Application
from sandbox.clock import ManualClock
from sandbox.world import World
from tests.unit.sandbox.salesforce_bulk.conftest import INGEST, Bulk


def test_a_job_goes_on(bulk: Bulk) -> None:
    job = str(bulk.make(operation="insert", object="Lead")["id"])
    bulk.put(job, "LastName,Company\n" + "Yates,Fir\n" * 600)
    bulk.turn(job, "UploadComplete")
    bulk.org.wait(seconds=1.15)
    assert bulk.info(job)["numberRecordsProcessed"] == 200
    world = pickle.loads(pickle.dumps(bulk.org.world))
    assert isinstance(world, World)
    assert isinstance(world.clock, ManualClock)
    world.clock.advance(timedelta(minutes=1))
    taken_up = Application(world, bulk.org.app.faces)
    bulk.org.http._transport.app = taken_up  # type: ignore[attr-defined]
    assert bulk.info(job)["state"] == "JobComplete"
    assert len(bulk.results(job, "successfulResults")) == 600
    assert bulk.org.call("DELETE", f"{INGEST}/{job}").status_code == 204
