"""All named faults. Each invariant of the design has several: one for each clause."""

from __future__ import annotations

from tests.invariants import faults_of_change, faults_of_delivery, faults_of_people, faults_of_records
from tests.invariants.fault import Fault

INVARIANTS = range(1, 13)

_EVERY = (
    *faults_of_delivery.FAULTS,
    *faults_of_change.FAULTS,
    *faults_of_records.FAULTS,
    *faults_of_people.FAULTS,
)
FAULTS: dict[str, Fault] = {fault.name: fault for fault in sorted(_EVERY, key=lambda fault: fault.invariant)}
