"""What is asked: areas, the catalogue of schemes, and scenario files read into the inputs of a run."""

from scenarios.faults import Fault, InputFaults
from scenarios.scenario import Scenario, load, shipped_scenarios

__all__ = ["Fault", "InputFaults", "Scenario", "load", "shipped_scenarios"]
