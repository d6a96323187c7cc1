"""Delivers what waits to a webhook, in a process that a test kills: `python deliver_worker.py STORE URL TIME`."""

import datetime
import sys

from transforms.alert.channels.channel import WebhookSettings
from transforms.alert.deliver import Deliverer, clock_from

if __name__ == "__main__":
    store_url, hook_url, now = sys.argv[1:]
    deliverer = Deliverer(store_url, [WebhookSettings(name="hook", url=hook_url)], "run")
    deliverer.start(clock_from(datetime.datetime.fromisoformat(now)), 10)
    deliverer.wait(60)
