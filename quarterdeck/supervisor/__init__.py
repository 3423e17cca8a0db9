"""Several processes under one: started with their own secrets only, restarted when they die, ended together."""

from quarterdeck.supervisor.crew import Crew
from quarterdeck.supervisor.redis import EmbeddedRedis, MissingRedis
from quarterdeck.supervisor.stream import Stream
from quarterdeck.supervisor.supervisor import GivenUp, Supervisor

__all__ = ["Crew", "EmbeddedRedis", "GivenUp", "MissingRedis", "Stream", "Supervisor"]
